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

std::string first_set(std::initializer_list<const char*> names) {
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

/// "10.0.0.0/8": an address and how many of its bits count.
struct Network {
  Address address;
  std::size_t bits;

  bool holds(const Address& other) const {
    for (std::size_t bit = 0; bit < bits; ++bit) {
      const auto mask = static_cast<unsigned char>(0x80U >> (bit % 8));
      if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) return false;
    }
    return true;
  }
};

std::optional<Network> network_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto address = address_of(text.substr(0, slash));
  const std::string_view digits = std::string_view(text).substr(slash + 1);
  std::size_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool v4 = text.find(':') == std::string::npos;
  if (!address || error != std::errc() || end != digits.data() + digits.size() || bits > (v4 ? 32U : 128U))
    return std::nullopt;
  return Network{*address, v4 ? bits + 96 : bits};
}

/// A name or an address of the list, and the port that it may have.
struct Named {
  std::string host;
  std::string port;
};

Named named(const std::string& entry) {
  if (entry.starts_with('[')) {
    const std::size_t end = entry.find(']');
    if (end == std::string::npos) return {entry, ""};
    const bool port = entry.substr(end + 1).starts_with(':');
    return {entry.substr(1, end - 1), port ? entry.substr(end + 2) : ""};
  }
  const std::size_t colon = entry.find(':');
  if (colon == std::string::npos || entry.find(':', colon + 1) != std::string::npos) return {entry, ""};
  return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool names_host(std::string_view entry, std::string_view host) {
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) return host.ends_with(entry);
  return host == entry || (host.ends_with(entry) && host[host.size() - entry.size() - 1] == '.');
}

bool excludes(const std::string& entry, const std::string& host, const std::string& port) {
  if (entry == "*") return true;
  const auto address = address_of(host);
  if (const auto network = network_of(entry)) return address && network->holds(*address);
  const Named one = named(entry);
  if (one.host.empty() || (!one.port.empty() && one.port != port)) return false;
  if (const auto wanted = address_of(one.host)) return address == wanted;
  return names_host(one.host, host);
}

/// The proxy of the environment as a URL; without a scheme it is an HTTP proxy.
std::string proxy_url(const std::string& value, const char* variable) {
  std::string text = value.find("://") == std::string::npos ? "http://" + value : value;
  const auto url = Url::parse(text);
  constexpr std::array schemes{"http", "https", "socks5", "socks5h"};
  const std::string hint = std::string("Correct ") + variable + ", such as " + variable +
                           "=http://proxy.example:3128, or leave the server out with NO_PROXY.";
  // Where a slash is missing, what is taken for a path is the login.
  if (!url || url->host.empty() || url->path.find('@') != std::string::npos)
    throw Error(std::string("the proxy that ") + variable + " names is no URL", hint);
  if (std::ranges::find(schemes, url->scheme) == schemes.end())
    throw Error(std::string("the proxy that ") + variable + " names has the scheme \"" +
                    printable(url->scheme, 50) + "\"; it must be http, https or socks5",
                hint);
  return text;
}

}  // namespace

ProxyEnvironment ProxyEnvironment::read() {
  return {.https_proxy = first_set({"HTTPS_PROXY", "https_proxy"}),
          .http_proxy = first_set({"HTTP_PROXY", "http_proxy"}),
          .no_proxy = first_set({"NO_PROXY", "no_proxy"})};
}

bool is_excluded(const std::string& host, const std::string& port, const std::string& no_proxy) {
  const std::string small = lower(host);
  return std::ranges::any_of(split(no_proxy, ','), [&](const std::string& entry) {
    const std::string wanted = lower(trimmed(entry));
    return !wanted.empty() && excludes(wanted, small, port);
  });
}

std::string choose_proxy(const Url& server, const ProxyEnvironment& environment) {
  const bool tls = server.scheme == "https";
  const std::string& value = tls ? environment.https_proxy : environment.http_proxy;
  const std::string host = without_brackets(server.host);
  const auto address = address_of(host);
  if (value.empty() || host == "localhost" || (address && is_loopback(*address))) return {};
  const std::string port = !server.port.empty() ? server.port : tls ? "443" : "80";
  if (is_excluded(host, port, environment.no_proxy)) return {};
  return proxy_url(value, tls ? "HTTPS_PROXY" : "HTTP_PROXY");
}

}  // namespace egress::http
