#include "egress/http/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/http/exchange.hpp"

namespace egress::http {
namespace {

/// Requests under way at one time: below the streams that an API server allows on a connection (250 in Go's
/// HTTP/2 server, 100 in many proxies).
constexpr std::size_t max_under_way = 64;
/// For servers without HTTP/2, where each request under way takes a connection.
constexpr long max_connections = 6;
constexpr int poll_ms = 1000;

bool is_connected(const std::unique_ptr<Exchange>& exchange) {
  return exchange && exchange->connected();
}

void check(CURLMcode code) {
  if (code != CURLM_OK) throw Error(std::string("libcurl cannot go on: ") + curl_multi_strerror(code));
}

}  // namespace

/// libcurl's multi handle: the connections that outlive a wave, and the loop that drives the exchanges.
class CurlTransport::Multi {
 public:
  Multi() : multi_(curl_multi_init()) {
    if (multi_ == nullptr) throw Error("libcurl cannot be set up");
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(max_under_way));
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, max_connections);
  }
  ~Multi() { curl_multi_cleanup(multi_); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  void remove(const Exchange& exchange) { curl_multi_remove_handle(multi_, exchange.handle()); }
  void add(const Exchange& exchange) { check(curl_multi_add_handle(multi_, exchange.handle())); }

  /// Moves data until at least one exchange is done; calls `done` for each that is.
  template <typename Done>
  void drive(Done done) {
    int running = 0;
    check(curl_multi_perform(multi_, &running));
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      Exchange* exchange = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
      check(curl_multi_remove_handle(multi_, easy));
      done(*exchange, code);
      any = true;
    }
    if (!any && running > 0) check(curl_multi_poll(multi_, nullptr, 0, poll_ms, nullptr));
  }

 private:
  CURLM* multi_;
};

CurlTransport::CurlTransport(Endpoint endpoint) : endpoint_(std::move(endpoint)) {
  check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? CURLM_OK : CURLM_INTERNAL_ERROR);
  multi_ = std::make_unique<Multi>();
}

CurlTransport::~CurlTransport() = default;

std::vector<Reply> CurlTransport::send(std::span<const Request> wave) {
  std::vector<Reply> replies(wave.size());
  std::vector<std::unique_ptr<Exchange>> exchanges(wave.size());
  std::size_t started = 0;
  std::size_t finished = 0;
  bool reached = false;
  std::optional<std::size_t> late;
  while (finished < wave.size() && pending_interruptions() < 2 && (reached || !late)) {
    for (; started < wave.size() && started - finished < max_under_way; ++started) {
      exchanges[started] = std::make_unique<Exchange>(endpoint_, peer_, wave[started]);
      exchanges[started]->place = started;
      multi_->add(*exchanges[started]);
    }
    multi_->drive([&](Exchange& exchange, int code) {
      const std::size_t place = exchange.place;
      reached = reached || std::ranges::any_of(exchanges, &is_connected);
      traffic_.connections += exchange.connections_opened();
      replies[place] = exchange.finish(code);
      exchanges[place].reset();
      if (replies[place].failure == Failure::timed_out) late = place;
      ++finished;
    });
  }
  for (std::size_t place = 0; place < wave.size() && finished < wave.size(); ++place) {
    if (place < started && !exchanges[place]) continue;
    if (exchanges[place]) multi_->remove(*exchanges[place]);
    // What the first has waited for in vain, the others, which waited for its connection, need not.
    if (late && !reached)
      replies[place] = replies[*late];
    else
      replies[place].failure = Failure::interrupted;
  }
  traffic_.waves += 1;
  traffic_.requests += static_cast<int>(wave.size());
  return replies;
}

Reply CurlTransport::stream(const Request& request, const std::function<bool(std::string_view)>& consume) {
  Exchange exchange(endpoint_, peer_, request, consume);
  multi_->add(exchange);
  Reply reply;
  bool finished = false;
  while (!finished && pending_interruptions() == 0)
    multi_->drive([&](Exchange& done, int code) {
      reply = done.finish(code);
      finished = true;
    });
  if (!finished) {
    multi_->remove(exchange);
    reply.failure = Failure::interrupted;
  }
  traffic_.connections += exchange.connections_opened();
  traffic_.waves += 1;
  traffic_.requests += 1;
  return reply;
}

void CurlTransport::present(std::string client_certificate, std::string client_key) {
  endpoint_.client_certificate = std::move(client_certificate);
  endpoint_.client_key = std::move(client_key);
}

std::string system_roots_file() {
  const auto* info = curl_version_info(CURLVERSION_NOW);
  return info != nullptr && info->age >= CURLVERSION_SEVENTH && info->cainfo != nullptr ? info->cainfo : "";
}

}  // namespace egress::http
