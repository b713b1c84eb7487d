#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "egress/render/jsonpath.hpp"

namespace egress::render {

/// The order that --sort-by asks for (kubectl 1.36, cmd/get/sorter.go): numbers by their value, texts
/// by the quantities that they are, "512Mi" before "1Gi", or else by their bytes; first what has no such
/// value.
class SortBy {
 public:
  /// Throws Error with kubectl's words where the path cannot be read.
  explicit SortBy(std::string_view path);

  /// What the object is sorted by; nothing where it has no such value.
  std::optional<Json> key(const Json& object) const;

  /// The places of the keys, in order; those of equal keys as they stood. Throws Error where no object has
  /// such a value, or where they cannot be compared.
  std::vector<std::size_t> order(const std::vector<std::optional<Json>>& keys) const;

 private:
  std::string written_;
  JsonPath path_;
};

}  // namespace egress::render
