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

/// One request under way on one libcurl easy handle, and the response as it grows.
class Exchange {
 public:
  using Consume = std::function<bool(std::string_view)>;

  /// Endpoint, check and request must outlive the exchange. With `consume`, a 2xx body goes there instead of
  /// into the response; what it throws ends the exchange, and is thrown again by finish().
  Exchange(const Endpoint& endpoint, PeerCheck& peer, const Request& request, Consume consume = {});
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Wave* wave = nullptr;   ///< that it belongs to
  std::size_t index = 0;  ///< of its request in the wave

  /// libcurl's CURL*.
  void* handle() const { return easy_; }

  /// The response, once libcurl is done with `code` (a CURLcode) and has let go of the handle.
  Response finish(int code);

  /// The status of the response so far; 0 where there is none.
  long status() const;

  /// How it ended, without the time that it took to get a connection. Of one sort are writes of one method
  /// and query.
  CompletedRequest completed_request() const;

  /// True once it has, or had, a connection that it can speak on.
  bool is_connected() const;

  /// True where it ended because something took too long, be it the proxy.
  bool has_timed_out() const { return has_timed_out_; }

  /// True where it began a connection of its own.
  bool has_dialed() const { return progress_.has_dialed; }

  /// How many connections this exchange opened: 0 where it used one that stood.
  int connections_opened() const;

 private:
  void set_request(const Request& request);
  void set_server(const Endpoint& endpoint, const Request& request);
  void set_proxy(const Endpoint& endpoint);
  void set_tls(const Endpoint& endpoint);
  void set_roots(const Endpoint& endpoint);
  void begin_handshake(void* ssl_ctx);
  void set_progress_timeout();
  /// The server gave a sign of life: it has as long again for the next.
  void renew_progress_timeout();
  /// False where it leads to another server.
  bool may_follow(std::string_view location);
  static std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* self);
  bool append(std::string_view data);
  /// The headers have come: whoever wants to know is told.
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
  std::string redirect_target_;  ///< the server that it was redirected to, where that is another
  char error_[256] = {};
  Response response_;
};

}  // namespace egress::http
