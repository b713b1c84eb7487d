#include "egress/http/congestion.hpp"

#include <algorithm>

namespace egress::http {
namespace {

constexpr long too_many_requests = 429;
constexpr double least = 4;

}  // namespace

void Congestion::take(long status, std::size_t under_way) {
  const bool is_old = spared_ > 0;
  if (is_old) --spared_;
  if (status != too_many_requests) {
    limit_ = std::min(limit_ + 1 / limit_, static_cast<double>(most_));
  } else if (!is_old) {
    limit_ = std::max(limit_ / 2, least);
    spared_ = under_way;
  }
}

}  // namespace egress::http
