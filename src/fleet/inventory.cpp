#include "egress/fleet/inventory.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "egress/base/text.hpp"
#include "egress/fleet/member_listings.hpp"
#include "egress/fleet/roll.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

namespace {

void take_record(Records& records, const Json& config_map, const kube::Served& served,
                 const std::function<bool(const mesh::Record&)>& is_wanted) {
  try {
    mesh::Record record = mesh::read_record(config_map);
    if (is_wanted && !is_wanted(record)) return;
    resolve_members(record, served);
    records.found.push_back(std::move(record));
  } catch (const Error& error) {
    const Json& metadata = config_map["metadata"];
    records.unreadable.push_back(
        {metadata["namespace"].as_string(), metadata["name"].as_string(), metadata["labels"], error.what()});
  }
}

}  // namespace

Inventory list_gateways(kube::Cluster& cluster, const std::string& ns) {
  Roll roll(cluster, ns, kube::Selection{}.limit);
  Inventory inventory;
  for (auto found = roll.next(); !found.empty(); found = roll.next())
    std::ranges::move(found, std::back_inserter(inventory.gateways));
  inventory.unreadable = roll.unreadable();
  std::ranges::sort(inventory.gateways, {}, [](const mesh::Summary& one) {
    return std::pair(one.record.egress.ns, one.record.egress.name);
  });
  return inventory;
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

Records records_in(kube::Cluster& cluster, const std::set<std::string>& namespaces,
                   const std::function<bool(const mesh::Record&)>& is_wanted) {
  const kube::Served served =
      kube::read_discovery(mesh::all_kinds(), cluster.send(kube::discovery(mesh::all_kinds())));
  std::vector<kube::Listing> listings;
  for (const std::string& ns : namespaces)
    listings.push_back(
        {mesh::record_resource, ns, {.labels = mesh::record_selector()}, kube::drop_managed_fields});
  Records records;
  std::set<mesh::GatewayName> seen;  // a list that expires midway brings records again
  kube::Pages pages(listings);
  while (!pages.done()) {
    auto answers = cluster.send(pages.next());
    pages.take(answers);
    for (const kube::Listed& listed : pages.drained()) {
      if (listed.error) throw kube::ApiError(*listed.error);
      for (const Json& object : listed.objects)
        if (seen.emplace(object["metadata"]["namespace"].as_string(), object["metadata"]["name"].as_string())
                .second)
          take_record(records, object, served, is_wanted);
    }
  }
  return records;
}

Error not_found(const std::string& name, const std::string& ns) {
  return Error("egressgateway \"" + name + "\" not found in namespace \"" + ns + "\"",
               "See what there is: kubectl egress list -A");
}

}  // namespace egress::fleet
