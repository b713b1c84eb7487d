#include "egress/mesh/version.hpp"

#include <charconv>

namespace egress::mesh {
namespace {

/// Removes a number from the front of the text.
std::optional<int> consume_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::string Version::text() const {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::optional<Version> Version::parse(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto major = consume_number(text);
  if (!major || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  const auto minor = consume_number(text);
  if (!minor) return std::nullopt;
  Version version{*major, *minor, 0};
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    version.patch = consume_number(text).value_or(0);
  }
  return version;
}

std::optional<Version> Version::parse_release(std::string_view text) {
  const auto version = parse(text);
  return version && version->major == 1 ? version : std::nullopt;
}

}  // namespace egress::mesh
