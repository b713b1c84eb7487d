#include "egress/fleet/removal_check.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/unexpected.hpp"
#include "egress/kube/access_review.hpp"
#include "egress/kube/access_rules.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/permission.hpp"

namespace egress::fleet {
namespace {

/// What is asked first: the versions that are served, and what may be done where the gateways stand.
class FirstLook {
 public:
  FirstLook(kube::Cluster& cluster, const std::vector<mesh::Record>& records) {
    for (const mesh::Record& one : records) rules_.try_emplace(one.egress.ns);
    std::vector<kube::Call> wave = kube::discovery(mesh::all_kinds());
    const std::size_t discovered = wave.size();
    for (const auto& [ns, rules] : rules_) wave.push_back(kube::AccessRules::list(ns));
    const auto answers = cluster.send(wave);
    served_ = kube::read_discovery(mesh::all_kinds(), std::span(answers).first(discovered));
    auto next = answers.begin() + static_cast<std::ptrdiff_t>(discovered);
    for (auto& [ns, rules] : rules_) rules = kube::AccessRules(ns, *next++);
  }

  const kube::Served& served() const { return served_; }

  bool allows(const mesh::Permission& one) const {
    return std::ranges::any_of(
        rules_, [&](const auto& of_ns) { return of_ns.second.allow(one.verb, one.kind, one.ns); });
  }

 private:
  std::map<std::string, kube::AccessRules> rules_;  ///< by namespace
  kube::Served served_;
};

std::vector<mesh::Permission> missing(kube::Cluster& cluster, std::vector<mesh::Permission> needed,
                                      const FirstLook& look) {
  std::erase_if(needed, [&](const mesh::Permission& one) { return look.allows(one); });
  if (needed.empty()) return {};
  std::vector<kube::Call> calls;
  for (const mesh::Permission& one : needed) calls.push_back(kube::may_i(one.verb, one.kind, one.ns));
  const auto reviews = cluster.send(calls);
  std::vector<mesh::Permission> missing;
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (!kube::is_allowed(reviews[i])) missing.push_back(needed[i]);
  return missing;
}

}  // namespace

void check_removal(kube::Cluster& cluster, std::vector<mesh::Record>& records) {
  if (records.empty()) return;
  const FirstLook look(cluster, records);
  add_unexpected(cluster, look.served(), records);
  const auto lacking = missing(cluster, mesh::removal_permissions(records), look);
  if (lacking.empty()) return;
  std::vector<std::string> faults;
  for (const mesh::Permission& one : lacking) faults.push_back("you may not " + one.text());
  throw Error("nothing was deleted:\n  " + join(faults, "\n  "),
              join(mesh::granting_commands(lacking), "\n  "));
}

}  // namespace egress::fleet
