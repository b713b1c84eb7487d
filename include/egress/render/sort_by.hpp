#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "egress/render/jsonpath.hpp"

namespace egress::render {

/// The order of --sort-by (kubectl 1.36, cmd/get/sorter.go): objects without the value first, numbers by
/// value, strings as quantities ("512Mi" before "1Gi") or else by their bytes.
class SortBy {
 public:
  /// Throws Error with kubectl's message if the path is invalid.
  explicit SortBy(std::string_view path);

  /// The value to sort the object by; nullopt if it has none.
  std::optional<Json> key(const Json& object) const;

  /// The indices of the keys in sorted order; equal keys keep their order. Throws Error if no object has the
  /// value, or if values cannot be compared.
  std::vector<std::size_t> order(const std::vector<std::optional<Json>>& keys) const;

 private:
  std::string expression_;
  JsonPath path_;
};

}  // namespace egress::render
