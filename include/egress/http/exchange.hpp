#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "egress/http/concurrency_limiter.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/http/failure.hpp"
#include "egress/http/transport.hpp"

namespace egress::http {

class Wave;

/// One request in flight on a libcurl easy handle, and its partial response.
class Exchange {
 public:
  using Consume = std::function<bool(std::string_view)>;

  /// Endpoint, peer check and request must outlive the exchange. With `consume`, the body of a 2xx response
  /// goes there instead of into the response; an exception from it ends the exchange and is rethrown by
  /// finish().
  Exchange(const Endpoint& endpoint, PeerCheck& peer, const Request& request, Consume consume = {});
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Wave* wave = nullptr;   ///< the wave of the exchange
  std::size_t index = 0;  ///< index of the request in the wave

  /// libcurl's CURL*.
  void* handle() const { return easy_; }

  /// Returns the response. libcurl must be done, with `code` (a CURLcode), and the handle removed from it.
  Response finish(int code);

  /// The status of the response so far; 0 without a response.
  long status() const;

  /// The result, with the duration since the connection was ready. Writes with the same method and query are
  /// of one kind.
  CompletedRequest completed_request() const;

  /// True if a connection is or was ready for the request, after TLS and any proxy.
  bool is_connected() const;

  /// True if the exchange ended with a timeout, also one of the proxy.
  bool has_timed_out() const { return has_timed_out_; }

  /// True if it started a connection of its own.
  bool has_dialed() const { return progress_.has_dialed; }

  /// How many connections this exchange opened; 0 if it reused one.
  int connections_opened() const;

 private:
  void set_request(const Request& request);
  void set_server(const Endpoint& endpoint, const Request& request);
  void set_proxy(const Endpoint& endpoint);
  void set_tls(const Endpoint& endpoint);
  void set_roots(const Endpoint& endpoint);
  void begin_handshake(void* ssl_ctx);
  void set_progress_timeout();
  /// Extends the progress timeout after a sign of life from the server.
  void renew_progress_timeout();
  /// False for a redirect to another server.
  bool may_follow(std::string_view location);
  static std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* self);
  bool append(std::string_view data);
  /// Reports the headers to the callback, if there is one.
  void report_headers();
  void set_failure(int code);

  void* easy_;
  std::string operation_;
  const Endpoint& endpoint_;
  PeerCheck& peer_;
  void* header_list_ = nullptr;
  void* connect_to_ = nullptr;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Consume consume_;
  std::function<void(const Response&)> on_headers_;
  bool is_stopped_ = false;
  ConnectionProgress progress_;
  bool has_timed_out_ = false;
  std::exception_ptr exception_;
  std::string redirect_target_;  ///< the other server of a rejected redirect
  char error_[256] = {};
  Response response_;
};

}  // namespace egress::http
