#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// A field that somebody else added to an object, beside all that a manager applied, and by which the object
/// means other pods, or has other TLS. Nothing that was applied has changed, and nobody is in conflict.
struct Addition {
  std::string manager;            ///< empty where the server does not say who
  std::vector<std::string> path;  ///< {"spec", "selector", "tier"}

  /// ".spec.selector.tier", as the server names fields where managers conflict.
  std::string field() const;
};

/// The additions that the server's note of who manages what shows, beside what the manager applied.
std::vector<Addition> additions(const Json& metadata, std::string_view manager);

/// The additions that stand, beside what is wanted, a body to be applied: the same, once it is applied.
/// Server-side apply leaves them alone, for nobody applied them.
std::vector<Addition> additions(const Json& standing, const Json& wanted, std::string_view manager);

/// A JSON Patch that removes them, good only for the object in that version. Null where there are none.
Json removal_of(const std::vector<Addition>& additions);

}  // namespace egress::kube
