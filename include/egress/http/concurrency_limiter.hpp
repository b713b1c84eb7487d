#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace egress::http {

/// How long a server takes for requests of one sort.
class LatencyTracker {
 public:
  /// How many times as long as usual that took: 1 as long as too little is known to say, and never more than
  /// a few times, so that one that hangs does not speak for the others, and is not what is usual either.
  double record(std::chrono::microseconds duration);

 private:
  std::size_t sample_count_ = 0;
  double mean_ = 0;  ///< microseconds
};

/// A request that is over.
struct CompletedRequest {
  long status = 0;             ///< 0: nothing came
  std::string_view operation;  ///< of requests that should take about as long as each other; empty: of none
  std::chrono::microseconds duration{0};
};

/// How many requests may be under way at one time: as many as a connection carries, until the server says
/// that it has too many (429, API Priority and Fairness); then half as many for some hundred answers, for
/// each refusal costs a pause (Retry-After), and then one more with every round that it answers. So two that
/// write to one server share it evenly (Chiu and Jain, 1989: additive increase, multiplicative decrease). A
/// server that takes much longer than it did for the same sorts of requests has more to do than before: a
/// quarter fewer, each round.
class ConcurrencyLimiter {
 public:
  explicit ConcurrencyLimiter(std::size_t max) : max_(max), limit_(static_cast<double>(max)) {}

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }

  /// Takes in how one ended, while so many others were under way.
  void record(const CompletedRequest& request, std::size_t in_flight);

 private:
  double slowness(const CompletedRequest& request);
  bool completes_slow_round(double slowness);
  void decrease(double factor, double min_limit, std::size_t in_flight);

  std::size_t max_;
  double limit_;
  std::size_t hold_off_ = 0;  ///< answers after which more is tried again
  std::size_t outdated_ =
      0;  ///< responses to what was under way when the limit was lowered: they are no news
  std::map<std::string, LatencyTracker, std::less<>> trackers_;
  std::size_t round_size_ = 0;
  double round_slowness_ = 0;  ///< the sum of its slownesses
};

}  // namespace egress::http
