#include "egress/http/keep_alive.hpp"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <vector>

#include "egress/http/curl_transport.hpp"
#include "support/environment_variable.hpp"
#include "support/tls_server.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using std::chrono::seconds;
using testing::EnvironmentVariable;

int socket_option(int socket, int level, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  REQUIRE(::getsockopt(socket, level, option, &value, &size) == 0);
  return value;
}

/// The sockets of this process that are connected to the port.
std::vector<int> sockets_connected_to(int port) {
  std::vector<int> sockets;
  for (int socket = 0; socket < 1024; ++socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
        address.sin_family == AF_INET && ntohs(address.sin_port) == port)
      sockets.push_back(socket);
  }
  return sockets;
}

/// Drops all packets to the socket before TCP sees them, as if its machine were gone.
void drop_packets(int socket) {
  sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{.len = 1, .filter = &drop};
  REQUIRE(::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
}

KeepAlive from_environment(const std::string& idle, const std::string& ping_timeout) {
  const EnvironmentVariable first("HTTP2_READ_IDLE_TIMEOUT_SECONDS", idle);
  const EnvironmentVariable second("HTTP2_PING_TIMEOUT_SECONDS", ping_timeout);
  return KeepAlive::from_environment();
}

/// A stream from a server, which sends one chunk and then calls `then` with its socket.
struct StreamFixture {
  explicit StreamFixture(KeepAlive keep_alive, std::function<void(int socket)> then = {})
      : server(testing::issue(testing::make_ca("a"), "server", "IP:127.0.0.1"),
               testing::TlsServer::ConnectionHandler([this, then](SSL& connection) {
                 const std::string response =
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
                 SSL_write(&connection, response.data(), static_cast<int>(response.size()));
                 if (!then) return;
                 then(SSL_get_fd(&connection));
                 is_finished.get_future().wait();
               })) {
    endpoint.url = server.url();
    endpoint.insecure = true;
    endpoint.http2 = false;
    endpoint.keep_alive = keep_alive;
  }

  Response read(const std::function<bool(std::string_view)>& consume) {
    CurlTransport transport(endpoint);
    Response response = transport.stream({.target = "/x", .timeout = seconds(30)}, consume);
    is_finished.set_value();
    return response;
  }

  std::promise<void> is_finished;
  Endpoint endpoint;
  testing::TlsServer server;
};

}  // namespace

TEST_CASE("the keepalive defaults are client-go's, and its environment variables override them") {
  const auto check = [](const KeepAlive& actual, int idle, int ping_timeout) {
    CHECK(actual.idle == seconds(idle));
    CHECK(actual.ping_timeout == seconds(ping_timeout));
  };
  check(from_environment("", ""), 30, 15);
  check(from_environment("10", "5"), 10, 5);
  check(from_environment("0", "5"), 0, 5);
  check(from_environment("soon", "5s"), 30, 15);
  check(from_environment("-3", "0"), 0, 15);
  check(from_environment("999999999", "1"), 32767, 1);
}

TEST_CASE("keepalive is enabled on every connection") {
  const auto check = [](KeepAlive keep_alive, const std::function<void(int socket)>& inspect) {
    StreamFixture fixture(keep_alive, [](int) {});
    int inspected = 0;
    fixture.read([&](std::string_view) {
      for (const int socket : sockets_connected_to(fixture.server.port())) {
        ++inspected;
        inspect(socket);
      }
      return false;
    });
    CHECK(inspected == 1);
  };
  check({}, [](int socket) {
    CHECK(socket_option(socket, SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(socket_option(socket, IPPROTO_TCP, TCP_KEEPIDLE) == 30);
    CHECK(socket_option(socket, IPPROTO_TCP, TCP_KEEPINTVL) == 5);
    CHECK(socket_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT) == 45'000);
  });
  check({.idle = seconds(0)}, [](int socket) {
    CHECK(socket_option(socket, SOL_SOCKET, SO_KEEPALIVE) == 0);
    CHECK(socket_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT) == 0);
  });
}

TEST_CASE("a silent stream fails if its server is gone without closing the connection") {
  StreamFixture fixture({.idle = seconds(1), .ping_timeout = seconds(1)}, drop_packets);
  const Response response = fixture.read([](std::string_view) { return true; });
  CHECK(response.failure == Failure::connection_lost);
  CHECK(response.failure_text == "http2: client connection lost");
}

TEST_CASE("a silent stream continues if its server is alive") {
  StreamFixture fixture({.idle = seconds(1), .ping_timeout = seconds(1)}, [](int) {});
  CurlTransport transport(fixture.endpoint);
  const Response response =
      transport.stream({.target = "/x", .timeout = seconds(4)}, [](std::string_view) { return true; });
  CHECK(response.failure == Failure::timed_out);
  fixture.is_finished.set_value();
}

}  // namespace egress::http

TEST_SUITE_END();
