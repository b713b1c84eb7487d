#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <atomic>

#include <cstdlib>
#include <thread>

#include "egress/http/curl_transport.hpp"
#include "egress/http/retrying_transport.hpp"
#include "support/folder.hpp"
#include "support/loopback_server.hpp"
#include "support/served.hpp"
#include "support/tls_server.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using testing::authority;
using testing::echo;
using testing::issue;
using testing::Issued;
using testing::LoopbackServer;
using testing::roots;
using testing::Served;
using testing::TlsServer;

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

TEST_CASE("a common name is no name either beside names of other kinds") {
  for (const std::string names :
       {"URI:spiffe://localhost", "email:a@localhost", "URI:spiffe://x,email:a@b"}) {
    CAPTURE(names);
    Served served("localhost", names);
    served.endpoint.server_name = "localhost";
    CHECK(served.distrust() == "x509: certificate is not valid for any names, but wanted to match localhost");
    served.endpoint.server_name.clear();
    CHECK(served.distrust() ==
          "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
  }
}

TEST_CASE("a star in a certificate stands for one label, though but one is behind it, as with Go") {
  const auto reached = [](const std::string& name, const std::string& host) {
    Served served("x", "DNS:" + name);
    served.endpoint.server_name = host;
    const Reply reply = served.get();
    CHECK((reply.ok() || reply.failure == Failure::untrusted));
    return reply.ok();
  };
  CHECK(reached("*.internal", "api.internal"));
  CHECK(reached("*.example.com", "API.example.com"));
  CHECK_FALSE(reached("*.internal", "a.b.internal"));
  CHECK_FALSE(reached("*.internal", "internal"));
  CHECK_FALSE(reached("*", "internal"));
  CHECK_FALSE(reached("a*.internal", "api.internal"));
  CHECK_FALSE(reached("*.0.0.1", "127.0.0.1"));
  Served served("x", "DNS:*.internal");
  served.endpoint.server_name = "a.b.internal";
  CHECK(served.distrust() == "x509: certificate is valid for *.internal, not a.b.internal");
}

TEST_CASE("a name to expect may be an address, in brackets or not") {
  for (const std::string name : {"::1", "[::1]"}) {
    CAPTURE(name);
    Served served("x", "IP:::1");
    served.endpoint.server_name = name;
    const Reply reply = served.get();
    CHECK(reply.failure_text.empty());
    CHECK(reply.body.starts_with("||GET /x"));
    Served other("x", "IP:127.0.0.1");
    other.endpoint.server_name = name;
    CHECK(other.distrust() == "x509: certificate is valid for 127.0.0.1, not ::1");
  }
}

TEST_CASE("every new connection is verified, whatever session the server offers to take up again") {
  Served served("x", "IP:127.0.0.1");
  CurlTransport transport(served.endpoint);
  const Request request{.target = "/x"};
  for (int i = 0; i < 3; ++i) CHECK(transport.send(std::span(&request, 1)).front().ok());
  CHECK(transport.traffic().connections == 3);
  served.endpoint.server_name = "other.example";
  CHECK(served.distrust() ==
        "x509: certificate is not valid for any names, but wanted to match other.example");
}

TEST_CASE("a header without a value is sent as such") {
  const Served served("x", "IP:127.0.0.1");
  CurlTransport transport(served.endpoint);
  const Request request{.target = "/x", .headers = {"Impersonate-Group: ", "Impersonate-Extra-k:  ", "A: b"}};
  const std::string heard = transport.send(std::span(&request, 1)).front().body;
  CHECK(heard.find("\r\nImpersonate-Group:\r\n") != std::string::npos);
  CHECK(heard.find("\r\nImpersonate-Extra-k:\r\n") != std::string::npos);
  CHECK(heard.find("\r\nA: b\r\n") != std::string::npos);
}

TEST_CASE("a server that demands a client certificate says so, and is not asked again") {
  struct Spoken {
    int version;
    bool http2;
  };
  for (const Spoken spoken : {Spoken{TLS1_2_VERSION, false}, Spoken{TLS1_3_VERSION, false},
                              Spoken{TLS1_2_VERSION, true}, Spoken{TLS1_3_VERSION, true}}) {
    CAPTURE(spoken.version);
    CAPTURE(spoken.http2);
    const auto server =
        TlsServer::demanding(issue(authority(), "x", "IP:127.0.0.1"), echo, spoken.version, spoken.http2);
    Endpoint endpoint;
    endpoint.url = server->url();
    endpoint.certificate_authority = roots();
    const auto get = [&endpoint] {
      CurlTransport transport(endpoint);
      RetryingTransport retrying(transport, [](auto) { FAIL("it is tried again"); });
      const Request request{.target = "/x"};
      return retrying.send(std::span(&request, 1)).front();
    };
    const Reply refused = get();
    CHECK(refused.failure == Failure::alert);
    CHECK(refused.failure_text == (spoken.version == TLS1_3_VERSION
                                       ? "remote error: tls: certificate required"
                                       : "remote error: tls: handshake failure"));
    if (spoken.http2) continue;
    const Issued jane = issue(authority(), "jane", "");
    endpoint.client_certificate = jane.certificate;
    endpoint.client_key = jane.key;
    CHECK(get().ok());
  }
}

TEST_CASE("a server that is silent in the midst of a request is given up, and a stream from it is not") {
  const LoopbackServer server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3500));
    return LoopbackServer::ok("late");
  });
  Endpoint endpoint;
  CHECK(endpoint.longest_silence == std::chrono::seconds(300));
  endpoint.url = server.url();
  endpoint.longest_silence = std::chrono::seconds(1);
  CurlTransport transport(endpoint);
  const Request request{.target = "/x"};
  const Reply reply = transport.send(std::span(&request, 1)).front();
  CHECK(reply.failure == Failure::lost);
  CHECK(reply.failure_text == "the connection is open, but nothing has come for 1 seconds");
  CHECK(transport.stream(request, [](std::string_view) { return true; }).ok());
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

  // The server does not show the one that signed its own.
  const x509::Pair between = testing::make_authority("between", authority());
  Served signed_by_it(issue(between, "x", "IP:127.0.0.1"));
  CHECK(signed_by_it.distrust() == "x509: certificate signed by unknown authority");
  signed_by_it.endpoint.certificate_authority = roots(between);
  CHECK(signed_by_it.get().ok());
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
  const auto replies = transport.send(std::vector<Request>(100));
  REQUIRE(replies.size() == 100);
  // One after the other they would keep the server busy for long.
  CHECK(connections < 10);
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
  // It answers in the end: whoever waited for it does not time out.
  const LoopbackServer silent(slow(9));
  const LoopbackServer sluggish(slow(1));
  const auto reply = [](const std::string& url, milliseconds patience) {
    Endpoint endpoint;
    endpoint.url = url;
    endpoint.patience = patience;
    CurlTransport transport(endpoint);
    const Request request{.target = "/x"};
    return transport.send(std::span(&request, 1)).front();
  };
  CHECK(reply(silent.url(), milliseconds(50)).failure == Failure::timed_out);
  CHECK(reply("https" + silent.url().substr(4), milliseconds(50)).failure == Failure::timed_out);
  CHECK(reply(sluggish.url(), milliseconds(600)).ok());
}

}  // namespace egress::http

TEST_SUITE_END();
