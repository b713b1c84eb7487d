#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <atomic>

#include <cstdlib>
#include <thread>

#include "egress/http/curl_transport.hpp"
#include "egress/http/retrying_transport.hpp"
#include "support/environment_variable.hpp"
#include "support/loopback_server.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_server.hpp"
#include "support/tls_server_fixture.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using testing::ca_pem;
using testing::echo;
using testing::issue;
using testing::IssuedCertificate;
using testing::LoopbackServer;
using testing::test_ca;
using testing::TlsServer;
using testing::TlsServerFixture;

}  // namespace

TEST_CASE("a server whose certificate the roots signed for its address is trusted") {
  const TlsServerFixture fixture("x", "IP:127.0.0.1");
  const Response response = fixture.get();
  CHECK(response.failure_text.empty());
  CHECK(response.ok());
  CHECK(response.body.find("GET /x HTTP/1.1") != std::string::npos);
}

TEST_CASE("the given roots are the only ones") {
  TlsServerFixture fixture("x", "IP:127.0.0.1");
  fixture.endpoint.certificate_authority = ca_pem(testing::make_ca("another"));
  CHECK(fixture.trust_error() == "x509: certificate signed by unknown authority");
  // The system roots that SSL_CERT_FILE selects are not added to them.
  const testing::TemporaryDirectory folder;
  const testing::EnvironmentVariable variable("SSL_CERT_FILE", folder.write("roots.pem", ca_pem()));
  CHECK(fixture.trust_error() == "x509: certificate signed by unknown authority");
  fixture.endpoint.certificate_authority.clear();
  CHECK(fixture.get().ok());
}

TEST_CASE("without given roots the system roots are used, which do not trust the cluster's CA") {
  TlsServerFixture fixture("x", "IP:127.0.0.1");
  fixture.endpoint.certificate_authority.clear();
  CHECK(fixture.trust_error() == "x509: certificate signed by unknown authority");
}

TEST_CASE("insecure skips all verification") {
  TlsServerFixture fixture("x", "DNS:other.example");
  fixture.endpoint.certificate_authority.clear();
  fixture.endpoint.insecure = true;
  CHECK(fixture.get().ok());
}

TEST_CASE("a common name alone is not a name") {
  TlsServerFixture fixture("localhost", "");
  fixture.endpoint.server_name = "localhost";
  CHECK(fixture.trust_error() == "x509: certificate relies on legacy Common Name field, use SANs instead");
}

