#include "egress/http/congestion.hpp"

#include <algorithm>

namespace egress::http {
namespace {

constexpr long too_many_requests = 429;
constexpr double least = 4;
constexpr double when_refused = 0.5;
constexpr double when_slow = 0.75;

/// What is usual is the mean of so many, and known after the first of them.
constexpr std::size_t known_after = 64;
constexpr std::size_t remembered = 5000;
/// A round is slow where it took so many times as long as usual.
constexpr double slow = 2;
constexpr double slowest = 4;
/// Sorts come from what is asked for; a list's pages have one each.
constexpr std::size_t most_sorts = 64;

}  // namespace

double Pace::take(std::chrono::microseconds took) {
  const auto time = static_cast<double>(took.count());
  const double slowness = seen_ < known_after || usual_ <= 0 ? 1 : std::min(time / usual_, slowest);
  seen_ = std::min(seen_ + 1, remembered);
  usual_ += (time - usual_) / static_cast<double>(seen_);
  return slowness;
}

void Congestion::take(const Answered& one, std::size_t under_way) {
  const double slowness = slowness_of(one);
  const bool is_old = spared_ > 0;
  if (is_old) --spared_;
  if (one.status == too_many_requests) {
    if (!is_old) lower(when_refused, under_way);
    return;
  }
  limit_ = std::min(limit_ + 1 / limit_, static_cast<double>(most_));
  if (!is_old && ends_slow_round(slowness)) lower(when_slow, under_way);
}

double Congestion::slowness_of(const Answered& one) {
  auto pace = paces_.find(one.sort);
  if (one.status == 0 || (pace == paces_.end() && paces_.size() == most_sorts)) return 1;
  if (pace == paces_.end()) pace = paces_.emplace(one.sort, Pace{}).first;
  return pace->second.take(one.took);
}

/// A round is as many as may be under way.
bool Congestion::ends_slow_round(double slowness) {
  round_ += slowness;
  if (++in_round_ < limit()) return false;
  const double mean = round_ / static_cast<double>(in_round_);
  round_ = 0;
  in_round_ = 0;
  return mean > slow;
}

void Congestion::lower(double factor, std::size_t under_way) {
  limit_ = std::max(limit_ * factor, least);
  spared_ = under_way;
}

}  // namespace egress::http
