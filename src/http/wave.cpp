#include "egress/http/wave.hpp"

#include <algorithm>

namespace egress::http {
namespace {

bool is_connected(const std::unique_ptr<Exchange>& exchange) {
  return exchange && exchange->is_connected();
}

}  // namespace

Exchange& Wave::start_next(const Endpoint& endpoint, PeerCheck& peer) {
  auto& exchange = exchanges_[started_count_];
  exchange = std::make_unique<Exchange>(endpoint, peer, requests_[started_count_], consume_);
  exchange->wave = this;
  exchange->index = started_count_++;
  return *exchange;
}

void Wave::finish(Exchange& exchange, int code) {
  const std::size_t index = exchange.index;
  has_connection_ = has_connection_ || std::ranges::any_of(exchanges_, is_connected);
  ++finished_count_;
  is_finished_[index] = true;
  const auto finished = std::move(exchanges_[index]);
  try {
    responses_[index] = finished->finish(code);
  } catch (...) {
    // The task that drives the transfers may belong to another wave.
    exception_ = std::current_exception();
  }
  if (!finished->has_timed_out()) return;
  only_waited_[index] = !finished->has_dialed();
  if (!timed_out_ || finished->has_dialed()) timed_out_ = index;
}

std::vector<Exchange*> Wave::in_flight() const {
  std::vector<Exchange*> result;
  for (const auto& exchange : exchanges_)
    if (exchange) result.push_back(exchange.get());
  return result;
}

std::vector<Response> Wave::responses() && {
  if (exception_) std::rethrow_exception(exception_);
  for (std::size_t i = 0; i < responses_.size(); ++i) {
    if (timed_out_ && !has_connection_ && (only_waited_[i] || !is_finished_[i]))
      responses_[i] = responses_[*timed_out_];
    else if (!is_finished_[i])
      responses_[i].failure = Failure::interrupted;
  }
  return std::move(responses_);
}

}  // namespace egress::http
