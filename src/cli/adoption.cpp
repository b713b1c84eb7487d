#include "egress/cli/adoption.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/full_name.hpp"

namespace egress::cli {
namespace {

bool has_object(const AdoptionTarget& target, const std::string& name) {
  return std::ranges::any_of(target.objects,
                             [&](const mesh::Reference& object) { return object.matches(name); });
}

/// The indices of the gateways that have an object with this name.
std::vector<std::size_t> matching_targets(const std::string& name,
                                          const std::vector<AdoptionTarget>& targets) {
  std::vector<std::size_t> matches;
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (has_object(targets[i], name)) matches.push_back(i);
  return matches;
}

}  // namespace

std::vector<std::vector<std::string>> assign_adoptions(const std::vector<std::string>& adopt,
                                                       const std::vector<AdoptionTarget>& targets) {
  std::vector<std::vector<std::string>> assignments(targets.size());
  std::vector<std::string> problems;
  bool has_unmatched = false;
  for (const std::string& name : adopt) {
    const auto matches = matching_targets(name, targets);
    const std::string flag = "--adopt " + printable(name, 300) + ": ";
    has_unmatched = has_unmatched || matches.empty();
    if (matches.empty())
      problems.push_back(flag + "no gateway in the files has an object of that name");
    else if (matches.size() > 1)
      problems.push_back(flag + mesh::full_name(targets[matches[0]].egress) + " and " +
                         mesh::full_name(targets[matches[1]].egress) +
                         " both have an object of that name; apply them separately");
    else
      assignments[matches.front()].push_back(name);
  }
  for (const AdoptionTarget& target : targets)
    if (has_unmatched && !target.plan_error.empty())
      problems.push_back(mesh::full_name(target.egress) + " could not be planned: " + target.plan_error);
  if (!problems.empty()) throw Error("nothing was written:\n  " + join(problems, "\n  "));
  return assignments;
}

}  // namespace egress::cli
