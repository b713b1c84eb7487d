#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "egress/http/curl_transport.hpp"
#include "support/folder.hpp"
#include "support/loopback_server.hpp"
#include "support/tls_server.hpp"
#include "support/tunnel.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using testing::Heard;
using testing::issue;
using testing::Issued;
using testing::LoopbackServer;
using testing::TlsServer;

const x509::Pair& authority() {
  static const x509::Pair made = testing::make_authority("the cluster's CA");
  return made;
}

std::string roots(const x509::Pair& from = authority()) {
  return x509::pem(*from.certificate);
}

std::string echo(const Heard& heard) {
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

  Reply get() const {
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  }
  /// Why the server is not trusted.
  std::string distrust() const {
    const Reply reply = get();
    CHECK(reply.failure == Failure::untrusted);
    return reply.failure_text;
  }

  TlsServer server;
  Endpoint endpoint;
};

}  // namespace

TEST_CASE("a server whose certificate the roots signed for its address is trusted") {
  const Served served("x", "IP:127.0.0.1");
  const Reply reply = served.get();
  CHECK(reply.failure_text.empty());
  CHECK(reply.ok());
  CHECK(reply.body.find("GET /x HTTP/1.1") != std::string::npos);
}

TEST_CASE("the given roots are the only ones") {
  Served served("x", "IP:127.0.0.1");
  served.endpoint.certificate_authority = roots(testing::make_authority("another"));
  CHECK(served.distrust() == "x509: certificate signed by unknown authority");
  // The machine's own roots, where SSL_CERT_FILE says what they are, do not count beside them.
  const testing::Folder folder;
  const testing::Variable variable("SSL_CERT_FILE", folder.write("roots.pem", roots()));
  CHECK(served.distrust() == "x509: certificate signed by unknown authority");
  served.endpoint.certificate_authority.clear();
  CHECK(served.get().ok());
}

TEST_CASE("without roots the machine's own are trusted, and do not know the cluster's") {
  Served served("x", "IP:127.0.0.1");
  served.endpoint.certificate_authority.clear();
  CHECK(served.distrust() == "x509: certificate signed by unknown authority");
}

TEST_CASE("no verification is no verification") {
  Served served("x", "DNS:other.example");
  served.endpoint.certificate_authority.clear();
  served.endpoint.insecure = true;
  CHECK(served.get().ok());
}

TEST_CASE("a common name alone is not a name") {
  Served served("localhost", "");
  served.endpoint.server_name = "localhost";
  CHECK(served.distrust() == "x509: certificate relies on legacy Common Name field, use SANs instead");
}

