#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace egress::mesh {

/// A release of Istio.
struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;

  auto operator<=>(const Version&) const = default;
  /// "1.30.3".
  std::string text() const;

  /// Reads "1.30", "1.30.3" or "v1.30.3-distroless"; nothing where there are no two numbers in front.
  static std::optional<Version> parse(std::string_view text);
};

}  // namespace egress::mesh
