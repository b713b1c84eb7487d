#pragma once

#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress::mesh {

/// What is wrong with what a user asks for, gathered to be said together.
class Faults {
 public:
  void add(const std::string& fault) { faults_.push_back(fault); }
  void unless(bool right, const std::string& fault) {
    if (!right) add(fault);
  }
  /// Throws Error with a line each.
  void throw_if_any() const {
    if (!faults_.empty()) throw Error(join(faults_, "\nerror: "));
  }

 private:
  std::vector<std::string> faults_;
};

}  // namespace egress::mesh
