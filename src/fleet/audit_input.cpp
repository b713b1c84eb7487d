#include "egress/fleet/audit_input.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/fleet/audit_snapshot.hpp"
#include "egress/fleet/audit_transforms.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/istio_discovery.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

/// Each is read into many times as much.
constexpr int page_of_records = 100;

/// Of these kinds, which gateways are made of, nobody asks for anything but that they are there.
const std::vector<kube::Resource>& rest_of_members() {
  static const std::vector<kube::Resource> resources{
      {kube::kinds::service}, {kube::kinds::service_account},
      {kube::kinds::role},    {kube::kinds::role_binding},
      {kube::kinds::secret},  {mesh::kinds::peer_authentication, "v1beta1"},
  };
  return resources;
}

std::vector<kube::Listing> listings_for(const GatewaySelection& selection) {
  std::vector<kube::Listing> listings = audit_listings();
  listings.push_back({mesh::record_resource,
                      selection.ns,
                      {.label_selector = mesh::record_selector(), .limit = page_of_records},
                      kube::drop_managed_fields});
  for (const kube::Resource& one : rest_of_members())
    listings.push_back({one,
                        selection.ns,
                        {.label_selector = mesh::object_selector(), .metadata_only = true},
                        trim_to_metadata});
  return listings;
}

/// A kind that may not be listed, or is served in another version, is not looked at.
void put_members(mesh::AuditSnapshot& surroundings, std::span<kube::ListResult> listed,
                 const std::string& ns) {
  surroundings.member_ns = ns;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (listed[i].error) continue;
    surroundings.member_kinds.push_back(rest_of_members()[i].kind);
    std::ranges::move(listed[i].objects, std::back_inserter(surroundings.members));
  }
}

/// Looks for the mesh, with the first pages in the same wave.
IstioDiscovery find_mesh(kube::Cluster& cluster, const MeshFlags& flags, kube::Pages& pages) {
  IstioDiscovery search(flags);
  const auto answers = kube::send(cluster, search.first_calls(), std::array{&pages});
  search.add_first_answers(answers, {.ns = {}, .labels = {}, .revision = flags.revision});
  if (const auto more = search.second_calls(); !more.empty()) search.add_second_answers(cluster.send(more));
  return search;
}

void put_mesh(AuditInput& input, const IstioDiscovery& search) {
  input.surroundings.mesh = search.mesh();
  input.surroundings.has_mesh_config = search.mesh_config_known();
  input.surroundings.revisions = search.revisions();
  input.assumptions = search.warnings(input.surroundings.mesh);
}

void read_records(AuditInput& input, const std::vector<JsonText>& config_maps) {
  for (const JsonText& config_map : config_maps) {
    try {
      input.gateways.push_back(mesh::read_record(config_map.parse()));
    } catch (const Error& error) {
      input.unreadable.emplace_back(error.what());
    }
  }
  std::ranges::sort(input.gateways, {},
                    [](const mesh::Record& one) { return std::pair(one.egress.ns, one.egress.name); });
}

/// Leaves the gateways that are asked about.
void choose(AuditInput& input, const GatewaySelection& selection) {
  if (selection.names.empty()) return;
  const std::set<std::string> wanted(selection.names.begin(), selection.names.end());
  std::set<std::string> found;
  std::erase_if(input.gateways, [&](const mesh::Record& one) {
    const bool is_wanted = wanted.contains(one.egress.name);
    if (is_wanted) found.insert(one.egress.name);
    return !is_wanted;
  });
  for (const std::string& name : selection.names)
    if (!found.contains(name)) throw gateway_not_found(name, selection.ns);
}

}  // namespace

AuditInput read_audit_input(kube::Cluster& cluster, const GatewaySelection& selection, const MeshFlags& flags,
                            std::chrono::sys_seconds now) {
  kube::Pages pages(listings_for(selection));
  const IstioDiscovery search = find_mesh(cluster, flags, pages);
  auto listed = kube::list_all(cluster, std::move(pages));
  const std::size_t surrounding = listed.size() - 1 - rest_of_members().size();
  kube::ListResult& records = listed[surrounding];
  if (records.error) throw kube::ApiError(*records.error);

  AuditInput input;
  input.surroundings = build_snapshot(std::span(listed).first(surrounding));
  put_members(input.surroundings, std::span(listed).subspan(surrounding + 1), selection.ns);
  input.surroundings.now = now;
  put_mesh(input, search);
  // The ConfigMaps are gone after it.
  read_records(input, std::exchange(records.objects, {}));
  choose(input, selection);
  std::vector<mesh::Egress> gateways;
  for (const mesh::Record& one : input.gateways) gateways.push_back(one.egress);
  complete_snapshot(cluster, gateways, input.surroundings);
  return input;
}

}  // namespace egress::fleet