TEST_CASE("an address needs an address in the certificate") {
  CHECK(Served("x", "DNS:localhost").distrust() ==
        "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
  CHECK(Served("x", "DNS:127.0.0.1,IP:10.0.0.1,IP:::1").distrust() ==
        "x509: certificate is valid for 10.0.0.1, ::1, not 127.0.0.1");
}

TEST_CASE("a server at an address of IPv6 is reached and verified, its brackets are not part of the name") {
  const auto reply_of = [](const std::string& names) {
    const auto server = TlsServer::at_ipv6(issue(authority(), "x", names), echo);
    Endpoint endpoint;
    endpoint.url = server->url();
    endpoint.certificate_authority = roots();
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  };
  const Reply reply = reply_of("IP:::1");
  CHECK(reply.failure_text.empty());
  CHECK(reply.ok());
  CHECK(reply.body.find("Host: [::1]:") != std::string::npos);
  CHECK(reply_of("IP:127.0.0.1").failure_text == "x509: certificate is valid for 127.0.0.1, not ::1");
  CHECK(reply_of("DNS:localhost").failure_text ==
        "x509: cannot validate certificate for ::1 because it doesn't contain any IP SANs");
}

TEST_CASE("the name to expect is sent as SNI and verified, the Host header stays") {
  Served served("x", "DNS:api.example");
  served.endpoint.server_name = "api.example";
  const Reply reply = served.get();
  CHECK(reply.failure_text.empty());
  CHECK(reply.body.starts_with("api.example||GET /x"));
  CHECK(reply.body.find("Host: 127.0.0.1:" + std::to_string(served.server.port())) != std::string::npos);
  served.endpoint.server_name = "other.example";
  CHECK(served.distrust() == "x509: certificate is valid for api.example, not other.example");
}

TEST_CASE("the server's own certificate, or one between, may be the root") {
  const Issued own = issue(authority(), "x", "IP:127.0.0.1");
  Served served(own);
  served.endpoint.certificate_authority = own.certificate;
  CHECK(served.get().ok());
}

TEST_CASE("a client certificate is shown, and another one from when it is presented") {
  Served served("x", "IP:127.0.0.1");
  const Issued jane = issue(authority(), "jane", "");
  const Issued john = issue(authority(), "john", "");
  served.endpoint.client_certificate = jane.certificate;
  served.endpoint.client_key = jane.key;
  CurlTransport transport(served.endpoint);
  const Request request{.target = "/x"};
  CHECK(transport.send(std::span(&request, 1)).front().body.starts_with("|/CN=jane|"));
  transport.present(john.certificate, john.key);
  CHECK(transport.send(std::span(&request, 1)).front().body.starts_with("|/CN=john|"));
}

TEST_CASE("a server that speaks plain HTTP is told as such") {
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
    const std::string reply = "HTTP/1.0 400 Bad Request\r\n\r\n";
    ::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL);
    ::shutdown(connection, SHUT_WR);
    char byte = 0;
    while (::read(connection, &byte, 1) == 1) continue;
    ::close(connection);
  });
  Endpoint endpoint;
  endpoint.url = "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  const Reply reply = transport.send(std::span(&request, 1)).front();
  server.join();
  ::close(listener);
  CHECK(reply.failure == Failure::not_tls);
  CHECK(reply.failure_text == "first record does not look like a TLS handshake");
}

TEST_CASE("a server that never answers the handshake is given up, by the whole wave at once") {
  const LoopbackServer silent([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return std::string();
  });
  Endpoint endpoint;
  endpoint.url = "https" + silent.url().substr(4);
  endpoint.handshake_timeout = std::chrono::milliseconds(200);
  CurlTransport transport(endpoint);
  const auto began = std::chrono::steady_clock::now();
  const auto replies = transport.send(std::vector<Request>(100));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  for (const Reply& reply : replies) {
    CHECK(reply.failure == Failure::timed_out);
    CHECK(reply.failure_text == "net/http: TLS handshake timeout");
  }
}

TEST_CASE("with little patience a silent server is given up at each step, and one that goes on is not") {
  using std::chrono::milliseconds;
  const auto slow = [](int parts) {
    return [parts](const std::string&) {
      std::this_thread::sleep_for(milliseconds(parts * 100));
      return LoopbackServer::ok("slow");
    };
  };
  const LoopbackServer silent(slow(9));
  const LoopbackServer sluggish(slow(1));
  const auto reply = [](const std::string& url, milliseconds patience) {
    Endpoint endpoint;
    endpoint.url = url;
    endpoint.patience = patience;
    CurlTransport transport(endpoint);
    const auto began = std::chrono::steady_clock::now();
    const Request request{.target = "/x"};
    Reply got = transport.send(std::span(&request, 1)).front();
    CHECK(std::chrono::steady_clock::now() - began < milliseconds(800));
    return got;
  };
  CHECK(reply(silent.url(), milliseconds(50)).failure == Failure::timed_out);
  CHECK(reply("https" + silent.url().substr(4), milliseconds(50)).failure == Failure::timed_out);
  CHECK(reply(sluggish.url(), milliseconds(600)).ok());
}

