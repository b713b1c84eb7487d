#include <doctest/doctest.h>

#include <atomic>

#include <thread>

#include "egress/http/curl_transport.hpp"
#include "support/environment_variable.hpp"
#include "support/loopback_server.hpp"
#include "support/mentions.hpp"
#include "support/proxy_server.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_server.hpp"
#include "support/tls_server_fixture.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using testing::ca_pem;
using testing::issue;
using testing::LoopbackServer;
using testing::mentions;
using testing::ReceivedRequest;
using testing::test_ca;
using testing::TlsServer;
using testing::TlsServerFixture;

}  // namespace

TEST_CASE("a TLS server is reached through a proxy, which learns its name and nothing else") {
  const testing::ProxyServer proxy_server;
  TlsServerFixture fixture("x", "DNS:api.example");
  fixture.endpoint.url = "https://api.example:" + std::to_string(fixture.server.port());
  const Request request{.target = "/x", .headers = {"Authorization: Bearer s3cret"}};
  const auto response = [&](const std::string& proxy) {
    fixture.endpoint.proxy = proxy;
    CurlTransport transport(fixture.endpoint);
    return transport.send(std::span(&request, 1)).front();
  };
  const Response connected = response("http://jane:pw@" + proxy_server.authority());
  CHECK(connected.failure_text.empty());
  CHECK(connected.body.find("Bearer s3cret") != std::string::npos);
  CHECK(proxy_server.last_request().starts_with(
      "CONNECT api.example:" + std::to_string(fixture.server.port()) + " "));
  CHECK(proxy_server.last_request().find("s3cret") == std::string::npos);

  CHECK(response("socks5://jane:pw@" + proxy_server.authority()).ok());
  CHECK(proxy_server.last_request() == "socks5 api.example:" + std::to_string(fixture.server.port()));

  const Response unauthorized = response("http://john:pw@" + proxy_server.authority());
  CHECK(unauthorized.failure == Failure::proxy);
  CHECK(mentions(unauthorized.failure_text, {"proxy", "http://" + proxy_server.authority(), "407"}));
  CHECK(unauthorized.failure_text.find("john") == std::string::npos);
}

TEST_CASE("an HTTPS proxy is verified with the server's roots, and named if it is not trusted") {
  const testing::ProxyServer proxy_server(issue(test_ca(), "x", "IP:127.0.0.1"));
  TlsServerFixture fixture("x", "DNS:api.example");
  fixture.endpoint.url = "https://api.example:" + std::to_string(fixture.server.port());
  fixture.endpoint.proxy = "https://jane:pw@" + proxy_server.authority();
  const Response connected = fixture.get();
  CHECK(connected.failure_text.empty());
  CHECK(connected.body.find("GET /x HTTP/1.1") != std::string::npos);
  CHECK(proxy_server.last_request().starts_with(
      "CONNECT api.example:" + std::to_string(fixture.server.port()) + " "));

  fixture.endpoint.certificate_authority = ca_pem(testing::make_ca("another"));
  const Response untrusted = fixture.get();
  CHECK(untrusted.failure == Failure::proxy);
  CHECK(untrusted.failure_text == "the proxy https://" + proxy_server.authority() +
                                      " did not connect to the server: tls: failed to verify certificate: "
                                      "x509: certificate signed by unknown authority");
  fixture.endpoint.insecure = true;
  CHECK(fixture.get().ok());
}

TEST_CASE("an HTTPS proxy needs a certificate for its own name") {
  const testing::ProxyServer proxy_server(issue(test_ca(), "x", "DNS:proxy.example"));
  TlsServerFixture fixture("x", "DNS:api.example");
  fixture.endpoint.url = "https://api.example:" + std::to_string(fixture.server.port());
  fixture.endpoint.proxy = "https://jane:pw@" + proxy_server.authority();
  const Response response = fixture.get();
  CHECK(response.failure == Failure::proxy);
  CHECK(
      response.failure_text.find("x509: cannot validate certificate for 127.0.0.1 because it doesn't contain "
                                 "any IP SANs") != std::string::npos);
}

