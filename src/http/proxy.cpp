#include "egress/http/proxy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "egress/base/address.hpp"
#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress::http {
namespace {

std::string first_environment_value(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return {};
}

bool is_ipv4(const Address& address) {
  constexpr Address mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(mapped.begin(), mapped.begin() + ipv4_offset, address.begin());
}

bool is_loopback(const Address& address) {
  constexpr Address loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address == loopback || (is_ipv4(address) && address[ipv4_offset] == 127);
}

/// An address and its number of significant bits, "10.0.0.0/8".
struct Network {
  Address address;
  std::size_t bits;

  bool contains(const Address& other) const {
    for (std::size_t bit = 0; bit < bits; ++bit) {
      const auto mask = static_cast<unsigned char>(0x80U >> (bit % 8));
      if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) return false;
    }
    return true;
  }
};

std::optional<Network> parse_network(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto address = parse_address(text.substr(0, slash));
  const std::string_view digits = std::string_view(text).substr(slash + 1);
  std::size_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool is_ipv4_network = text.find(':') == std::string::npos;
  if (!address || error != std::errc() || end != digits.data() + digits.size() ||
      bits > (is_ipv4_network ? 32U : 128U))
    return std::nullopt;
  return Network{*address, is_ipv4_network ? bits + 96 : bits};
}

/// A name or an address with an optional port.
struct NoProxyEntry {
  std::string host;
  std::string port;
};

NoProxyEntry parse_entry(const std::string& entry) {
  if (entry.starts_with('[')) {
    const std::size_t end = entry.find(']');
    if (end == std::string::npos) return {entry, ""};
    const bool has_port = entry.substr(end + 1).starts_with(':');
    return {entry.substr(1, end - 1), has_port ? entry.substr(end + 2) : ""};
  }
  const std::size_t colon = entry.find(':');
  if (colon == std::string::npos || entry.find(':', colon + 1) != std::string::npos) return {entry, ""};
  return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool host_matches_entry(std::string_view entry, std::string_view host) {
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) return host.ends_with(entry);
  return host == entry || (host.ends_with(entry) && host[host.size() - entry.size() - 1] == '.');
}

bool matches_entry(const std::string& entry, const std::string& host, const std::string& port) {
  if (entry == "*") return true;
  const auto address = parse_address(host);
  if (const auto network = parse_network(entry)) return address && network->contains(*address);
  const NoProxyEntry no_proxy_entry = parse_entry(entry);
  if (no_proxy_entry.host.empty() || (!no_proxy_entry.port.empty() && no_proxy_entry.port != port))
    return false;
  if (const auto entry_address = parse_address(no_proxy_entry.host)) return address == entry_address;
  return host_matches_entry(no_proxy_entry.host, host);
}

/// The URL of a proxy variable; the default scheme is http.
std::string proxy_url(const std::string& value, const char* variable) {
  std::string text = value.find("://") == std::string::npos ? "http://" + value : value;
  const auto url = Url::parse(text);
  constexpr std::array schemes{"http", "https", "socks5", "socks5h"};
  const std::string hint = std::string("set ") + variable +
                           " to a URL such as http://proxy.example:3128, or add the server to NO_PROXY";
  // If a slash is missing, the path contains the credentials.
  if (!url || url->host.empty() || url->path.find('@') != std::string::npos)
    throw Error(std::string("invalid proxy in ") + variable + ": not a URL", hint);
  if (std::ranges::find(schemes, url->scheme) == schemes.end())
    throw Error(std::string("invalid proxy in ") + variable + ": unsupported scheme \"" +
                    printable(url->scheme, 50) + "\"; must be http, https, socks5 or socks5h",
                hint);
  return text;
}

}  // namespace

ProxyEnvironment ProxyEnvironment::read() {
  return {.https_proxy = first_environment_value({"HTTPS_PROXY", "https_proxy"}),
          .http_proxy = first_environment_value({"HTTP_PROXY", "http_proxy"}),
          .no_proxy = first_environment_value({"NO_PROXY", "no_proxy"})};
}

bool is_excluded(const std::string& host, const std::string& port, const std::string& no_proxy) {
  const std::string lower_host = to_lower(host);
  return std::ranges::any_of(split(no_proxy, ','), [&](const std::string& entry) {
    const std::string trimmed = to_lower(trim(entry));
    return !trimmed.empty() && matches_entry(trimmed, lower_host, port);
  });
}

std::string choose_proxy(const Url& server, const ProxyEnvironment& environment) {
  const bool is_https = server.scheme == "https";
  const std::string& value = is_https ? environment.https_proxy : environment.http_proxy;
  const std::string host = strip_brackets(server.host);
  const auto address = parse_address(host);
  if (value.empty() || host == "localhost" || (address && is_loopback(*address))) return {};
  const std::string port = !server.port.empty() ? server.port : is_https ? "443" : "80";
  if (is_excluded(host, port, environment.no_proxy)) return {};
  return proxy_url(value, is_https ? "HTTPS_PROXY" : "HTTP_PROXY");
}

}  // namespace egress::http