TEST_CASE("a common name is not a name either if there are names of other kinds") {
  for (const std::string names :
       {"URI:spiffe://localhost", "email:a@localhost", "URI:spiffe://x,email:a@b"}) {
    CAPTURE(names);
    TlsServerFixture fixture("localhost", names);
    fixture.endpoint.server_name = "localhost";
    CHECK(fixture.trust_error() ==
          "x509: certificate is not valid for any names, but wanted to match localhost");
    fixture.endpoint.server_name.clear();
    CHECK(fixture.trust_error() ==
          "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
  }
}

TEST_CASE("a wildcard in a certificate matches one label, even before a single label, as in Go") {
  const auto is_reached = [](const std::string& name, const std::string& host) {
    TlsServerFixture fixture("x", "DNS:" + name);
    fixture.endpoint.server_name = host;
    const Response response = fixture.get();
    CHECK((response.ok() || response.failure == Failure::untrusted_certificate));
    return response.ok();
  };
  CHECK(is_reached("*.internal", "api.internal"));
  CHECK(is_reached("*.example.com", "API.example.com"));
  CHECK_FALSE(is_reached("*.internal", "a.b.internal"));
  CHECK_FALSE(is_reached("*.internal", "internal"));
  CHECK_FALSE(is_reached("*", "internal"));
  CHECK_FALSE(is_reached("a*.internal", "api.internal"));
  CHECK_FALSE(is_reached("*.0.0.1", "127.0.0.1"));
  TlsServerFixture fixture("x", "DNS:*.internal");
  fixture.endpoint.server_name = "a.b.internal";
  CHECK(fixture.trust_error() == "x509: certificate is valid for *.internal, not a.b.internal");
}

TEST_CASE("the server name may be an address, with or without brackets") {
  for (const std::string name : {"::1", "[::1]"}) {
    CAPTURE(name);
    TlsServerFixture fixture("x", "IP:::1");
    fixture.endpoint.server_name = name;
    const Response response = fixture.get();
    CHECK(response.failure_text.empty());
    CHECK(response.body.starts_with("||GET /x"));
    TlsServerFixture other("x", "IP:127.0.0.1");
    other.endpoint.server_name = name;
    CHECK(other.trust_error() == "x509: certificate is valid for 127.0.0.1, not ::1");
  }
}

TEST_CASE("every new connection is verified, even if the server offers to resume a session") {
  TlsServerFixture fixture("x", "IP:127.0.0.1");
  CurlTransport transport(fixture.endpoint);
  const Request request{.target = "/x"};
  for (int i = 0; i < 3; ++i) CHECK(transport.send(std::span(&request, 1)).front().ok());
  CHECK(transport.traffic().connections == 3);
  fixture.endpoint.server_name = "other.example";
  CHECK(fixture.trust_error() ==
        "x509: certificate is not valid for any names, but wanted to match other.example");
}

TEST_CASE("a header without a value is sent") {
  const TlsServerFixture fixture("x", "IP:127.0.0.1");
  CurlTransport transport(fixture.endpoint);
  const Request request{.target = "/x", .headers = {"Impersonate-Group: ", "Impersonate-Extra-k:  ", "A: b"}};
  const std::string request_text = transport.send(std::span(&request, 1)).front().body;
  CHECK(request_text.find("\r\nImpersonate-Group:\r\n") != std::string::npos);
  CHECK(request_text.find("\r\nImpersonate-Extra-k:\r\n") != std::string::npos);
  CHECK(request_text.find("\r\nA: b\r\n") != std::string::npos);
}

TEST_CASE("a server that requires a client certificate is reported, without a retry") {
  struct Protocol {
    int version;
    bool http2;
  };
  for (const Protocol protocol : {Protocol{TLS1_2_VERSION, false}, Protocol{TLS1_3_VERSION, false},
                                  Protocol{TLS1_2_VERSION, true}, Protocol{TLS1_3_VERSION, true}}) {
    CAPTURE(protocol.version);
    CAPTURE(protocol.http2);
    const auto server = TlsServer::requiring_client_certificate(issue(test_ca(), "x", "IP:127.0.0.1"), echo,
                                                                protocol.version, protocol.http2);
    Endpoint endpoint;
    endpoint.url = server->url();
    endpoint.certificate_authority = ca_pem();
    const auto get = [&endpoint] {
      CurlTransport transport(endpoint);
      RetryingTransport retrying(transport, [](auto) { FAIL("unexpected retry"); });
      const Request request{.target = "/x"};
      return retrying.send(std::span(&request, 1)).front();
    };
    const Response refused = get();
    CHECK(refused.failure == Failure::tls_alert);
    CHECK(refused.failure_text == (protocol.version == TLS1_3_VERSION
                                       ? "remote error: tls: certificate required"
                                       : "remote error: tls: handshake failure"));
    if (protocol.http2) continue;
    const IssuedCertificate jane = issue(test_ca(), "jane", "");
    endpoint.client_certificate = jane.certificate;
    endpoint.client_key = jane.key;
    CHECK(get().ok());
  }
}

TEST_CASE("a request fails if the server stays silent, but a stream does not") {
  const LoopbackServer server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3500));
    return LoopbackServer::ok("late");
  });
  Endpoint endpoint;
  CHECK(endpoint.idle_timeout == std::chrono::seconds(300));
  endpoint.url = server.url();
  endpoint.idle_timeout = std::chrono::seconds(1);
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  const Response response = transport.send(std::span(&request, 1)).front();
  CHECK(response.failure == Failure::connection_lost);
  CHECK(response.failure_text == "the connection is open, but the server has sent nothing for 1 seconds");
  CHECK(transport.stream(request, [](std::string_view) { return true; }).ok());
}

