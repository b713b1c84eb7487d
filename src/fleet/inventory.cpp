#include "egress/fleet/inventory.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "egress/base/text.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

/// What a selector finds, of every kind that a gateway is made of.
struct Found {
  std::vector<Json> objects;
  mesh::Unreadable unreadable;
};

/// Of all other kinds it is enough to know that they are there.
bool needs_whole(const kube::Kind& kind) {
  return kind == kube::kinds::deployment || kind == kube::kinds::config_map;
}

/// What may stand beside the ingress gateway, in another namespace than the gateway's.
constexpr std::array kinds_elsewhere{kube::kinds::secret, mesh::kinds::gateway};

/// Lists the collections into `found`; kinds that this user may not list are noted.
void find_objects(kube::Cluster& cluster, const std::vector<kube::Listing>& listings, Found& found) {
  auto listed = kube::list_all(cluster, listings);
  for (std::size_t i = 0; i < listings.size(); ++i) {
    const kube::Kind& kind = listings[i].resource.kind;
    // Without the records there is nothing to show; any other kind may be hidden from this user.
    const bool hidden =
        listed[i].error && listed[i].error->status() == 403 && kind != kube::kinds::config_map;
    if (hidden)
      found.unreadable.push_back({kind, listings[i].ns});
    else if (listed[i].error)
      throw kube::ApiError(*listed[i].error);
    std::ranges::move(listed[i].objects, std::back_inserter(found.objects));
  }
}

std::vector<kube::Listing> listings(std::span<const kube::Kind> kinds, const kube::Served& served,
                                    const std::string& ns, const std::string& labels) {
  std::vector<kube::Listing> made;
  for (const kube::Kind& kind : kinds)
    if (const auto resource = served.find(kind))
      made.push_back({*resource, ns, {.labels = labels, .metadata_only = !needs_whole(kind)}});
  return made;
}

/// The objects that the records name in other namespaces than the one that was looked through.
void find_elsewhere(kube::Cluster& cluster, const std::vector<mesh::Record>& records, const std::string& ns,
                    const kube::Served& served, const std::string& labels, Found& found) {
  if (ns.empty()) return;
  std::set<std::string> elsewhere;
  for (const mesh::Record& record : records)
    for (const mesh::Reference& member : record.members)
      if (member.ns != ns) elsewhere.insert(member.ns);
  std::vector<kube::Listing> more;
  for (const std::string& other : elsewhere)
    std::ranges::move(listings(kinds_elsewhere, served, other, labels), std::back_inserter(more));
  if (!more.empty()) find_objects(cluster, more, found);
}

/// Gives the record's members the versions that the server serves.
void resolve_members(mesh::Record& record, const kube::Served& served) {
  for (mesh::Reference& member : record.members)
    if (auto resource = served.find(member.resource.kind)) member.resource = std::move(*resource);
}

bool is_record(const Json& object) {
  return object["kind"].as_string() == kube::kinds::config_map.name && mesh::is_record(object);
}

}  // namespace

Inventory list_gateways(kube::Cluster& cluster, const std::string& ns) {
  const kube::Served served =
      kube::read_discovery(mesh::all_kinds(), cluster.send(kube::discovery(mesh::all_kinds())));
  Found found;
  find_objects(cluster, listings(mesh::all_kinds(), served, ns, mesh::object_selector()), found);
  Inventory inventory;
  std::vector<mesh::Record> records;
  for (const Json& object : found.objects) {
    if (!is_record(object)) continue;
    try {
      records.push_back(mesh::read_record(object));
      resolve_members(records.back(), served);
    } catch (const Error& error) {
      inventory.unreadable.emplace_back(error.what());
    }
  }
  find_elsewhere(cluster, records, ns, served, mesh::object_selector(), found);

  std::map<std::string, std::vector<Json>> members;
  for (Json& object : found.objects)
    members[object["metadata"]["labels"][kube::applyset::part_of_label].as_string()].push_back(
        std::move(object));
  for (mesh::Record& record : records) {
    const std::string id = mesh::record_id(record.egress.name, record.egress.ns);
    inventory.gateways.push_back(mesh::summarize(std::move(record), members[id], found.unreadable));
  }
  std::ranges::sort(inventory.gateways, {}, [](const mesh::Summary& one) {
    return std::pair(one.record.egress.ns, one.record.egress.name);
  });
  return inventory;
}

std::optional<mesh::Summary> find_gateway(kube::Cluster& cluster, const std::string& name,
                                          const std::string& ns) {
  auto record = std::move(read_records(cluster, {name}, ns).front());
  if (!record) return std::nullopt;
  kube::Served served;
  for (const mesh::Reference& member : record->members)
    if (!member.resource.version.empty() && !served.find(member.resource.kind)) served.add(member.resource);
  const std::string labels = std::string(kube::applyset::part_of_label) + "=" + mesh::record_id(name, ns);
  // Of other kinds it has no objects; one wave goes to its own namespace and beside the ingress gateway.
  std::vector<kube::Listing> wave = listings(mesh::all_kinds(), served, ns, labels);
  if (record->egress.ingress && record->egress.ingress->ns != ns)
    std::ranges::move(listings(kinds_elsewhere, served, record->egress.ingress->ns, labels),
                      std::back_inserter(wave));
  Found found;
  find_objects(cluster, wave, found);
  return mesh::summarize(std::move(*record), found.objects, found.unreadable);
}

std::vector<std::optional<mesh::Record>> read_records(kube::Cluster& cluster,
                                                      const std::vector<std::string>& names,
                                                      const std::string& ns) {
  for (const std::string& name : names)
    if (!mesh::is_label(name)) throw Error("\"" + printable(name, 100) + "\" is not the name of a gateway");
  std::vector<kube::Call> wave;
  for (const std::string& name : names)
    wave.push_back(kube::get({kube::kinds::config_map}, ns, mesh::object_name(name)));
  for (kube::Call& call : kube::discovery(mesh::all_kinds())) wave.push_back(std::move(call));
  const auto answers = cluster.send(wave);
  const kube::Served served =
      kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(names.size()));

  std::vector<std::optional<mesh::Record>> records(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (answers[i].not_found()) continue;
    records[i] = mesh::read_record(answers[i].value());
    resolve_members(*records[i], served);
  }
  return records;
}

Error not_found(const std::string& name, const std::string& ns) {
  return Error("egressgateway \"" + name + "\" not found in namespace \"" + ns + "\"",
               "See what there is: kubectl egress list -A");
}

}  // namespace egress::fleet
