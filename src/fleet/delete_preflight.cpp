#include "egress/fleet/delete_preflight.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>

#include "egress/base/error_list.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/extra_members.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/kube/rbac_review.hpp"
#include "egress/kube/rbac_rules.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

/// What is asked first: the versions that are served, and what may be done where the gateways stand.
class FirstLook {
 public:
  FirstLook(kube::Cluster& cluster, const std::vector<mesh::Record>& records) {
    for (const mesh::Record& one : records) rules_.try_emplace(one.egress.ns);
    std::vector<kube::Call> wave = kube::discovery_calls(mesh::all_kinds());
    const std::size_t discovered = wave.size();
    for (const auto& [ns, rules] : rules_) wave.push_back(kube::RbacRules::rules_review(ns));
    const auto answers = cluster.send(wave);
    served_ = kube::read_discovery(mesh::all_kinds(), std::span(answers).first(discovered));
    auto next = answers.begin() + static_cast<std::ptrdiff_t>(discovered);
    for (auto& [ns, rules] : rules_) rules = kube::RbacRules(ns, *next++);
  }

  const kube::ServedResources& served() const { return served_; }

  bool allows(const mesh::Permission& one) const {
    const auto rules = rules_.find(one.ns);
    return rules != rules_.end() && rules->second.allows(one.verb, one.kind, one.ns);
  }

 private:
  std::map<std::string, kube::RbacRules> rules_;  ///< by namespace
  kube::ServedResources served_;
};

/// The calls' answers, as far as they say no.
std::vector<std::size_t> denied(kube::Cluster& cluster, const std::vector<kube::Call>& calls) {
  if (calls.empty()) return {};
  const auto reviews = cluster.send(calls);
  std::vector<std::size_t> denied;
  for (std::size_t i = 0; i < reviews.size(); ++i)
    if (!kube::is_allowed(reviews[i])) denied.push_back(i);
  return denied;
}

/// The names of what a permission is needed for.
std::set<std::string> names_for(const mesh::Permission& needed, const std::vector<mesh::Record>& records) {
  std::set<std::string> names;
  for (const mesh::Record& record : records) {
    if (needed.kind == mesh::record_resource.kind && needed.ns == record.egress.ns)
      names.insert(mesh::object_name(record.egress.name));
    for (const mesh::Reference& one : record.members)
      if (one.resource.kind == needed.kind && one.ns == needed.ns) names.insert(one.name);
  }
  return names;
}

/// What is not allowed for all objects of a kind may be for those that are meant (a Role's resourceNames).
std::vector<mesh::Permission> missing(kube::Cluster& cluster, std::vector<mesh::Permission> needed,
                                      const std::vector<mesh::Record>& records, const FirstLook& look) {
  std::erase_if(needed, [&](const mesh::Permission& one) { return look.allows(one); });
  std::vector<kube::Call> of_kinds;
  for (const mesh::Permission& one : needed)
    of_kinds.push_back(kube::access_review(one.verb, one.kind, one.ns));
  std::vector<kube::Call> of_names;
  std::vector<std::size_t> asked_for;
  for (const std::size_t i : denied(cluster, of_kinds))
    for (const std::string& name : names_for(needed[i], records)) {
      of_names.push_back(kube::access_review(needed[i].verb, needed[i].kind, needed[i].ns, name));
      asked_for.push_back(i);
    }
  std::set<std::size_t> lacking;
  for (const std::size_t i : denied(cluster, of_names)) lacking.insert(asked_for[i]);
  std::vector<mesh::Permission> missing;
  for (const std::size_t i : lacking) missing.push_back(needed[i]);
  return missing;
}

}  // namespace

DeletePreflight run_delete_preflight(kube::Cluster& cluster, std::vector<mesh::Record>& records) {
  if (records.empty()) return {};
  const FirstLook look(cluster, records);
  DeletePreflight check{add_extra_members(cluster, look.served(), records)};
  check.lacking = missing(cluster, mesh::deletion_permissions(records), records, look);
  return check;
}

std::vector<MemberMetadataList> check_deletion(kube::Cluster& cluster, std::vector<mesh::Record>& records) {
  DeletePreflight check = run_delete_preflight(cluster, records);
  if (!check.lacking.empty()) throw missing_permissions_error("deleted", check.lacking);
  return std::move(check.seen);
}

Error missing_permissions_error(const std::string& written,
                                const std::vector<mesh::Permission>& permissions) {
  ErrorList faults;
  for (const mesh::Permission& one : permissions)
    faults.add_once("you are not allowed to " + one.text(), one.denied());
  return faults.to_error("nothing was " + written + ":\n  ", "\n  ",
                         join(mesh::grant_commands(permissions), "\n  "));
}

}  // namespace egress::fleet
