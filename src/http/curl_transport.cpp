#include "egress/http/curl_transport.hpp"

#include <algorithm>
#include <chrono>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"
#include "egress/base/text.hpp"
#include "egress/http/libcurl.hpp"
#include "egress/http/url.hpp"
#include "egress/http/wave.hpp"

namespace egress::http {
namespace {

/// Requests under way at one time: below the streams that an API server allows on a connection (250 in Go's
/// HTTP/2 server, 100 in many proxies).
constexpr std::size_t max_under_way = 64;
/// For servers without HTTP/2, where each request under way takes a connection.
constexpr long max_connections = 6;
/// Where a server is given up after a short silence.
constexpr std::chrono::milliseconds impatient_drive{5};

/// The one host that every certificate is for, whatever connection shows it; empty where that is not so
/// clear. A proxy of TLS shows a certificate of its own, and of a name that is not in ASCII only libcurl
/// knows what is sent.
std::string matched_host(const Endpoint& endpoint) {
  const bool two_certificates = lower(endpoint.proxy).starts_with("https://");
  const std::string host = verified_host(endpoint);
  const bool ascii = std::ranges::all_of(host, [](unsigned char c) { return c < 0x80; });
  return two_certificates || !ascii ? "" : host;
}

void check(CURLMcode code) {
  if (code != CURLM_OK) throw Error(std::string("libcurl cannot go on: ") + libcurl().multi_strerror(code));
}

}  // namespace

/// libcurl's multi handle: the connections that outlive a wave, and the loop that drives the exchanges.
class CurlTransport::Multi {
 public:
  Multi() : multi_(libcurl().multi_init()) {
    if (multi_ == nullptr) throw Error("libcurl cannot be set up");
    libcurl().multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    let_stream(0);
  }
  ~Multi() { libcurl().multi_cleanup(multi_); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  /// Beside what is under way otherwise. Without HTTP/2 each stream keeps a connection for itself.
  void let_stream(std::size_t streams) {
    const auto more = static_cast<long>(streams);
    libcurl().multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(max_under_way) + more);
    libcurl().multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, max_connections + more);
  }

  void remove(const Exchange& exchange) { libcurl().multi_remove_handle(multi_, exchange.handle()); }
  void add(const Exchange& exchange) { check(libcurl().multi_add_handle(multi_, exchange.handle())); }

  /// Moves data, waiting for it for as long as that; calls `done` for each exchange that is.
  template <typename Done>
  void drive(std::chrono::milliseconds at_most, Done done) {
    int running = 0;
    check(libcurl().multi_perform(multi_, &running));
    if (take_done(done) || running == 0 || at_most.count() == 0) return;
    check(libcurl().multi_poll(multi_, nullptr, 0, static_cast<int>(at_most.count()), nullptr));
  }

 private:
  template <typename Done>
  bool take_done(Done done) {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = libcurl().multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      Exchange* exchange = nullptr;
      libcurl().easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
      check(libcurl().multi_remove_handle(multi_, easy));
      done(*exchange, code);
      any = true;
    }
    return any;
  }

  CURLM* multi_;
};

/// As long as it is there, one more stream is under way.
class CurlTransport::Streaming {
 public:
  Streaming(Multi& multi, std::size_t& streams) : multi_(multi), streams_(streams) {
    multi_.let_stream(++streams_);
  }
  ~Streaming() { multi_.let_stream(--streams_); }
  Streaming(const Streaming&) = delete;
  Streaming& operator=(const Streaming&) = delete;

 private:
  Multi& multi_;
  std::size_t& streams_;
};

CurlTransport::CurlTransport(Endpoint endpoint)
    : endpoint_(std::move(endpoint)), peer_(matched_host(endpoint_)), congestion_(max_under_way) {
  check(libcurl().global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? CURLM_OK : CURLM_INTERNAL_ERROR);
  multi_ = std::make_unique<Multi>();
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::begin_waiting() {
  for (Wave* wave : waves_)
    if (wave->is_stream() && !wave->begun())
      multi_->add(wave->begin(endpoint_, peer_));
    else
      for (; under_way_ < congestion_.limit() && !wave->begun(); ++under_way_)
        multi_->add(wave->begin(endpoint_, peer_));
}

void CurlTransport::drive(std::chrono::milliseconds at_most) {
  begin_waiting();
  // libcurl looks at the time only when it is driven.
  if (endpoint_.patience.count() > 0) at_most = std::min(at_most, impatient_drive);
  multi_->drive(at_most, [this](Exchange& exchange, int code) {
    if (!exchange.wave->is_stream()) congestion_.take(exchange.answered(), --under_way_);
    traffic_.connections += exchange.connections_opened();
    exchange.wave->finish(exchange, code);
  });
}

std::vector<Reply> CurlTransport::run(Wave& wave, int enough_interruptions) {
  waves_.push_back(&wave);
  const std::function<bool()> finished = [&] { return wave.finished(); };
  const Drive driven = [this](std::chrono::milliseconds at_most) { drive(at_most); };
  try {
    while (!wave.finished() && pending_interruptions() < enough_interruptions) wait_for(finished, driven);
  } catch (...) {
    give_up(wave);
    throw;
  }
  give_up(wave);
  traffic_.waves += 1;
  return std::move(wave).replies();
}

void CurlTransport::give_up(Wave& wave) {
  for (Exchange* exchange : wave.under_way()) {
    multi_->remove(*exchange);
    under_way_ -= wave.is_stream() ? 0 : 1;
  }
  std::erase(waves_, &wave);
}

std::vector<Reply> CurlTransport::send(std::span<const Request> wave) {
  traffic_.requests += static_cast<int>(wave.size());
  Wave sent(wave);
  return run(sent, 2);
}

Reply CurlTransport::stream(const Request& request, const std::function<bool(std::string_view)>& consume) {
  traffic_.requests += 1;
  const Streaming streaming(*multi_, streams_);
  Wave streamed(std::span(&request, 1), consume);
  return std::move(run(streamed, 1).front());
}

void CurlTransport::present(std::string client_certificate, std::string client_key) {
  endpoint_.client_certificate = std::move(client_certificate);
  endpoint_.client_key = std::move(client_key);
}

std::string verified_host(const Endpoint& endpoint) {
  const auto url = Url::parse(endpoint.url);
  const std::string host = !endpoint.server_name.empty() ? endpoint.server_name : url ? url->host : "";
  return without_brackets(host);
}

std::string system_roots_file() {
  const auto* info = libcurl().version_info(CURLVERSION_NOW);
  return info != nullptr && info->age >= CURLVERSION_SEVENTH && info->cainfo != nullptr ? info->cainfo : "";
}

}  // namespace egress::http