TEST_CASE("a server of TLS is reached through a proxy, which learns its name and nothing else") {
  const testing::Tunnel tunnel;
  Served served("x", "DNS:api.example");
  served.endpoint.url = "https://api.example:" + std::to_string(served.server.port());
  const Request request{.target = "/x", .headers = {"Authorization: Bearer s3cret"}};
  const auto reply = [&](const std::string& proxy) {
    served.endpoint.proxy = proxy;
    CurlTransport transport(served.endpoint);
    return transport.send(std::span(&request, 1)).front();
  };
  const Reply connected = reply("http://jane:pw@" + tunnel.authority());
  CHECK(connected.failure_text.empty());
  CHECK(connected.body.find("Bearer s3cret") != std::string::npos);
  CHECK(tunnel.asked().starts_with("CONNECT api.example:" + std::to_string(served.server.port()) + " "));
  CHECK(tunnel.asked().find("s3cret") == std::string::npos);

  CHECK(reply("socks5://jane:pw@" + tunnel.authority()).ok());
  CHECK(tunnel.asked() == "socks5 api.example:" + std::to_string(served.server.port()));

  const Reply stranger = reply("http://john:pw@" + tunnel.authority());
  CHECK(stranger.failure == Failure::proxy);
  CHECK(stranger.failure_text == "the proxy http://" + tunnel.authority() +
                                     " refused to connect to the server (HTTP status 407: it asks for a user "
                                     "and a password)");
  CHECK(reply("socks5://john:pw@" + tunnel.authority()).failure == Failure::proxy);

  served.endpoint.url = "https://api.example:1";
  const Reply gone = reply("socks5://jane:pw@" + tunnel.authority());
  CHECK(gone.failure == Failure::proxy);
  CHECK(gone.failure_text.starts_with("the proxy socks5://" + tunnel.authority() + " did not connect"));
}

TEST_CASE("a proxy of TLS is verified with the server's roots, and told as itself where it is not trusted") {
  const testing::Tunnel tunnel(issue(authority(), "x", "IP:127.0.0.1"));
  Served served("x", "DNS:api.example");
  served.endpoint.url = "https://api.example:" + std::to_string(served.server.port());
  served.endpoint.proxy = "https://jane:pw@" + tunnel.authority();
  const Reply connected = served.get();
  CHECK(connected.failure_text.empty());
  CHECK(connected.body.find("GET /x HTTP/1.1") != std::string::npos);
  CHECK(tunnel.asked().starts_with("CONNECT api.example:" + std::to_string(served.server.port()) + " "));

  served.endpoint.certificate_authority = roots(testing::make_authority("another"));
  const Reply untrusted = served.get();
  CHECK(untrusted.failure == Failure::proxy);
  CHECK(untrusted.failure_text == "the proxy https://" + tunnel.authority() +
                                      " did not connect to the server: tls: failed to verify certificate: "
                                      "x509: certificate signed by unknown authority");
  served.endpoint.insecure = true;
  CHECK(served.get().ok());
}

TEST_CASE("a proxy of TLS needs a certificate for its own name") {
  const testing::Tunnel tunnel(issue(authority(), "x", "DNS:proxy.example"));
  Served served("x", "DNS:api.example");
  served.endpoint.url = "https://api.example:" + std::to_string(served.server.port());
  served.endpoint.proxy = "https://jane:pw@" + tunnel.authority();
  const Reply reply = served.get();
  CHECK(reply.failure == Failure::proxy);
  CHECK(reply.failure_text.find("x509: cannot validate certificate for 127.0.0.1 because it doesn't contain "
                                "any IP SANs") != std::string::npos);
}

TEST_CASE("a proxy gets the whole URL of a plain server, and its own password") {
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

TEST_CASE("a proxy that refuses, or is not there, is named, without its password") {
  const LoopbackServer proxy([](const std::string&) {
    return std::string("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  Endpoint endpoint;
  endpoint.url = "https://api.example:6443";
  endpoint.proxy = "http://jane:s3cret@" + proxy.url().substr(7);
  const auto told = [&] {
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    const Reply reply = transport.send(std::span(&request, 1)).front();
    CHECK(reply.failure == Failure::proxy);
    return reply.failure_text;
  };
  CHECK(told() == "the proxy " + proxy.url() + " refused to connect to the server (HTTP status 403)");
  endpoint.proxy = "socks5://jane:s3cret@127.0.0.1:1";
  CHECK(told() == "the proxy socks5://127.0.0.1:1 cannot be reached: connection refused");
  endpoint.proxy = "http://nope.invalid:3128";
  CHECK(told() == "the proxy http://nope.invalid:3128 cannot be reached: no such host");
}

}  // namespace egress::http

TEST_SUITE_END();
