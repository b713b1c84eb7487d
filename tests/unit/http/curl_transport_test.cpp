#include "egress/http/curl_transport.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

/// A port of 127.0.0.1 that is taken but not listened at: whoever connects is refused, for as long as this
/// lives.
class ClosedPort {
 public:
  ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~ClosedPort() { ::close(socket_); }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;

  Endpoint endpoint() const {
    Endpoint made;
    made.url = "https://127.0.0.1:" + std::to_string(port_);
    return made;
  }

 private:
  int socket_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("a closed port refuses every request of a wave, each with its reason") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  const auto replies = transport.send(std::vector<Request>(3));
  REQUIRE(replies.size() == 3);
  for (const Reply& reply : replies) {
    CHECK(reply.failure == Failure::refused);
    CHECK(reply.status == 0);
    CHECK_FALSE(reply.failure_text.empty());
    CHECK_FALSE(reply.ok());
  }
  CHECK(transport.traffic().waves == 1);
  CHECK(transport.traffic().requests == 3);
}

TEST_CASE("a wave larger than what may be under way at once is answered whole") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  const auto replies = transport.send(std::vector<Request>(150));
  REQUIRE(replies.size() == 150);
  for (const Reply& reply : replies) CHECK(reply.failure == Failure::refused);
}

TEST_CASE("a stream from a closed port is refused and consumes nothing") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  bool consumed = false;
  const Reply reply = transport.stream({}, [&](std::string_view) { return consumed = true; });
  CHECK(reply.failure == Failure::refused);
  CHECK_FALSE(consumed);
}

TEST_CASE("an empty wave sends nothing") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  CHECK(transport.send({}).empty());
  CHECK(transport.traffic().requests == 0);
}

TEST_CASE("a name that nobody has is not resolved") {
  Endpoint endpoint;
  endpoint.url = "https://nope.invalid:6443";
  CurlTransport transport(endpoint);
  const auto replies = transport.send(std::vector<Request>(1));
  CHECK(replies.front().failure == Failure::unresolved);
}

}  // namespace egress::http

TEST_SUITE_END();
