#include "egress/http/retrying_transport.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"

namespace egress::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int most_when_asked = 10;
constexpr int most_when_broken = 3;
/// A server that wants to be left alone for longer than this has its refusal shown instead.
constexpr seconds longest_pause{60};
constexpr int too_many_requests = 429;
constexpr int server_fault = 500;

std::optional<seconds> retry_after(const Reply& reply) {
  const std::string_view text = reply.header("retry-after");
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || count < 0)
    return std::nullopt;
  return seconds(count);
}

/// After which pause to send it again, having done so `times` times; nothing where its reply is the last
/// word.
std::optional<milliseconds> pause_before_next(const Reply& reply, int times) {
  if (reply.failure == Failure::lost && times < most_when_broken) return milliseconds(times == 0 ? 0 : 1000);
  const bool busy = reply.status == too_many_requests || reply.status >= server_fault;
  if (reply.failure != Failure::none || !busy || times >= most_when_asked) return std::nullopt;
  const auto asked = retry_after(reply);
  if (!asked || *asked > longest_pause) return std::nullopt;
  return *asked;
}

}  // namespace

RetryingTransport::RetryingTransport(Transport& transport, Pause pause)
    : transport_(transport), pause_(pause ? std::move(pause) : pause_for) {}

std::vector<Reply> RetryingTransport::send(std::span<const Request> wave) {
  std::vector<Reply> replies = transport_.send(wave);
  for (int times = 0;; ++times) {
    std::vector<std::size_t> places;
    std::vector<Request> again;
    milliseconds pause(0);
    for (std::size_t i = 0; i < wave.size(); ++i) {
      const auto wanted = pause_before_next(replies[i], times);
      if (!wanted) continue;
      pause = std::max(pause, *wanted);
      places.push_back(i);
      again.push_back(wave[i]);
    }
    if (again.empty()) return replies;
    if (pause > milliseconds(0)) pause_(pause);
    if (pending_interruptions() > 0) {
      for (const std::size_t place : places) replies[place].failure = Failure::interrupted;
      return replies;
    }
    auto more = transport_.send(again);
    for (std::size_t i = 0; i < places.size(); ++i) {
      Reply& before = replies[places[i]];
      if (more[i].failure != Failure::none && more[i].failure_text != before.failure_text)
        more[i].earlier_failure = std::move(before.failure_text);
      before = std::move(more[i]);
    }
  }
}

}  // namespace egress::http
