#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// A field that somebody else added to an object, beside all that a manager applied, and by which the object
/// means other pods, or has other TLS. Nothing that was applied has changed, and nobody is in conflict.
struct ForeignField {
  std::string manager;            ///< empty where the server does not say who
  std::vector<std::string> path;  ///< {"spec", "selector", "tier"}

  /// ".spec.selector.tier", as the server names fields where managers conflict.
  std::string dotted_path() const;
};

/// The foreign fields that the server's note of who manages what shows, beside what the manager applied.
std::vector<ForeignField> foreign_fields(const Json& metadata, std::string_view manager);

/// The foreign fields of the live object, beside what is desired, a body to be applied: the same, once it is
/// applied. Server-side apply leaves them alone, for nobody applied them.
std::vector<ForeignField> foreign_fields(const Json& live, const Json& desired, std::string_view manager);

/// A JSON Patch that removes them, good only for the object in that version. Null where there are none.
Json foreign_field_removals(const std::vector<ForeignField>& fields);

}  // namespace egress::kube
