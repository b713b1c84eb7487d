#pragma once

#include <string>

#include "egress/http/url.hpp"

namespace egress::http {

/// The proxy variables of the environment, with the rules of Go's golang.org/x/net/http/httpproxy: upper-case
/// names take precedence over lower-case names; ALL_PROXY is ignored.
struct ProxyEnvironment {
  std::string https_proxy;  ///< HTTPS_PROXY: the proxy for https servers
  std::string http_proxy;   ///< HTTP_PROXY: the proxy for http servers
  std::string no_proxy;     ///< NO_PROXY: hosts, domains, addresses and networks without proxy

  static ProxyEnvironment read();
};

/// The URL of the proxy for a server; empty for a direct connection, as always to the local machine. Throws
/// Error, without the password, if the proxy's URL is invalid.
std::string choose_proxy(const Url& server, const ProxyEnvironment& environment);

/// True if NO_PROXY matches the host and port: `*`, "a.b" with its subdomains, ".a.b" and "*.a.b" for the
/// subdomains only, an IP address, or a network in CIDR notation; names and addresses may have a port.
bool is_excluded(const std::string& host, const std::string& port, const std::string& no_proxy);

}  // namespace egress::http
