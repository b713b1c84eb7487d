#include "egress/http/concurrency_limiter.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace egress::http {
namespace {

constexpr long too_many_requests = 429;
/// A server that refuses is overloaded. A slow one may be slow for other reasons, which fewer requests would
/// not help.
constexpr double min_limit_when_refused = 1;
constexpr double min_limit_when_slow = 16;
constexpr double refused_factor = 0.5;
constexpr double slow_factor = 0.75;
/// A server handles about as many small writes in the second that a refused one has to wait.
constexpr std::size_t hold_off_after_refusal = 500;

/// The mean is known after min_samples, and follows the last max_samples.
constexpr std::size_t min_samples = 64;
constexpr std::size_t max_samples = 2000;
/// A round is slow if it takes this many times the usual duration.
constexpr double slow_threshold = 2;
constexpr double max_slowness = 4;
/// Limits memory: operations come from requests.
constexpr std::size_t max_operations = 64;

/// Only successful requests show the server's speed: a refusal is quick.
bool is_success(long status) {
  return status >= 200 && status < 300;
}

}  // namespace

double LatencyTracker::record(std::chrono::microseconds duration) {
  auto time = static_cast<double>(std::max(duration.count(), std::int64_t{1}));
  const bool is_known = sample_count_ >= min_samples;
  if (is_known) time = std::min(time, max_slowness * mean_);
  const double slowness = is_known ? time / mean_ : 1;
  sample_count_ = std::min(sample_count_ + 1, max_samples);
  mean_ += (time - mean_) / static_cast<double>(sample_count_);
  return slowness;
}

void ConcurrencyLimiter::record(const CompletedRequest& request, std::size_t in_flight) {
  const double slowness = this->slowness(request);
  const bool is_outdated = outdated_ > 0;
  if (is_outdated) --outdated_;
  if (request.status == too_many_requests) {
    if (!is_outdated) decrease(refused_factor, min_limit_when_refused, in_flight);
    hold_off_ = hold_off_after_refusal;
    return;
  }
  if (hold_off_ > 0)
    --hold_off_;
  else
    limit_ = std::min(limit_ + 1 / limit_, static_cast<double>(max_));
  if (!is_outdated && completes_slow_round(slowness)) decrease(slow_factor, min_limit_when_slow, in_flight);
}

double ConcurrencyLimiter::slowness(const CompletedRequest& request) {
  auto tracker = trackers_.find(request.operation);
  if (!is_success(request.status) || request.operation.empty() ||
      (tracker == trackers_.end() && trackers_.size() == max_operations))
    return 1;
  if (tracker == trackers_.end()) tracker = trackers_.emplace(request.operation, LatencyTracker{}).first;
  return tracker->second.record(request.duration);
}

/// A round has as many responses as the limit.
bool ConcurrencyLimiter::completes_slow_round(double slowness) {
  round_slowness_ += slowness;
  if (++round_size_ < limit()) return false;
  const double mean = round_slowness_ / static_cast<double>(std::exchange(round_size_, 0));
  round_slowness_ = 0;
  return mean > slow_threshold;
}

/// Starts a new round: earlier responses had more requests in flight.
void ConcurrencyLimiter::decrease(double factor, double min_limit, std::size_t in_flight) {
  limit_ = std::max(limit_ * factor, std::min(min_limit, limit_));
  outdated_ = in_flight;
  round_size_ = 0;
  round_slowness_ = 0;
}

}  // namespace egress::http
