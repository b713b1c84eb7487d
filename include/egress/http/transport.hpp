#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace egress::http {

struct Response;

/// One HTTP request; `target` is the path with its query, below the server's URL.
struct Request {
  std::string method = "GET";
  std::string target{};
  std::vector<std::string> headers{};  ///< whole lines, "Name: value"
  std::string body{};
  std::chrono::milliseconds timeout{0};  ///< for the whole exchange; zero is no limit
  /// Given the status and the headers as soon as they have come, before any of the body.
  std::function<void(const Response&)> on_headers{};
};

/// True for what may be the value of a header, by Go's rules (golang.org/x/net/http/httpguts): no control
/// character but a tab.
bool is_header_value(std::string_view text);

/// Why no HTTP answer came.
enum class Failure {
  none,
  connection_refused,
  proxy,  ///< it is the proxy that is not reached, or that refuses
  name_not_resolved,
  timed_out,
  untrusted_certificate,
  client_certificate,
  not_tls,
  tls_alert,        ///< the server, or who stands before it, ended TLS with a reason, and would again
  connection_lost,  ///< the connection broke; the server may or may not have acted
  interrupted,
  other
};

/// What `failure_text` is for a server without TLS 1.2, in Go's words.
inline constexpr std::string_view tls_too_old = "protocol version not supported";

/// What came back: an HTTP answer of any status, or the reason why there is none.
struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  Failure failure = Failure::none;
  std::string failure_text;        ///< the library's words for it
  std::string previous_failure{};  ///< those for the attempt before, where that failed for another reason
  std::chrono::microseconds duration{0};

  bool ok() const { return failure == Failure::none && status >= 200 && status < 300; }
  /// The first header of that lower-case name, or an empty text.
  std::string_view header(std::string_view name) const;
};

/// What a transport has done so far.
struct Traffic {
  int waves = 0;
  int requests = 0;
  int connections = 0;
};

/// Sends requests and brings the responses. Callers say what may go together; order exists only between
/// waves. An HTTP status is never thrown, and a failed request never hides its siblings.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Sends a wave; the responses stand in the order of the requests.
  virtual std::vector<Response> send(std::span<const Request> wave) = 0;

  /// Sends one request and hands on its body as it comes, until the server ends it or `consume` returns
  /// false. The response's body is kept only where the status is not 2xx.
  virtual Response stream(const Request& request, const std::function<bool(std::string_view)>& consume) = 0;

  virtual Traffic traffic() const = 0;
};

}  // namespace egress::http
