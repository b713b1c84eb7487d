#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/cli/command.hpp"

namespace egress::cli {

/// The flags that describe a gateway. Each sets a field of the manifest.
class EgressFlags {
 public:
  void add(FlagSet& flags);

  /// Overwrites fields of the manifest with the values of the flags. Throws UsageError naming an invalid
  /// flag, and Error if the file of a flag cannot be read.
  Json apply_to(Json manifest) const;

 private:
  std::shared_ptr<Json> flag_values_ = std::make_shared<Json>();  ///< a manifest with the fields of the flags
  std::shared_ptr<std::string> policy_ = std::make_shared<std::string>();
};

/// The flag of `create` that sets a field ("spec.hosts" gives "--host"); empty if there is none.
std::string flag_of_field(std::string_view field);

/// The fields that have a flag, as paths such as "spec.hosts".
std::vector<std::string> fields_with_flag();

}  // namespace egress::cli
