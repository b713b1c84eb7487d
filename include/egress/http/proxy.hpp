#pragma once

#include <string>

#include "egress/http/url.hpp"

namespace egress::http {

/// What the environment says of proxies, by the rules of Go's golang.org/x/net/http/httpproxy: never
/// ALL_PROXY; a name in capitals counts before the same in small letters.
struct ProxyEnvironment {
  std::string https_proxy;  ///< HTTPS_PROXY: for servers that are reached by https
  std::string http_proxy;   ///< HTTP_PROXY: for the others
  std::string no_proxy;     ///< NO_PROXY: hosts, domains, addresses and networks that are reached directly

  static ProxyEnvironment read();
};

/// The URL of the proxy by which a server is reached; empty where it is reached directly. This machine itself
/// always is. Throws Error, without its password, where the proxy's URL cannot be read.
std::string choose_proxy(const Url& server, const ProxyEnvironment& environment);

/// True where NO_PROXY's list names that host and port: `*`, "a.b" with all below it, ".a.b" and "*.a.b" for
/// what is below it only, an IP address or a network in CIDR notation; each name or address may have a port.
bool is_excluded(const std::string& host, const std::string& port, const std::string& no_proxy);

}  // namespace egress::http
