#include "egress/fleet/inventory.hpp"

#include <algorithm>
#include <map>

#include "egress/base/error.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

using mesh::Summary;

/// Lists of many kinds hold no kind in their items; it is put in, with whole objects only where needed.
struct Collection {
  kube::Resource resource;
  std::vector<Json> objects;
  bool readable = true;
};

bool needs_whole(const kube::Kind& kind) {
  return kind == kube::kinds::deployment || kind == kube::kinds::config_map;
}

/// Every kind's objects that a selector finds, page by page, all kinds together in each wave.
std::vector<Collection> collect(kube::Cluster& cluster, const kube::Served& served, const std::string& ns,
                                const std::string& labels) {
  std::vector<Collection> collections;
  std::vector<std::size_t> open;
  std::vector<kube::Selection> selections;
  for (const kube::Kind& kind : mesh::all_kinds())
    if (const auto resource = served.find(kind)) {
      open.push_back(collections.size());
      collections.push_back({*resource, {}});
      selections.push_back({.labels = labels, .metadata_only = !needs_whole(kind)});
    }
  while (!open.empty()) {
    std::vector<kube::Call> calls;
    for (const std::size_t at : open)
      calls.push_back(kube::list(collections[at].resource, ns, selections[at]));
    auto answers = cluster.send(calls);
    std::vector<std::size_t> more;
    for (std::size_t i = 0; i < open.size(); ++i) {
      Collection& collection = collections[open[i]];
      kube::Selection& selection = selections[open[i]];
      if (answers[i].status == 410 && !selection.from.empty()) {
        collection.objects.clear();
        selection.from.clear();
        selection.limit = 0;
        more.push_back(open[i]);
        continue;
      }
      if (answers[i].status == 403 && collection.resource.kind != kube::kinds::config_map) {
        collection.readable = false;
        continue;
      }
      Json page = answers[i].take();
      for (Json object : page["items"].items()) {
        object.set("kind", collection.resource.kind.name);
        collection.objects.push_back(std::move(object));
      }
      selection.from = page["metadata"]["continue"].as_string();
      if (!selection.from.empty()) more.push_back(open[i]);
    }
    open = std::move(more);
  }
  return collections;
}

kube::Served discover(kube::Cluster& cluster) {
  return kube::read_discovery(mesh::all_kinds(), cluster.send(kube::discovery(mesh::all_kinds())));
}

/// Gives the record's members the versions that the server serves.
void resolve_members(mesh::Record& record, const kube::Served& served) {
  for (mesh::Reference& member : record.members)
    if (auto resource = served.find(member.resource.kind)) member.resource = std::move(*resource);
}

std::vector<Summary> summarize_all(std::vector<Collection> collections, const kube::Served& served) {
  std::map<std::string, std::vector<Json>> by_record;
  std::vector<mesh::Record> records;
  mesh::Unreadable unreadable;
  for (Collection& collection : collections) {
    if (!collection.readable) unreadable.push_back(collection.resource.kind);
    for (Json& object : collection.objects) {
      const Json& labels = object["metadata"]["labels"];
      if (collection.resource.kind == kube::kinds::config_map && mesh::is_record(object))
        records.push_back(mesh::read_record(object));
      else
        by_record[labels[kube::applyset::part_of_label].as_string()].push_back(std::move(object));
    }
  }
  std::vector<Summary> summaries;
  for (mesh::Record& record : records) {
    resolve_members(record, served);
    const std::string id = mesh::record_id(record.egress.name, record.egress.ns);
    summaries.push_back(mesh::summarize(std::move(record), by_record[id], unreadable));
  }
  std::ranges::sort(summaries, {}, [](const Summary& one) {
    return std::pair(one.record.egress.ns, one.record.egress.name);
  });
  return summaries;
}

}  // namespace

std::vector<Summary> list_gateways(kube::Cluster& cluster, const std::string& ns) {
  const kube::Served served = discover(cluster);
  return summarize_all(collect(cluster, served, ns, mesh::object_selector()), served);
}

std::optional<Summary> find_gateway(kube::Cluster& cluster, const std::string& name, const std::string& ns) {
  Records found = read_records(cluster, {name}, ns);
  if (!found.records.front()) return std::nullopt;
  const std::string labels = std::string(kube::applyset::part_of_label) + "=" + mesh::record_id(name, ns);
  std::vector<Json> live;
  mesh::Unreadable unreadable;
  for (Collection& collection : collect(cluster, found.served, ns, labels)) {
    if (!collection.readable) unreadable.push_back(collection.resource.kind);
    std::ranges::move(collection.objects, std::back_inserter(live));
  }
  mesh::Record record = std::move(*found.records.front());
  resolve_members(record, found.served);
  return mesh::summarize(std::move(record), live, unreadable);
}

Records read_records(kube::Cluster& cluster, const std::vector<std::string>& names, const std::string& ns) {
  std::vector<kube::Call> wave;
  for (const std::string& name : names)
    wave.push_back(kube::get({kube::kinds::config_map}, ns, mesh::object_name(name)));
  for (kube::Call& call : kube::discovery(mesh::all_kinds())) wave.push_back(std::move(call));
  const auto answers = cluster.send(wave);

  Records found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (answers[i].not_found())
      found.records.emplace_back();
    else
      found.records.emplace_back(mesh::read_record(answers[i].value()));
  }
  found.served = kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(names.size()));
  return found;
}

Error not_found(const std::string& name, const std::string& ns) {
  return Error("egressgateway \"" + name + "\" not found in namespace \"" + ns + "\"",
               "See what there is: kubectl egress list -A");
}

}  // namespace egress::fleet
