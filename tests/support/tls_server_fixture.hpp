#pragma once

#include <doctest/doctest.h>

#include <span>
#include <string>

#include "egress/http/curl_transport.hpp"
#include "support/loopback_server.hpp"
#include "support/tls_server.hpp"

namespace egress::testing {

/// Whom the tests' servers have their certificates of, unless they say otherwise.
inline const x509::CertificateAndKey& test_ca() {
  static const x509::CertificateAndKey ca = make_ca("the cluster's CA");
  return ca;
}

inline std::string ca_pem(const x509::CertificateAndKey& ca = test_ca()) {
  return x509::to_pem(*ca.certificate);
}

/// What was received, as the body of an answer.
inline std::string echo(const ReceivedRequest& request) {
  return LoopbackServer::ok(request.server_name + "|" + request.client_certificate + "|" + request.head);
}

/// A server of that certificate, and how to reach it.
struct TlsServerFixture {
  explicit TlsServerFixture(const IssuedCertificate& certificate) : server(certificate, echo) {
    endpoint.url = server.url();
    endpoint.certificate_authority = ca_pem();
  }
  TlsServerFixture(const std::string& common_name, const std::string& names)
      : TlsServerFixture(issue(test_ca(), common_name, names)) {}

  http::Response get() const {
    http::CurlTransport transport(endpoint);
    const http::Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  }
  /// Why the server is not trusted.
  std::string trust_error() const {
    const http::Response response = get();
    CHECK(response.failure == http::Failure::untrusted_certificate);
    return response.failure_text;
  }

  TlsServer server;
  http::Endpoint endpoint;
};

}  // namespace egress::testing
