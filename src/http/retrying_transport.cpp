#include "egress/http/retrying_transport.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"

namespace egress::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int max_response_retries = 10;
constexpr int max_read_retries = 10;
constexpr int max_write_retries = 3;
/// Since the first attempt. Otherwise a server that accepts connections but does not answer would be retried
/// ten times with the full timeout.
constexpr seconds max_retry_time{120};
/// A longer pause is reported to the user.
constexpr seconds long_pause{5};
constexpr int too_many_requests = 429;
constexpr int internal_server_error = 500;

std::optional<seconds> retry_after(const Response& response) {
  const std::string_view text = response.header("retry-after");
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || count < 0)
    return std::nullopt;
  return seconds(count);
}

/// The attempts of one request. Counts only the time of its own attempts, not the time it waited for other
/// requests.
class RetryState {
 public:
  void record(const Response& response) {
    elapsed_ += std::chrono::ceil<milliseconds>(response.duration);
    ++(response.failure == Failure::connection_lost ? lost_count_ : response_count_);
  }
  void record(milliseconds pause) { elapsed_ += pause; }

  /// The pause before the next attempt; nullopt if the response is final.
  std::optional<milliseconds> next_pause(const Request& request, const Response& response) const {
    const auto pause = response.failure == Failure::connection_lost ? pause_after_lost_connection(request)
                                                                    : pause_after_response(response);
    const bool is_too_late = request.timeout.count() > 0 && pause && elapsed_ + *pause >= request.timeout;
    return is_too_late ? std::nullopt : pause;
  }

  /// The same request, with the remaining timeout.
  Request next_request(Request request) const {
    if (request.timeout.count() > 0) request.timeout = std::max(request.timeout - elapsed_, milliseconds(1));
    return request;
  }

 private:
  std::optional<milliseconds> pause_after_lost_connection(const Request& request) const {
    const int max_retries = request.method == "GET" ? max_read_retries : max_write_retries;
    if (lost_count_ > max_retries || elapsed_ >= max_retry_time) return std::nullopt;
    return milliseconds(lost_count_ == 1 ? 0 : 1000);
  }

  std::optional<milliseconds> pause_after_response(const Response& response) const {
    const bool is_busy = response.status == too_many_requests || response.status >= internal_server_error;
    if (response.failure != Failure::none || !is_busy || response_count_ > max_response_retries)
      return std::nullopt;
    return retry_after(response);
  }

  milliseconds elapsed_{0};
  int lost_count_ = 0;      ///< attempts that lost the connection
  int response_count_ = 0;  ///< attempts with a response or another failure
};

}  // namespace

RetryingTransport::RetryingTransport(Transport& transport, Pause pause, Notify notify)
    : transport_(transport), pause_(pause ? std::move(pause) : sleep_for), notify_(std::move(notify)) {}

std::vector<Response> RetryingTransport::send(std::span<const Request> wave) {
  std::vector<RetryState> states(wave.size());
  std::vector<Response> responses = transport_.send(wave);
  for (std::size_t i = 0; i < wave.size(); ++i) states[i].record(responses[i]);
  for (;;) {
    std::vector<std::size_t> indices;
    milliseconds pause(0);
    for (std::size_t i = 0; i < wave.size(); ++i) {
      const auto next = states[i].next_pause(wave[i], responses[i]);
      if (!next) continue;
      pause = std::max(pause, *next);
      indices.push_back(i);
    }
    if (indices.empty()) return responses;
    if (notify_ && pause >= long_pause) notify_(std::chrono::ceil<seconds>(pause));
    if (pause > milliseconds(0)) pause_(pause);
    if (pending_interruptions() > 0) {
      for (const std::size_t index : indices) responses[index].failure = Failure::interrupted;
      return responses;
    }
    std::vector<Request> retries;
    for (const std::size_t index : indices) {
      states[index].record(pause);
      retries.push_back(states[index].next_request(wave[index]));
    }
    auto retried = transport_.send(retries);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      states[indices[i]].record(retried[i]);
      Response& previous = responses[indices[i]];
      if (retried[i].failure != Failure::none && retried[i].failure_text != previous.failure_text)
        retried[i].previous_failure = std::move(previous.failure_text);
      previous = std::move(retried[i]);
    }
  }
}

}  // namespace egress::http