TEST_CASE("a common name alone does not name an HTTPS proxy") {
  const testing::ProxyServer proxy_server(issue(test_ca(), "localhost", "URI:spiffe://localhost"));
  TlsServerFixture fixture("x", "DNS:api.example");
  fixture.endpoint.url = "https://api.example:" + std::to_string(fixture.server.port());
  const std::string authority =
      "localhost" + proxy_server.authority().substr(proxy_server.authority().find(':'));
  fixture.endpoint.proxy = "https://jane:pw@" + authority;
  const Response response = fixture.get();
  CHECK(response.failure == Failure::proxy);
  CHECK(
      response.failure_text ==
      "the proxy https://" + authority +
          " did not connect to the server: tls: failed to verify certificate: x509: certificate is not valid "
          "for any names, but wanted to match localhost");
}

TEST_CASE("an HTTPS proxy is verified with the system roots that the environment selects") {
  const testing::ProxyServer proxy_server(issue(test_ca(), "x", "IP:127.0.0.1"));
  TlsServerFixture fixture("x", "DNS:api.example");
  fixture.endpoint.url = "https://api.example:" + std::to_string(fixture.server.port());
  fixture.endpoint.proxy = "https://jane:pw@" + proxy_server.authority();
  fixture.endpoint.certificate_authority.clear();
  CHECK(fixture.get().failure == Failure::proxy);
  const testing::TemporaryDirectory folder;
  const testing::EnvironmentVariable variable("SSL_CERT_FILE", folder.write("roots.pem", ca_pem()));
  const Response response = fixture.get();
  CHECK(response.failure_text.empty());
  CHECK(response.ok());
}

TEST_CASE("a server's name is verified through every kind of proxy") {
  const testing::ProxyServer plain;
  const testing::ProxyServer tls(issue(test_ca(), "x", "IP:127.0.0.1"));
  TlsServerFixture fixture("api.example", "DNS:other.example");
  fixture.endpoint.url = "https://api.example:" + std::to_string(fixture.server.port());
  for (const std::string& proxy :
       {"http://jane:pw@" + plain.authority(), "socks5://jane:pw@" + plain.authority(),
        "https://jane:pw@" + tls.authority()}) {
    CAPTURE(proxy);
    fixture.endpoint.proxy = proxy;
    fixture.endpoint.server_name.clear();
    CHECK(fixture.trust_error() == "x509: certificate is valid for other.example, not api.example");
    fixture.endpoint.server_name = "other.example";
    CHECK(fixture.get().ok());
  }
}

TEST_CASE("a proxy that does not answer is reported by the whole wave at once") {
  using std::chrono::milliseconds;
  std::atomic<int> connections = 0;
  const LoopbackServer silent([&](const std::string&) {
    ++connections;
    std::this_thread::sleep_for(milliseconds(900));
    return std::string();
  });
  // It waits for a newline that never comes.
  const LoopbackServer waiting([](const std::string&) { return std::string(); });
  for (const auto& [scheme, proxy] :
       {std::pair{"http", &silent}, {"socks5", &waiting}, {"https", &waiting}}) {
    Endpoint endpoint;
    endpoint.url = "https://api.example:6443";
    endpoint.proxy = scheme + proxy->url().substr(4);
    CAPTURE(endpoint.proxy);
    CurlTransport transport(endpoint);
    for (const Response& response :
         transport.send(std::vector<Request>(100, {.timeout = milliseconds(300)}))) {
      CHECK(response.failure == Failure::proxy);
      CHECK(mentions(response.failure_text, {"proxy", endpoint.proxy, "does not answer"}));
    }
  }
  // If the requests failed one after the other, there would be a hundred connections.
  CHECK(connections < 10);
}

