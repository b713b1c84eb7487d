#include "egress/http/curl_transport.hpp"

#include <algorithm>
#include <chrono>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"
#include "egress/base/text.hpp"
#include "egress/http/libcurl.hpp"
#include "egress/http/url.hpp"
#include "egress/http/wave.hpp"

namespace egress::http {
namespace {

/// Requests in flight: fewer than the streams that an API server allows per connection (250 in Go's HTTP/2
/// server, 100 in many proxies).
constexpr std::size_t max_in_flight = 64;
/// For servers without HTTP/2, where each request in flight needs a connection.
constexpr long max_connections = 6;
/// Poll interval with a progress timeout.
constexpr std::chrono::milliseconds short_poll_time{5};

/// The host that all certificates must match; empty if there may be several: an HTTPS proxy has a certificate
/// of its own, and for a non-ASCII name only libcurl knows the encoded name.
std::string matched_host(const Endpoint& endpoint) {
  const bool is_tls_proxy = to_lower(endpoint.proxy).starts_with("https://");
  const std::string host = verified_host(endpoint);
  const bool is_ascii = std::ranges::all_of(host, [](unsigned char c) { return c < 0x80; });
  return is_tls_proxy || !is_ascii ? "" : host;
}

void check(CURLMcode code) {
  if (code != CURLM_OK) throw Error(std::string("libcurl failed: ") + libcurl().multi_strerror(code));
}

}  // namespace

/// libcurl's multi handle: the connections, which outlive a wave, and the transfer loop.
class CurlTransport::Multi {
 public:
  Multi() : multi_(libcurl().multi_init()) {
    if (multi_ == nullptr) throw Error("cannot initialize libcurl");
    libcurl().multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    set_stream_count(0);
  }
  ~Multi() { libcurl().multi_cleanup(multi_); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  /// Allows this many streams in addition to other requests. Without HTTP/2 each stream occupies a
  /// connection.
  void set_stream_count(std::size_t streams) {
    const auto count = static_cast<long>(streams);
    libcurl().multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(max_in_flight) + count);
    libcurl().multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, max_connections + count);
  }

  void remove(const Exchange& exchange) { libcurl().multi_remove_handle(multi_, exchange.handle()); }
  void add(const Exchange& exchange) { check(libcurl().multi_add_handle(multi_, exchange.handle())); }

  /// Transfers data, waiting up to `timeout`; calls `on_done` for each finished exchange.
  template <typename OnDone>
  void poll(std::chrono::milliseconds timeout, OnDone on_done) {
    int running = 0;
    check(libcurl().multi_perform(multi_, &running));
    if (process_completed(on_done) || running == 0 || timeout.count() == 0) return;
    check(libcurl().multi_poll(multi_, nullptr, 0, static_cast<int>(timeout.count()), nullptr));
  }

 private:
  template <typename OnDone>
  bool process_completed(OnDone on_done) {
    bool has_completed = false;
    int remaining = 0;
    while (const CURLMsg* message = libcurl().multi_info_read(multi_, &remaining)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      Exchange* exchange = nullptr;
      libcurl().easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
      check(libcurl().multi_remove_handle(multi_, easy));
      on_done(*exchange, code);
      has_completed = true;
    }
    return has_completed;
  }

  CURLM* multi_;
};

/// Reserves capacity for one more stream during its lifetime.
class CurlTransport::StreamSlot {
 public:
  StreamSlot(Multi& multi, std::size_t& streams) : multi_(multi), stream_count_(streams) {
    multi_.set_stream_count(++stream_count_);
  }
  ~StreamSlot() { multi_.set_stream_count(--stream_count_); }
  StreamSlot(const StreamSlot&) = delete;
  StreamSlot& operator=(const StreamSlot&) = delete;

 private:
  Multi& multi_;
  std::size_t& stream_count_;
};

CurlTransport::CurlTransport(Endpoint endpoint)
    : endpoint_(std::move(endpoint)), peer_(matched_host(endpoint_)), limiter_(max_in_flight) {
  check(libcurl().global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? CURLM_OK : CURLM_INTERNAL_ERROR);
  multi_ = std::make_unique<Multi>();
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::start_pending() {
  for (Wave* wave : waves_)
    if (wave->is_stream() && !wave->all_started())
      multi_->add(wave->start_next(endpoint_, peer_));
    else
      for (; in_flight_ < limiter_.limit() && !wave->all_started(); ++in_flight_)
        multi_->add(wave->start_next(endpoint_, peer_));
}

void CurlTransport::poll(std::chrono::milliseconds timeout) {
  start_pending();
  // libcurl checks timeouts only when it is polled.
  if (endpoint_.progress_timeout.count() > 0) timeout = std::min(timeout, short_poll_time);
  multi_->poll(timeout, [this](Exchange& exchange, int code) {
    if (!exchange.wave->is_stream()) limiter_.record(exchange.completed_request(), --in_flight_);
    traffic_.connections += exchange.connections_opened();
    exchange.wave->finish(exchange, code);
  });
}

std::vector<Response> CurlTransport::run(Wave& wave, int max_interruptions) {
  waves_.push_back(&wave);
  const std::function<bool()> is_finished = [&] { return wave.is_finished(); };
  const Poll poll_function = [this](std::chrono::milliseconds timeout) { poll(timeout); };
  try {
    while (!wave.is_finished() && pending_interruptions() < max_interruptions)
      wait_for(is_finished, poll_function);
  } catch (...) {
    cancel(wave);
    throw;
  }
  cancel(wave);
  traffic_.waves += 1;
  return std::move(wave).responses();
}

void CurlTransport::cancel(Wave& wave) {
  for (Exchange* exchange : wave.in_flight()) {
    multi_->remove(*exchange);
    in_flight_ -= wave.is_stream() ? 0 : 1;
  }
  std::erase(waves_, &wave);
}

std::vector<Response> CurlTransport::send(std::span<const Request> wave) {
  traffic_.requests += static_cast<int>(wave.size());
  Wave sent(wave);
  return run(sent, 2);
}

Response CurlTransport::stream(const Request& request, const std::function<bool(std::string_view)>& consume) {
  traffic_.requests += 1;
  const StreamSlot slot(*multi_, stream_count_);
  Wave streamed(std::span(&request, 1), consume);
  return std::move(run(streamed, 1).front());
}

void CurlTransport::set_client_certificate(std::string client_certificate, std::string client_key) {
  endpoint_.client_certificate = std::move(client_certificate);
  endpoint_.client_key = std::move(client_key);
}

std::string verified_host(const Endpoint& endpoint) {
  const auto url = Url::parse(endpoint.url);
  const std::string host = !endpoint.server_name.empty() ? endpoint.server_name : url ? url->host : "";
  return strip_brackets(host);
}

std::string system_roots_file() {
  const auto* info = libcurl().version_info(CURLVERSION_NOW);
  return info != nullptr && info->age >= CURLVERSION_SEVENTH && info->cainfo != nullptr ? info->cainfo : "";
}

}  // namespace egress::http
