#include "egress/fleet/inventory.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "egress/base/text.hpp"
#include "egress/fleet/gateway_pages.hpp"
#include "egress/fleet/member_listings.hpp"
#include "egress/fleet/namespaced_listing.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

/// Of records at one time: each is read into many times as much.
constexpr int page = 100;

void take_record(Records& records, const Json& config_map, const kube::ServedResources& served,
                 const std::function<bool(const mesh::Record&)>& is_wanted) {
  try {
    mesh::Record record = mesh::read_record(config_map);
    if (is_wanted && !is_wanted(record)) return;
    resolve_member_versions(record, served);
    mesh::strip_for_deletion(record);
    records.found.push_back(std::move(record));
  } catch (const Error& error) {
    const Json& metadata = config_map["metadata"];
    records.unreadable.push_back(
        {metadata["namespace"].as_string(), metadata["name"].as_string(), metadata["labels"], error.what()});
  }
}

void check_name(const std::string& name) {
  if (!mesh::is_dns_label(name)) throw Error("\"" + printable(name, 100) + "\" is not a valid gateway name");
}

Records listed_records(kube::Cluster& cluster, const std::set<std::string>& namespaces,
                       const std::string& selector,
                       const std::function<bool(const mesh::Record&)>& is_wanted) {
  const kube::ServedResources served =
      kube::read_discovery(mesh::all_kinds(), cluster.send(kube::discovery_calls(mesh::all_kinds())));
  const kube::Listing listing{
      mesh::record_resource, "", {.label_selector = selector, .limit = page}, kube::drop_managed_fields};
  Records records;
  std::set<mesh::GatewayName> seen;  // a list that expires midway brings records again
  const auto take = [&](const kube::Page& found) {
    if (found.error) throw kube::ApiError(*found.error);
    for (const Json& object : found.objects)
      if (seen.emplace(object["metadata"]["namespace"].as_string(), object["metadata"]["name"].as_string())
              .second)
        take_record(records, object, served, is_wanted);
  };
  if (namespaces.empty())
    kube::list_all(cluster, {listing}, [&](std::size_t, const kube::Page& found) { take(found); });
  else
    list_in_namespaces(cluster, {{listing, namespaces}},
                       [&](const kube::Listing&, const kube::Page& found) { take(found); });
  return records;
}

}  // namespace

Inventory list_gateways(kube::Cluster& cluster, const std::string& ns) {
  GatewayPages pages(cluster, ns, kube::ListOptions{}.limit);
  Inventory inventory;
  for (auto found = pages.next(); !found.empty(); found = pages.next())
    std::ranges::move(found, std::back_inserter(inventory.gateways));
  inventory.unreadable = pages.unreadable();
  std::ranges::sort(inventory.gateways, {}, [](const mesh::Summary& one) {
    return std::pair(one.record.egress.ns, one.record.egress.name);
  });
  return inventory;
}

std::vector<std::optional<mesh::Record>> read_records(kube::Cluster& cluster,
                                                      const std::vector<std::string>& names,
                                                      const std::string& ns) {
  for (const std::string& name : names) check_name(name);
  std::vector<kube::Call> wave;
  for (const std::string& name : names)
    wave.push_back(kube::get({kube::kinds::config_map}, ns, mesh::object_name(name)));
  for (kube::Call& call : kube::discovery_calls(mesh::all_kinds())) wave.push_back(std::move(call));
  const auto answers = cluster.send(wave);
  const kube::ServedResources served =
      kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(names.size()));

  std::vector<std::optional<mesh::Record>> records(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (answers[i].not_found()) continue;
    records[i] = mesh::read_record(answers[i].value());
    resolve_member_versions(*records[i], served);
  }
  return records;
}

Records list_records(kube::Cluster& cluster, const std::set<std::string>& namespaces,
                     const std::function<bool(const mesh::Record&)>& is_wanted) {
  return listed_records(cluster, namespaces, mesh::record_selector(), is_wanted);
}

Records list_named_records(kube::Cluster& cluster, const std::set<mesh::GatewayName>& names,
                           const std::function<bool(const mesh::Record&)>& is_wanted) {
  std::set<std::string> namespaces;
  std::set<std::string> ids;
  for (const auto& [ns, name] : names) {
    check_name(name);
    namespaces.insert(ns);
    ids.insert(mesh::record_id(name, ns));
  }
  return listed_records(cluster, namespaces, mesh::record_selector(ids), [&](const mesh::Record& one) {
    return names.contains({one.egress.ns, one.egress.name}) && is_wanted(one);
  });
}

Error gateway_not_found(const std::string& name, const std::string& ns) {
  return Error("egressgateway \"" + name + "\" not found in namespace \"" + ns + "\"",
               "list all gateways: kubectl egress list -A", reason::not_found);
}

}  // namespace egress::fleet
