#include "egress/http/curl_transport.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "support/loopback_server.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using testing::LoopbackServer;

Endpoint endpoint_for(const LoopbackServer& server) {
  Endpoint result;
  result.url = server.url();
  return result;
}

/// A bound port of 127.0.0.1 without a listener: connections are refused as long as this object exists.
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
    Endpoint result;
    result.url = "https://127.0.0.1:" + std::to_string(port_);
    return result;
  }

 private:
  int socket_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("responses are in the order of the requests") {
  const LoopbackServer server([](const std::string& line) { return LoopbackServer::ok(line); });
  CurlTransport transport(endpoint_for(server));
  std::vector<Request> wave;
  for (int i = 0; i < 20; ++i) wave.push_back({.target = "/" + std::to_string(i)});
  const auto responses = transport.send(wave);
  REQUIRE(responses.size() == 20);
  for (std::size_t i = 0; i < responses.size(); ++i)
    CHECK(responses[i].body == "GET /" + std::to_string(i) + " HTTP/1.1");
  CHECK(transport.traffic().waves == 1);
  CHECK(transport.traffic().requests == 20);
}

TEST_CASE("an exception from the consumer ends the stream, and the transport remains usable") {
  const LoopbackServer server([](const std::string&) { return LoopbackServer::ok("some body"); });
  CurlTransport transport(endpoint_for(server));
  const Request request{.target = "/watch"};
  CHECK_THROWS_WITH(
      transport.stream(request, [](std::string_view) -> bool { throw std::runtime_error("no"); }), "no");
  CHECK(transport.send(std::span(&request, 1)).front().body == "some body");
}

