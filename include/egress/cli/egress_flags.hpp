#pragma once

#include <memory>
#include <string>

#include "egress/base/json.hpp"
#include "egress/cli/command.hpp"

namespace egress::cli {

/// The flags that say what a gateway is to be: each is another spelling of a field of the file form.
class EgressFlags {
 public:
  void add(FlagSet& flags);

  /// The form with what the flags say put over it. Throws UsageError naming the flag that is wrong, and Error
  /// where a file that one names cannot be read.
  Json put_over(Json form) const;

 private:
  std::shared_ptr<Json> given_ = std::make_shared<Json>();  ///< the form of the flags alone
  std::shared_ptr<std::string> policy_ = std::make_shared<std::string>();
};

}  // namespace egress::cli
