#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace egress::http {

/// Tracks how long a server takes for one kind of request.
class LatencyTracker {
 public:
  /// Adds a sample and returns its ratio to the mean: 1 until enough samples are known, and 4 at most, so
  /// that a request that hangs neither decides for the others nor changes the mean much.
  double record(std::chrono::microseconds duration);

 private:
  std::size_t sample_count_ = 0;
  double mean_ = 0;  ///< microseconds
};

/// The result of a finished request.
struct CompletedRequest {
  long status = 0;             ///< 0 without a response
  std::string_view operation;  ///< the kind of request, for comparing durations; empty for none
  std::chrono::microseconds duration{0};
};

/// Limits the number of requests in flight. The limit starts at the maximum. A refusal (429, API Priority and
/// Fairness) halves it and holds it for some hundred responses, because every refusal costs a pause
/// (Retry-After); then it grows by one with every round of responses. Clients of one server thus share it
/// evenly (additive increase, multiplicative decrease: Chiu and Jain, 1989). A round of responses that takes
/// much longer than usual for the same kinds of requests is a sign of load and reduces the limit by a
/// quarter.
class ConcurrencyLimiter {
 public:
  explicit ConcurrencyLimiter(std::size_t max) : max_(max), limit_(static_cast<double>(max)) {}

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }

  /// Adds a finished request; `in_flight` is the number of the others at that time.
  void record(const CompletedRequest& request, std::size_t in_flight);

 private:
  double slowness(const CompletedRequest& request);
  bool completes_slow_round(double slowness);
  void decrease(double factor, double min_limit, std::size_t in_flight);

  std::size_t max_;
  double limit_;
  std::size_t hold_off_ = 0;  ///< responses until the limit may grow again
  std::size_t outdated_ = 0;  ///< responses to ignore: requested before the last decrease
  std::map<std::string, LatencyTracker, std::less<>> trackers_;
  std::size_t round_size_ = 0;
  double round_slowness_ = 0;  ///< sum of the ratios of the round
};

}  // namespace egress::http
