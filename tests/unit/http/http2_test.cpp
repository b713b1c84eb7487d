#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <optional>

#include "egress/http/curl_transport.hpp"
#include "support/tls_server.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

enum class Frame : unsigned char { data = 0, headers = 1, settings = 4 };
constexpr unsigned char end_stream = 1;
constexpr unsigned char end_headers = 4;
constexpr unsigned char acknowledged = 1;
constexpr std::size_t frame_header_size = 9;
constexpr std::size_t preface_size = 24;
/// ":status: 200", indexed in HPACK's static table (RFC 7541, appendix A).
const std::string status_ok = "\x88";

std::string frame(Frame type, int flags, int stream, const std::string& payload) {
  std::string result;
  for (const std::size_t part : {payload.size() >> 16U, payload.size() >> 8U, payload.size()})
    result += static_cast<char>(part & 0xffU);
  result += static_cast<char>(type);
  result += static_cast<char>(flags);
  return result + std::string{0, 0, 0, static_cast<char>(stream)} + payload;
}

std::string read(SSL& connection, std::size_t size) {
  std::string text(size, 0);
  std::size_t size_read = 0;
  while (size_read < size) {
    const int count = SSL_read(&connection, text.data() + size_read, static_cast<int>(size - size_read));
    if (count <= 0) return {};
    size_read += static_cast<std::size_t>(count);
  }
  return text;
}

void write(SSL& connection, const std::string& frames) {
  SSL_write(&connection, frames.data(), static_cast<int>(frames.size()));
}

/// Reads a frame and returns its type; nullopt after the client has closed the connection.
std::optional<Frame> read_frame(SSL& connection) {
  const std::string header = read(connection, frame_header_size);
  if (header.empty()) return std::nullopt;
  std::size_t size = 0;
  for (const char part : header.substr(0, 3)) size = size << 8U | static_cast<unsigned char>(part);
  if (size > 0) read(connection, size);
  return static_cast<Frame>(header[3]);
}

void cork(SSL& connection, int on) {
  ::setsockopt(SSL_get_fd(&connection), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

/// Answers two requests in one burst: the larger response to the second request surrounds the response to the
/// first.
void answer_both(SSL& connection) {
  read(connection, preface_size);
  write(connection, frame(Frame::settings, 0, 0, ""));
  write(connection, frame(Frame::settings, acknowledged, 0, ""));
  for (int requests = 0; requests < 2;) {
    const auto type = read_frame(connection);
    if (!type) return;
    requests += *type == Frame::headers ? 1 : 0;
  }
  cork(connection, 1);
  write(connection,
        frame(Frame::headers, end_headers, 3, status_ok) + frame(Frame::data, 0, 3, std::string(16000, 'b')));
  write(connection, frame(Frame::headers, end_headers, 1, status_ok) +
                        frame(Frame::data, end_stream, 1, "a") +
                        frame(Frame::data, end_stream, 3, std::string(1000, 'b')));
  cork(connection, 0);
  while (read_frame(connection)) continue;
}

}  // namespace

// libcurl 7.88 never noticed the end of an HTTP/2 response that overflowed its transfer's buffer while
// another transfer was reading, and that came last on the connection.
TEST_CASE("a response that another transfer receives is complete") {
  const auto authority = testing::make_ca("authority");
  const testing::TlsServer server(testing::issue(authority, "server", "IP:127.0.0.1"),
                                  testing::TlsServer::ConnectionHandler(answer_both));
  Endpoint endpoint;
  endpoint.url = server.url();
  endpoint.insecure = true;
  CurlTransport transport(endpoint);
  const std::chrono::seconds limit(10);
  const auto responses = transport.send(
      std::vector<Request>{{.target = "/a", .timeout = limit}, {.target = "/b", .timeout = limit}});
  CHECK(responses.at(0).body == "a");
  CHECK(responses.at(1).failure_text == "");
  CHECK(responses.at(1).body == std::string(17000, 'b'));
  CHECK(transport.traffic().connections == 1);
}

TEST_CASE("HTTP/2 is offered unless it is disabled") {
  const auto authority = testing::make_ca("authority");
  std::vector<std::string> protocols;
  const testing::TlsServer server(testing::issue(authority, "server", "IP:127.0.0.1"),
                                  testing::TlsServer::ConnectionHandler([&](SSL& connection) {
                                    const unsigned char* name = nullptr;
                                    unsigned size = 0;
                                    SSL_get0_alpn_selected(&connection, &name, &size);
                                    protocols.emplace_back(reinterpret_cast<const char*>(name), size);
                                  }));
  for (const bool http2 : {true, false}) {
    Endpoint endpoint;
    endpoint.url = server.url();
    endpoint.insecure = true;
    endpoint.http2 = http2;
    CurlTransport transport(endpoint);
    const Request request{.target = "/x", .timeout = std::chrono::seconds(10)};
    CHECK(transport.send(std::span(&request, 1)).front().failure == Failure::connection_lost);
  }
  REQUIRE(protocols.size() >= 2);
  CHECK(protocols.front() == "h2");
  CHECK(protocols.back() != "h2");
}

}  // namespace egress::http
