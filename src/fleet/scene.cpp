#include "egress/fleet/scene.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/fleet/audited_part.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/mesh_search.hpp"
#include "egress/fleet/surroundings.hpp"
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

std::vector<kube::Listing> listings_for(const Chosen& chosen) {
  std::vector<kube::Listing> listings = surrounding_listings();
  listings.push_back({mesh::record_resource,
                      chosen.ns,
                      {.labels = mesh::record_selector(), .limit = page_of_records},
                      kube::drop_managed_fields});
  for (const kube::Resource& one : rest_of_members())
    listings.push_back(
        {one, chosen.ns, {.labels = mesh::object_selector(), .metadata_only = true}, leave_name_and_labels});
  return listings;
}

/// A kind that may not be listed, or is served in another version, is not looked at.
void put_members(mesh::Surroundings& surroundings, std::span<kube::Listed> listed, const std::string& ns) {
  surroundings.member_ns = ns;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (listed[i].error) continue;
    surroundings.member_kinds.push_back(rest_of_members()[i].kind);
    std::ranges::move(listed[i].objects, std::back_inserter(surroundings.members));
  }
}

/// Looks for the mesh, with the first pages in the same wave.
MeshSearch find_mesh(kube::Cluster& cluster, const MeshFlags& flags, kube::Pages& pages) {
  MeshSearch search(flags);
  const auto answers = kube::send(cluster, search.first(), std::array{&pages});
  search.take_first(answers, {.ns = {}, .labels = {}, .revision = flags.revision});
  if (const auto more = search.second(); !more.empty()) search.take_second(cluster.send(more));
  return search;
}

void put_mesh(Scene& scene, const MeshSearch& search) {
  scene.surroundings.mesh = search.mesh();
  scene.surroundings.mesh_config_known = search.config_known();
  scene.surroundings.revisions = search.revisions();
  scene.assumptions = search.warnings(scene.surroundings.mesh);
}

void read_records(Scene& scene, const std::vector<PackedJson>& config_maps) {
  for (const PackedJson& config_map : config_maps) {
    try {
      scene.gateways.push_back(mesh::read_record(config_map.unpack()));
    } catch (const Error& error) {
      scene.unreadable.emplace_back(error.what());
    }
  }
  std::ranges::sort(scene.gateways, {},
                    [](const mesh::Record& one) { return std::pair(one.egress.ns, one.egress.name); });
}

/// Leaves the gateways that are asked about.
void choose(Scene& scene, const Chosen& chosen) {
  if (chosen.names.empty()) return;
  const std::set<std::string> wanted(chosen.names.begin(), chosen.names.end());
  std::set<std::string> found;
  std::erase_if(scene.gateways, [&](const mesh::Record& one) {
    const bool is_wanted = wanted.contains(one.egress.name);
    if (is_wanted) found.insert(one.egress.name);
    return !is_wanted;
  });
  for (const std::string& name : chosen.names)
    if (!found.contains(name)) throw not_found(name, chosen.ns);
}

}  // namespace

Scene look_around(kube::Cluster& cluster, const Chosen& chosen, const MeshFlags& flags,
                  std::chrono::sys_seconds now) {
  kube::Pages pages(listings_for(chosen));
  const MeshSearch search = find_mesh(cluster, flags, pages);
  auto listed = kube::list_all(cluster, std::move(pages));
  const std::size_t surrounding = listed.size() - 1 - rest_of_members().size();
  kube::Listed& records = listed[surrounding];
  if (records.error) throw kube::ApiError(*records.error);

  Scene scene;
  scene.surroundings = sort_out(std::span(listed).first(surrounding));
  put_members(scene.surroundings, std::span(listed).subspan(surrounding + 1), chosen.ns);
  scene.surroundings.now = now;
  put_mesh(scene, search);
  // The ConfigMaps are gone after it.
  read_records(scene, std::exchange(records.objects, {}));
  choose(scene, chosen);
  std::vector<mesh::Egress> gateways;
  for (const mesh::Record& one : scene.gateways) gateways.push_back(one.egress);
  look_closer(cluster, gateways, scene.surroundings);
  return scene;
}

}  // namespace egress::fleet
