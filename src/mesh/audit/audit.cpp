#include "egress/mesh/audit.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <unordered_map>

#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

constexpr std::array for_the_mesh{
    find_open_policy,     find_captured_ports,   find_shared_hosts,
    find_ambient_callers, find_unfenced_callers, find_unseen,
};

constexpr std::array for_each_gateway{
    find_route_conflicts,
    find_bypasses,
    find_shadowing,
    find_merged_rules,
    find_foreign_gateways,
    find_foreign_policies,
    find_foreign_filters,
    find_closed_sidecars,
    find_own_namespace,
    find_undiscovered,
    find_callers,
    find_secrets,
    find_pods,
    find_tls_mode,
    find_budgets,
    find_choices,
};

/// What concerns the mesh first, then the gateways in the caller's order, the worst of each first.
void put_in_order(std::vector<Finding>& found, std::span<const Subject> subjects) {
  std::unordered_map<std::string, std::size_t> places{{"", 0}};
  for (const Subject& subject : subjects) places.try_emplace(subject.text(), places.size());
  std::ranges::stable_sort(found, {}, [&](const Finding& one) {
    return std::tuple(places.at(one.gateway), -static_cast<int>(one.severity), one.code,
                      one.object.ns + "/" + one.object.name);
  });
}

std::vector<Finding> found_around(std::span<const Subject> subjects, const Neighbourhood& around) {
  std::vector<Finding> found;
  for (const auto& rule : for_the_mesh) rule(subjects, around, found);
  for (const Subject& subject : subjects)
    for (const auto& rule : for_each_gateway) rule(subject, around, found);
  return found;
}

}  // namespace

std::vector<Finding> audit(std::span<const Egress> gateways, const Surroundings& surroundings) {
  const Neighbourhood around(surroundings);
  const std::vector<Subject> all = subjects(gateways, around);
  std::vector<Finding> found = found_around(all, around);
  put_in_order(found, all);
  return found;
}

std::vector<Finding> audit(std::span<const Record> records, const Surroundings& surroundings) {
  std::vector<Egress> gateways;
  for (const Record& record : records) gateways.push_back(record.egress);
  const Neighbourhood around(surroundings);
  std::vector<Subject> all = subjects(gateways, around);
  for (Subject& subject : all) subject.stands = true;
  std::vector<Finding> found = found_around(all, around);
  for (std::size_t i = 0; i < all.size(); ++i) find_state(all[i], records[i], around, found);
  put_in_order(found, all);
  return found;
}

}  // namespace egress::mesh
