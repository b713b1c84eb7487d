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

/// An HTTP request; `target` is the path with query, relative to the server's URL.
struct Request {
  std::string method = "GET";
  std::string target{};
  std::vector<std::string> headers{};  ///< lines, "Name: value"
  std::string body{};
  std::chrono::milliseconds timeout{0};  ///< for the whole exchange; zero for no limit
  /// Called with status and headers as soon as they arrive, before the body.
  std::function<void(const Response&)> on_headers{};
};

/// True for a valid header value by Go's rules (golang.org/x/net/http/httpguts): no control characters except
/// tab.
bool is_header_value(std::string_view text);

/// Why there is no HTTP response.
enum class Failure {
  none,
  connection_refused,
  proxy,  ///< the proxy is unreachable or refused
  name_not_resolved,
  timed_out,
  untrusted_certificate,
  client_certificate,
  not_tls,
  tls_alert,        ///< the server, or a proxy before it, ended TLS with an alert, and would do so again
  connection_lost,  ///< the connection broke; the server may or may not have acted
  interrupted,
  other
};

/// The `failure_text` for a server without TLS 1.2, worded like Go's.
inline constexpr std::string_view tls_too_old = "protocol version not supported";

/// An HTTP response of any status, or the reason why there is none.
struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< with lower-case names
  std::string body;
  Failure failure = Failure::none;
  std::string failure_text;        ///< the error message
  std::string previous_failure{};  ///< the message of the previous attempt, if it differs
  std::chrono::microseconds duration{0};

  bool ok() const { return failure == Failure::none && status >= 200 && status < 300; }
  /// The first header with the lower-case name; empty if it is missing.
  std::string_view header(std::string_view name) const;
};

/// Statistics of a transport.
struct Traffic {
  int waves = 0;
  int requests = 0;
  int connections = 0;
};

/// Sends requests. The requests of a wave are independent; only waves are ordered. HTTP statuses are never
/// thrown, and a failed request does not affect the others of its wave.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Sends a wave; the responses are in the order of the requests.
  virtual std::vector<Response> send(std::span<const Request> wave) = 0;

  /// Sends one request and passes its body to `consume` as it arrives, until the server ends it or `consume`
  /// returns false. The response keeps the body only if the status is not 2xx.
  virtual Response stream(const Request& request, const std::function<bool(std::string_view)>& consume) = 0;

  virtual Traffic traffic() const = 0;
};

}  // namespace egress::http
