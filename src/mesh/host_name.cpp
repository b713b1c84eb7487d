#include "egress/mesh/host_name.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

bool is_lower_alphanumeric(unsigned char c) {
  return std::isdigit(c) != 0 || (c >= 'a' && c <= 'z');
}

/// True for a part of a name: lower-case letters, digits and inner '-'.
bool is_part(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  return std::ranges::all_of(text, [](unsigned char c) { return c == '-' || is_lower_alphanumeric(c); });
}

}  // namespace

bool is_dns_label(std::string_view text) {
  return text.size() <= 63 && is_part(text);
}

bool is_object_name(std::string_view text) {
  const auto parts = split(text, '.');
  return text.size() <= 253 && !parts.empty() && std::ranges::all_of(parts, is_part);
}

std::string host_problem(std::string_view host) {
  if (host.empty()) return "is empty; set the external service, such as httpbin.org";
  if (host.find("://") != std::string_view::npos || host.find('/') != std::string_view::npos)
    return "is a URL; use only the host name";
  if (host.find('*') != std::string_view::npos)
    return "has a wildcard in the wrong place: only \"*.\" at the start of a gateway's only host is allowed";
  if (host.find(':') != std::string_view::npos)
    return "has a port or is an IPv6 address; set the port in spec.port";
  if (std::ranges::any_of(host, [](unsigned char c) { return std::isupper(c) != 0; }))
    return "has upper-case letters; use lower case";
  if (host.size() > 253) return "is longer than 253 characters";
  if (host.find('.') == std::string_view::npos) return "has no dot; use the full name, such as httpbin.org";
  const auto labels = split(host, '.');
  if (!std::ranges::all_of(labels, [](const std::string& label) { return is_dns_label(label); }))
    return "is not a host name (RFC 1123): letters, digits and '-' between dots";
  if (std::ranges::all_of(labels.back(), [](unsigned char c) { return std::isdigit(c) != 0; }))
    return "is an IP address; use a host name, for which a certificate can be verified";
  return {};
}

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  if (text.find('\0') != std::string::npos) return false;
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace egress::mesh
