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

  /// Reads "1.30", "1.30.3" or "v1.30.3-distroless"; empty if the text does not begin with two numbers.
  static std::optional<Version> parse(std::string_view text);
  /// The same for a release of Istio. All are 1.x, so "2026.01.15" and "2.6.1" are versions of something
  /// else.
  static std::optional<Version> parse_release(std::string_view text);
};

/// The oldest supported version of Istio.
inline constexpr Version oldest_version{1, 7, 0};

}  // namespace egress::mesh
