#include "egress/http/wave.hpp"

#include <algorithm>

namespace egress::http {
namespace {

bool is_connected(const std::unique_ptr<Exchange>& exchange) {
  return exchange && exchange->connected();
}

}  // namespace

Exchange& Wave::begin(const Endpoint& endpoint, PeerCheck& peer) {
  auto& exchange = exchanges_[begun_];
  exchange = std::make_unique<Exchange>(endpoint, peer, requests_[begun_], consume_);
  exchange->wave = this;
  exchange->place = begun_++;
  return *exchange;
}

void Wave::finish(Exchange& exchange, int code) {
  const std::size_t place = exchange.place;
  reached_ = reached_ || std::ranges::any_of(exchanges_, is_connected);
  ++finished_;
  answered_[place] = true;
  const auto ended = std::move(exchanges_[place]);
  try {
    replies_[place] = ended->finish(code);
  } catch (...) {
    // Whoever drives need not be whose wave it is.
    fault_ = std::current_exception();
  }
  if (!ended->late()) return;
  waited_[place] = !ended->dialled();
  if (!late_ || ended->dialled()) late_ = place;
}

std::vector<Exchange*> Wave::under_way() const {
  std::vector<Exchange*> found;
  for (const auto& exchange : exchanges_)
    if (exchange) found.push_back(exchange.get());
  return found;
}

std::vector<Reply> Wave::replies() && {
  if (fault_) std::rethrow_exception(fault_);
  for (std::size_t i = 0; i < replies_.size(); ++i) {
    if (late_ && !reached_ && (waited_[i] || !answered_[i]))
      replies_[i] = replies_[*late_];
    else if (!answered_[i])
      replies_[i].failure = Failure::interrupted;
  }
  return std::move(replies_);
}

}  // namespace egress::http
