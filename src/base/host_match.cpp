#include "egress/base/host_match.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "egress/base/address.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

std::string_view strip_trailing_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_label(std::string_view label) {
  const auto is_allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  return !label.empty() && label.front() != '-' && std::ranges::all_of(label, is_allowed);
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::ranges::all_of(split(host, '.'), is_label);
}

bool is_pattern(std::string_view name) {
  return is_host_name(name.starts_with("*.") ? name.substr(2) : name);
}

/// Both in lower case, and by the form of host names what they should be.
bool matches_pattern(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with('*')) return pattern == host;
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && host.substr(dot) == pattern.substr(1);
}

bool matches_name(const std::string& pattern, const std::string& name) {
  const std::string_view host = strip_trailing_dot(name);
  if (is_host_name(host) && is_pattern(pattern)) return matches_pattern(pattern, host);
  return !name.empty() && name != "." && pattern == name;
}

}  // namespace

bool matches_host(const CertificateNames& names, const std::string& host) {
  if (const auto address = parse_address(host))
    return std::ranges::any_of(names.addresses,
                               [&](const std::string& other) { return parse_address(other) == address; });
  const std::string name = to_lower(host);
  return std::ranges::any_of(
      names.dns, [&](const std::string& pattern) { return matches_name(to_lower(pattern), name); });
}

}  // namespace egress
