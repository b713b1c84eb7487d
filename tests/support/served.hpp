#pragma once

#include <doctest/doctest.h>

#include <span>
#include <string>

#include "egress/http/curl_transport.hpp"
#include "support/loopback_server.hpp"
#include "support/tls_server.hpp"

namespace egress::testing {

/// Whom the tests' servers have their certificates of, unless they say otherwise.
inline const x509::Pair& authority() {
  static const x509::Pair made = make_authority("the cluster's CA");
  return made;
}

inline std::string roots(const x509::Pair& from = authority()) {
  return x509::pem(*from.certificate);
}

/// What was heard, as the body of an answer.
inline std::string echo(const Heard& heard) {
  return LoopbackServer::ok(heard.server_name + "|" + heard.client_certificate + "|" + heard.head);
}

/// A server of that certificate, and how to reach it.
struct Served {
  explicit Served(const Issued& own) : server(own, echo) {
    endpoint.url = server.url();
    endpoint.certificate_authority = roots();
  }
  Served(const std::string& common_name, const std::string& names)
      : Served(issue(authority(), common_name, names)) {}

  http::Reply get() const {
    http::CurlTransport transport(endpoint);
    const http::Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  }
  /// Why the server is not trusted.
  std::string distrust() const {
    const http::Reply reply = get();
    CHECK(reply.failure == http::Failure::untrusted);
    return reply.failure_text;
  }

  TlsServer server;
  http::Endpoint endpoint;
};

}  // namespace egress::testing