TEST_CASE("a proxy that closes the connection is reported") {
  const LoopbackServer proxy([](const std::string&) { return std::string(); });
  Endpoint endpoint;
  endpoint.url = "https://api.example:6443";
  endpoint.proxy = "http://jane:s3cret@" + proxy.url().substr(7);
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  const Response response = transport.send(std::span(&request, 1)).front();
  CHECK(response.failure == Failure::proxy);
  CHECK(mentions(response.failure_text, {"proxy", proxy.url(), "closed the connection"}));
  CHECK(response.failure_text.find("s3cret") == std::string::npos);
}

TEST_CASE("a failure of the server after the proxy has connected to it is not blamed on the proxy") {
  const LoopbackServer silent([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return std::string();
  });
  const testing::ProxyServer proxy_server;
  const auto response = [&](const std::string& url) {
    Endpoint endpoint;
    endpoint.url = url;
    endpoint.proxy = "http://jane:pw@" + proxy_server.authority();
    endpoint.handshake_timeout = std::chrono::milliseconds(200);
    CurlTransport transport(endpoint);
    const Request request{.target = "/x", .timeout = std::chrono::seconds(5)};
    return transport.send(std::span(&request, 1)).front();
  };
  const Response late = response("https" + silent.url().substr(4));
  CHECK(late.failure == Failure::timed_out);
  CHECK(late.failure_text == "net/http: TLS handshake timeout");
  TlsServerFixture fixture("x", "IP:127.0.0.1");
  fixture.endpoint.proxy = "http://jane:pw@" + proxy_server.authority();
  const TlsServer mute(issue(test_ca(), "x", "IP:127.0.0.1"),
                       TlsServer::Answer([](const ReceivedRequest&) { return std::string(); }));
  fixture.endpoint.url = mute.url();
  const Response gone = fixture.get();
  CHECK(gone.failure == Failure::connection_lost);
  CHECK(gone.failure_text == "EOF");
}

TEST_CASE("a proxy's path is not shown, because it is a password if a slash is missing") {
  Endpoint endpoint;
  endpoint.url = "https://api.example:6443";
  endpoint.proxy = "http://127.0.0.1:1/me:s3cret@h";
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  const std::string text = transport.send(std::span(&request, 1)).front().failure_text;
  CHECK(mentions(text, {"proxy", "http://127.0.0.1:1", "connection refused"}));
  CHECK(text.find("s3cret") == std::string::npos);
}

TEST_CASE("a proxy gets the whole URL of a plain HTTP server, and its own credentials") {
  std::string line;
  const LoopbackServer proxy([&](const std::string& request_line) {
    line = request_line;
    return LoopbackServer::ok("by proxy");
  });
  Endpoint endpoint;
  endpoint.url = "http://api.example:8080";
  endpoint.proxy = "http://jane:pw@" + proxy.url().substr(7);
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  CHECK(transport.send(std::span(&request, 1)).front().body == "by proxy");
  CHECK(line == "GET http://api.example:8080/x HTTP/1.1");
}

TEST_CASE("a proxy that refuses or is unreachable is named, without its password") {
  const LoopbackServer proxy([](const std::string&) {
    return std::string("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  Endpoint endpoint;
  endpoint.url = "https://api.example:6443";
  endpoint.proxy = "http://jane:s3cret@" + proxy.url().substr(7);
  const auto failure_text = [&] {
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    const Response response = transport.send(std::span(&request, 1)).front();
    CHECK(response.failure == Failure::proxy);
    return response.failure_text;
  };
  const std::string refused = failure_text();
  CHECK(mentions(refused, {"proxy", proxy.url(), "403"}));
  CHECK(refused.find("s3cret") == std::string::npos);
  endpoint.proxy = "socks5://jane:s3cret@127.0.0.1:1";
  CHECK(mentions(failure_text(), {"proxy", "socks5://127.0.0.1:1", "connection refused"}));
  endpoint.proxy = "http://nope.invalid:3128";
  CHECK(mentions(failure_text(), {"proxy", "http://nope.invalid:3128", "no such host"}));
}

}  // namespace egress::http

TEST_SUITE_END();