TEST_CASE("an address must be in the certificate as an address") {
  CHECK(TlsServerFixture("x", "DNS:localhost").trust_error() ==
        "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
  CHECK(TlsServerFixture("x", "DNS:127.0.0.1,IP:10.0.0.1,IP:::1").trust_error() ==
        "x509: certificate is valid for 10.0.0.1, ::1, not 127.0.0.1");
}

TEST_CASE("a server at an IPv6 address is reached, and verified without the brackets") {
  const auto response_for = [](const std::string& names) {
    const auto server = TlsServer::at_ipv6(issue(test_ca(), "x", names), echo);
    Endpoint endpoint;
    endpoint.url = server->url();
    endpoint.certificate_authority = ca_pem();
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  };
  const Response response = response_for("IP:::1");
  CHECK(response.failure_text.empty());
  CHECK(response.ok());
  CHECK(response.body.find("Host: [::1]:") != std::string::npos);
  CHECK(response_for("IP:127.0.0.1").failure_text == "x509: certificate is valid for 127.0.0.1, not ::1");
  CHECK(response_for("DNS:localhost").failure_text ==
        "x509: cannot validate certificate for ::1 because it doesn't contain any IP SANs");
}

TEST_CASE("the server name is sent as SNI and verified, and the Host header stays the server's") {
  TlsServerFixture fixture("x", "DNS:api.example");
  fixture.endpoint.server_name = "api.example";
  const Response response = fixture.get();
  CHECK(response.failure_text.empty());
  CHECK(response.body.starts_with("api.example||GET /x"));
  CHECK(response.body.find("Host: 127.0.0.1:" + std::to_string(fixture.server.port())) != std::string::npos);
  fixture.endpoint.server_name = "other.example";
  CHECK(fixture.trust_error() == "x509: certificate is valid for api.example, not other.example");
}

TEST_CASE("the server's own certificate, or an intermediate one, may be the root") {
  const IssuedCertificate own = issue(test_ca(), "x", "IP:127.0.0.1");
  TlsServerFixture fixture(own);
  fixture.endpoint.certificate_authority = own.certificate;
  CHECK(fixture.get().ok());

  // The server does not send the certificate that signed its own.
  const x509::CertificateAndKey between = testing::make_ca("between", test_ca());
  TlsServerFixture signed_by_intermediate(issue(between, "x", "IP:127.0.0.1"));
  CHECK(signed_by_intermediate.trust_error() == "x509: certificate signed by unknown authority");
  signed_by_intermediate.endpoint.certificate_authority = ca_pem(between);
  CHECK(signed_by_intermediate.get().ok());
}

TEST_CASE("a client certificate is sent, and a new one as soon as it is set") {
  TlsServerFixture fixture("x", "IP:127.0.0.1");
  const IssuedCertificate jane = issue(test_ca(), "jane", "");
  const IssuedCertificate john = issue(test_ca(), "john", "");
  fixture.endpoint.client_certificate = jane.certificate;
  fixture.endpoint.client_key = jane.key;
  CurlTransport transport(fixture.endpoint);
  const Request request{.target = "/x"};
  CHECK(transport.send(std::span(&request, 1)).front().body.starts_with("|/CN=jane|"));
  transport.set_client_certificate(john.certificate, john.key);
  CHECK(transport.send(std::span(&request, 1)).front().body.starts_with("|/CN=john|"));
}

TEST_CASE("a server that speaks plain HTTP is reported") {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener, any, size) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, any, &size) == 0);
  std::thread server([&] {
    const int connection = ::accept(listener, nullptr, nullptr);
    const std::string response = "HTTP/1.0 400 Bad Request\r\n\r\n";
    ::send(connection, response.data(), response.size(), MSG_NOSIGNAL);
    ::shutdown(connection, SHUT_WR);
    char byte = 0;
    while (::read(connection, &byte, 1) == 1) continue;
    ::close(connection);
  });
  Endpoint endpoint;
  endpoint.url = "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  const Response response = transport.send(std::span(&request, 1)).front();
  server.join();
  ::close(listener);
  CHECK(response.failure == Failure::not_tls);
  CHECK(response.failure_text == "first record does not look like a TLS handshake");
}

TEST_CASE("a handshake without an answer fails for the whole wave at once") {
  std::atomic<int> connections = 0;
  const LoopbackServer silent([&](const std::string&) {
    ++connections;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return std::string();
  });
  Endpoint endpoint;
  endpoint.url = "https" + silent.url().substr(4);
  endpoint.handshake_timeout = std::chrono::milliseconds(200);
  CurlTransport transport(endpoint);
  const auto responses = transport.send(std::vector<Request>(100));
  REQUIRE(responses.size() == 100);
  // If the requests failed one after the other, there would be a hundred connections.
  CHECK(connections < 10);
  for (const Response& response : responses) {
    CHECK(response.failure == Failure::timed_out);
    CHECK(response.failure_text == "net/http: TLS handshake timeout");
  }
}

TEST_CASE("a progress timeout ends each step with a silent server, but not a slow response") {
  using std::chrono::milliseconds;
  const auto slow = [](int parts) {
    return [parts](const std::string&) {
      std::this_thread::sleep_for(milliseconds(parts * 100));
      return LoopbackServer::ok("slow");
    };
  };
  // It answers in the end, so the client does not time out.
  const LoopbackServer silent(slow(9));
  const LoopbackServer slow_server(slow(1));
  const auto response = [](const std::string& url, milliseconds progress_timeout) {
    Endpoint endpoint;
    endpoint.url = url;
    endpoint.progress_timeout = progress_timeout;
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  };
  CHECK(response(silent.url(), milliseconds(50)).failure == Failure::timed_out);
  CHECK(response("https" + silent.url().substr(4), milliseconds(50)).failure == Failure::timed_out);
  CHECK(response(slow_server.url(), milliseconds(600)).ok());
}

}  // namespace egress::http

TEST_SUITE_END();
