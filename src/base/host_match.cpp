#include "egress/base/host_match.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "egress/base/address.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

std::string_view without_last_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_label(std::string_view label) {
  const auto may_stand = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  return !label.empty() && label.front() != '-' && std::ranges::all_of(label, may_stand);
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::ranges::all_of(split(host, '.'), is_label);
}

bool is_pattern(std::string_view name) {
  return is_host_name(name.starts_with("*.") ? name.substr(2) : name);
}

/// Both in lower case, and by the form of host names what they should be.
bool matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with('*')) return pattern == host;
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && host.substr(dot) == pattern.substr(1);
}

bool is_for_name(const std::string& pattern, const std::string& name) {
  const std::string_view host = without_last_dot(name);
  if (is_host_name(host) && is_pattern(pattern)) return matches(pattern, host);
  return !name.empty() && name != "." && pattern == name;
}

}  // namespace

bool is_for_host(const CertificateNames& names, const std::string& host) {
  if (const auto address = address_of(host))
    return std::ranges::any_of(names.addresses,
                               [&](const std::string& one) { return address_of(one) == address; });
  const std::string name = lower(host);
  return std::ranges::any_of(names.dns,
                             [&](const std::string& one) { return is_for_name(lower(one), name); });
}

}  // namespace egress
