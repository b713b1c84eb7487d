#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace egress::http {

/// How long a server takes for requests of one sort.
class Pace {
 public:
  /// How many times as long as usual that took: 1 as long as too little is known to say, and never more than
  /// a few times, so that one that hangs does not speak for the others, and is not what is usual either.
  double take(std::chrono::microseconds took);

 private:
  std::size_t seen_ = 0;
  double usual_ = 0;  ///< microseconds
};

/// A request that is over.
struct Answered {
  long status = 0;        ///< 0: nothing came
  std::string_view sort;  ///< of requests that should take about as long as each other; empty: of none
  std::chrono::microseconds took{0};
};

/// How many requests may be under way at one time: as many as a connection carries, until the server says
/// that it has too many (429, API Priority and Fairness); then half as many for some hundred answers, for
/// each refusal costs a pause (Retry-After), and then one more with every round that it answers. So two that
/// write to one server share it evenly (Chiu and Jain, 1989: additive increase, multiplicative decrease). A
/// server that takes much longer than it did for the same sorts of requests has more to do than before: a
/// quarter fewer, each round.
class Congestion {
 public:
  explicit Congestion(std::size_t most) : most_(most), limit_(static_cast<double>(most)) {}

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }

  /// Takes in how one ended, while so many others were under way.
  void take(const Answered& one, std::size_t under_way);

 private:
  double slowness_of(const Answered& one);
  bool ends_slow_round(double slowness);
  void lower(double factor, double least, std::size_t under_way);

  std::size_t most_;
  double limit_;
  std::size_t held_ = 0;    ///< answers after which more is tried again
  std::size_t spared_ = 0;  ///< replies to what was under way when the limit was lowered: they are no news
  std::map<std::string, Pace, std::less<>> paces_;
  std::size_t in_round_ = 0;
  double round_ = 0;  ///< the sum of its slownesses
};

}  // namespace egress::http
