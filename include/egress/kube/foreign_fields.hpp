#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// A field that another manager added to an object and that changes its effect, for example the selected pods
/// or the TLS settings. The fields that were applied are unchanged, so there is no conflict.
struct ForeignField {
  std::string manager;            ///< empty if the server does not report it
  std::vector<std::string> path;  ///< {"spec", "selector", "tier"}

  /// ".spec.selector.tier", in the notation of the server's conflict messages.
  std::string dotted_path() const;
};

/// Returns the foreign fields that `metadata.managedFields` lists and that `manager` did not apply.
std::vector<ForeignField> foreign_fields(const Json& metadata, std::string_view manager);

/// Returns the foreign fields of a live object that are not in `desired`, a body to be applied. They remain
/// when it is applied, because server-side apply removes only fields that were applied before.
std::vector<ForeignField> foreign_fields(const Json& live, const Json& desired, std::string_view manager);

/// Returns a JSON Patch that removes the fields, valid only for that version of the object. Null if there are
/// none.
Json foreign_field_removals(const std::vector<ForeignField>& fields);

}  // namespace egress::kube
