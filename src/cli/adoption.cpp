#include "egress/cli/adoption.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hints.hpp"

namespace egress::cli {
namespace {

bool has(const Adopter& one, const std::string& name) {
  return std::ranges::any_of(one.objects,
                             [&](const mesh::Reference& object) { return object.is_called(name); });
}

/// The places of those that have an object of the name.
std::vector<std::size_t> places_of(const std::string& name, const std::vector<Adopter>& adopters) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < adopters.size(); ++i)
    if (has(adopters[i], name)) places.push_back(i);
  return places;
}

}  // namespace

std::vector<std::vector<std::string>> share_out(const std::vector<std::string>& adopt,
                                                const std::vector<Adopter>& adopters) {
  std::vector<std::vector<std::string>> shares(adopters.size());
  std::vector<std::string> faults;
  bool unmet = false;
  for (const std::string& name : adopt) {
    const auto places = places_of(name, adopters);
    const std::string flag = "--adopt " + printable(name, 300) + ": ";
    unmet = unmet || places.empty();
    if (places.empty())
      faults.push_back(flag + "no gateway of the files needs an object of that name");
    else if (places.size() > 1)
      faults.push_back(flag + fleet::described(adopters[places[0]].egress) + " and " +
                       fleet::described(adopters[places[1]].egress) +
                       " both need an object of that name: apply them one at a time");
    else
      shares[places.front()].push_back(name);
  }
  for (const Adopter& one : adopters)
    if (unmet && !one.why_unknown.empty())
      faults.push_back("what " + fleet::described(one.egress) + " needs is not known: " + one.why_unknown);
  if (!faults.empty()) throw Error("nothing was written:\n  " + join(faults, "\n  "));
  return shares;
}

}  // namespace egress::cli
