#include "egress/http/liveness.hpp"

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
#include "support/folder.hpp"
#include "support/tls_server.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using std::chrono::seconds;
using testing::Variable;

int option_of(int socket, int level, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  REQUIRE(::getsockopt(socket, level, option, &value, &size) == 0);
  return value;
}

/// This process's own sockets that are connected to that port.
std::vector<int> sockets_to(int port) {
  std::vector<int> found;
  for (int socket = 0; socket < 1024; ++socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
        address.sin_family == AF_INET && ntohs(address.sin_port) == port)
      found.push_back(socket);
  }
  return found;
}

/// From now on whatever comes to that socket is dropped before TCP sees it: its machine is gone.
void vanish(int socket) {
  sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{.len = 1, .filter = &drop};
  REQUIRE(::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
}

Liveness read(const std::string& idle, const std::string& answer) {
  const Variable first("HTTP2_READ_IDLE_TIMEOUT_SECONDS", idle);
  const Variable second("HTTP2_PING_TIMEOUT_SECONDS", answer);
  return Liveness::read();
}

/// A server that begins a stream and then does `then` with its socket, and a stream from it.
struct Streamed {
  explicit Streamed(Liveness liveness, std::function<void(int socket)> then = {})
      : server(testing::issue(testing::make_authority("a"), "server", "IP:127.0.0.1"),
               testing::TlsServer::Conversation([this, then](SSL& connection) {
                 const std::string begun = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
                 SSL_write(&connection, begun.data(), static_cast<int>(begun.size()));
                 if (!then) return;
                 then(SSL_get_fd(&connection));
                 over.get_future().wait();
               })) {
    endpoint.url = server.url();
    endpoint.insecure = true;
    endpoint.http2 = false;
    endpoint.liveness = liveness;
  }

  Reply read(const std::function<bool(std::string_view)>& consume) {
    CurlTransport transport(endpoint);
    Reply reply = transport.stream({.target = "/x", .timeout = seconds(30)}, consume);
    over.set_value();
    return reply;
  }

  std::promise<void> over;
  Endpoint endpoint;
  testing::TlsServer server;
};

}  // namespace

TEST_CASE("how long a connection may be silent is client-go's, unless its variables say otherwise") {
  const auto check = [](const Liveness& found, int idle, int answer) {
    CHECK(found.idle == seconds(idle));
    CHECK(found.answer == seconds(answer));
  };
  check(read("", ""), 30, 15);
  check(read("10", "5"), 10, 5);
  check(read("0", "5"), 0, 5);
  check(read("soon", "5s"), 30, 15);
  check(read("-3", "0"), 0, 15);
  check(read("999999999", "1"), 32767, 1);
}

TEST_CASE("the kernel keeps watch over every connection") {
  const auto check = [](Liveness liveness, const std::function<void(int socket)>& look) {
    Streamed streamed(liveness, [](int) {});
    int looked = 0;
    streamed.read([&](std::string_view) {
      for (const int socket : sockets_to(streamed.server.port())) {
        ++looked;
        look(socket);
      }
      return false;
    });
    CHECK(looked == 1);
  };
  check({}, [](int socket) {
    CHECK(option_of(socket, SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE) == 30);
    CHECK(option_of(socket, IPPROTO_TCP, TCP_KEEPINTVL) == 5);
    CHECK(option_of(socket, IPPROTO_TCP, TCP_USER_TIMEOUT) == 45'000);
  });
  check({.idle = seconds(0)}, [](int socket) {
    CHECK(option_of(socket, SOL_SOCKET, SO_KEEPALIVE) == 0);
    CHECK(option_of(socket, IPPROTO_TCP, TCP_USER_TIMEOUT) == 0);
  });
}

TEST_CASE("a silent stream whose server is gone without a word is given up") {
  Streamed streamed({.idle = seconds(1), .answer = seconds(1)}, vanish);
  const Reply reply = streamed.read([](std::string_view) { return true; });
  CHECK(reply.failure == Failure::lost);
  CHECK(reply.failure_text == "http2: client connection lost");
}

TEST_CASE("a silent stream whose server is there goes on") {
  Streamed streamed({.idle = seconds(1), .answer = seconds(1)}, [](int) {});
  CurlTransport transport(streamed.endpoint);
  const Reply reply =
      transport.stream({.target = "/x", .timeout = seconds(4)}, [](std::string_view) { return true; });
  CHECK(reply.failure == Failure::timed_out);
  streamed.over.set_value();
}

}  // namespace egress::http

TEST_SUITE_END();
