#include "egress/http/congestion.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace egress::http {
namespace {

constexpr long too_many_requests = 429;
/// A server that refuses says that it can't. One that is slow may be so for other reasons than what it has to
/// do, and less at one time would not help.
constexpr double least_when_refused = 1;
constexpr double least_when_slow = 16;
constexpr double when_refused = 0.5;
constexpr double when_slow = 0.75;
/// A server does about as many small writes in the second that it lets a refused one wait.
constexpr std::size_t held_after_refusal = 500;

/// What is usual is the mean of so many, and known after the first of them.
constexpr std::size_t known_after = 64;
constexpr std::size_t remembered = 2000;
/// A round is slow where it took so many times as long as usual.
constexpr double slow = 2;
constexpr double slowest = 4;
/// Sorts come from what is asked for.
constexpr std::size_t most_sorts = 64;

/// Only what was done tells how long that takes: a refusal is quick.
bool is_done(long status) {
  return status >= 200 && status < 300;
}

}  // namespace

double Pace::take(std::chrono::microseconds took) {
  auto time = static_cast<double>(std::max(took.count(), std::int64_t{1}));
  const bool known = seen_ >= known_after;
  if (known) time = std::min(time, slowest * usual_);
  const double slowness = known ? time / usual_ : 1;
  seen_ = std::min(seen_ + 1, remembered);
  usual_ += (time - usual_) / static_cast<double>(seen_);
  return slowness;
}

void Congestion::take(const Answered& one, std::size_t under_way) {
  const double slowness = slowness_of(one);
  const bool is_old = spared_ > 0;
  if (is_old) --spared_;
  if (one.status == too_many_requests) {
    if (!is_old) lower(when_refused, least_when_refused, under_way);
    held_ = held_after_refusal;
    return;
  }
  if (held_ > 0)
    --held_;
  else
    limit_ = std::min(limit_ + 1 / limit_, static_cast<double>(most_));
  if (!is_old && ends_slow_round(slowness)) lower(when_slow, least_when_slow, under_way);
}

double Congestion::slowness_of(const Answered& one) {
  auto pace = paces_.find(one.sort);
  if (!is_done(one.status) || one.sort.empty() || (pace == paces_.end() && paces_.size() == most_sorts))
    return 1;
  if (pace == paces_.end()) pace = paces_.emplace(one.sort, Pace{}).first;
  return pace->second.take(one.took);
}

/// A round is as many as may be under way.
bool Congestion::ends_slow_round(double slowness) {
  round_ += slowness;
  if (++in_round_ < limit()) return false;
  const double mean = round_ / static_cast<double>(std::exchange(in_round_, 0));
  round_ = 0;
  return mean > slow;
}

/// A round begins anew: what came before was of more at one time.
void Congestion::lower(double factor, double least, std::size_t under_way) {
  limit_ = std::max(limit_ * factor, std::min(least, limit_));
  spared_ = under_way;
  in_round_ = 0;
  round_ = 0;
}

}  // namespace egress::http