TEST_CASE("a consumer can end the stream without an error") {
  const LoopbackServer server(
      [](const std::string&) { return LoopbackServer::ok(std::string(100'000, 'x')); });
  CurlTransport transport(endpoint_for(server));
  std::size_t size = 0;
  const Response response = transport.stream({.target = "/watch"}, [&](std::string_view data) {
    size += data.size();
    return false;
  });
  CHECK(response.ok());
  CHECK(size > 0);
  CHECK(response.body.empty());
}

TEST_CASE("status and headers are reported as soon as they arrive, and only those of the last response") {
  const LoopbackServer server([](const std::string& line) {
    return line.find("/there") == std::string::npos
               ? "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
               : LoopbackServer::ok("some body");
  });
  CurlTransport transport(endpoint_for(server));
  std::vector<std::string> order;
  const auto record_headers = [&](const Response& response) {
    CHECK(response.body.empty());
    order.push_back(std::to_string(response.status) + " " + std::string(response.header("content-type")));
  };
  const Response response =
      transport.stream({.target = "/watch", .on_headers = record_headers}, [&](std::string_view data) {
        order.emplace_back(data);
        return true;
      });
  CHECK(response.ok());
  CHECK(order == std::vector<std::string>{"200 application/json", "some body"});
  const auto throws = [](const Response&) { throw std::runtime_error("no"); };
  CHECK_THROWS_WITH(
      transport.stream({.target = "/there", .on_headers = throws}, [](std::string_view) { return true; }),
      "no");
}

TEST_CASE("a compressed response is decompressed, as a whole and as a stream") {
  const unsigned char packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
                                  0x2b, 0xce, 0xcf, 0x4d, 0x55, 0x48, 0xca, 0x4f, 0xa9, 0x04,
                                  0x00, 0xcf, 0x11, 0x99, 0xaf, 0x09, 0x00, 0x00, 0x00};
  std::string answer = LoopbackServer::ok({std::begin(packed), std::end(packed)});
  answer.insert(answer.find("\r\n") + 2, "Content-Encoding: gzip\r\n");
  const LoopbackServer server([&](const std::string&) { return answer; });
  const Request request{.target = "/x"};
  CurlTransport transport(endpoint_for(server));
  CHECK(transport.send(std::span(&request, 1)).front().body == "some body");
  std::string streamed;
  transport.stream(request, [&](std::string_view data) {
    streamed += data;
    return true;
  });
  CHECK(streamed == "some body");
}

TEST_CASE("a read follows redirects on the same server; a write, and a redirect to another server, do not") {
  std::string location = "/there?x=y";
  std::vector<std::string> lines;
  const LoopbackServer server([&](const std::string& line) {
    lines.push_back(line);
    if (line.find("/there") != std::string::npos) return LoopbackServer::ok("there");
    return "HTTP/1.1 307 Moved\r\nLocation: " + location +
           "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  });
  const auto response = [&](const Request& request) {
    CurlTransport transport(endpoint_for(server));
    lines.clear();
    return transport.send(std::span(&request, 1)).front();
  };
  CHECK(response({.target = "/here"}).body == "there");
  CHECK(lines == std::vector<std::string>{"GET /here HTTP/1.1", "GET /there?x=y HTTP/1.1"});
  location = server.url() + "/there";
  CHECK(response({.target = "/here"}).body == "there");

  CHECK(response({.method = "PATCH", .target = "/here", .body = "{}"}).status == 307);
  CHECK(lines.size() == 1);
  location = "/here";
  CHECK(response({.target = "/here"}).failure_text == "stopped after 10 redirects");
  for (const char* other :
       {"http://127.0.0.1:1/there", "//127.0.0.1:1/there", "https://127.0.0.1/there",
        "http:/127.0.0.1:1/there", "http:127.0.0.1:1/there", "/\\127.0.0.1:1/there", "there"}) {
    CAPTURE(other);
    location = other;
    const Response refused = response({.target = "/here"});
    CHECK(refused.failure == Failure::other);
    CHECK(refused.failure_text.starts_with("redirected to "));
    CHECK(lines.size() == 1);
  }
}

TEST_CASE("a time-out is reported with the last step of the connection") {
  const LoopbackServer server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return LoopbackServer::ok("late");
  });
  CurlTransport transport(endpoint_for(server));
  const Request request{.target = "/x", .timeout = std::chrono::milliseconds(50)};
  const Response response = transport.send(std::span(&request, 1)).front();
  CHECK(response.failure == Failure::timed_out);
  CHECK(response.failure_text ==
        "net/http: request canceled (Client.Timeout exceeded while awaiting headers)");
}

TEST_CASE("the local machine is never reached through a proxy") {
  const LoopbackServer server([](const std::string& line) { return LoopbackServer::ok(line); });
  const LoopbackServer proxy([](const std::string&) { return LoopbackServer::ok("by proxy"); });
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  CurlTransport transport(endpoint_for(server));
  const Request request{.target = "/x"};
  const auto responses = transport.send(std::span(&request, 1));
  ::unsetenv("http_proxy");
  CHECK(responses.front().body == "GET /x HTTP/1.1");
}

TEST_CASE("a closed port refuses every request of a wave") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  const auto responses = transport.send(std::vector<Request>(3));
  REQUIRE(responses.size() == 3);
  for (const Response& response : responses) {
    CHECK(response.failure == Failure::connection_refused);
    CHECK(response.status == 0);
    CHECK_FALSE(response.failure_text.empty());
    CHECK_FALSE(response.ok());
  }
  CHECK(transport.traffic().waves == 1);
  CHECK(transport.traffic().requests == 3);
}

TEST_CASE("a wave larger than the limit in flight gets all its responses") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  const auto responses = transport.send(std::vector<Request>(150));
  REQUIRE(responses.size() == 150);
  for (const Response& response : responses) CHECK(response.failure == Failure::connection_refused);
}

TEST_CASE("a stream from a closed port is refused and consumes nothing") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  bool consumed = false;
  const Response response = transport.stream({}, [&](std::string_view) { return consumed = true; });
  CHECK(response.failure == Failure::connection_refused);
  CHECK_FALSE(consumed);
}

TEST_CASE("an empty wave sends nothing") {
  const ClosedPort port;
  CurlTransport transport(port.endpoint());
  CHECK(transport.send({}).empty());
  CHECK(transport.traffic().requests == 0);
}

TEST_CASE("an unknown host name is not resolved") {
  Endpoint endpoint;
  endpoint.url = "https://nope.invalid:6443";
  CurlTransport transport(endpoint);
  const auto responses = transport.send(std::vector<Request>(1));
  CHECK(responses.front().failure == Failure::name_not_resolved);
}

}  // namespace egress::http

TEST_SUITE_END();
