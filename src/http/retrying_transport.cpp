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
constexpr int most_of_reads_when_broken = 10;
constexpr int most_of_writes_when_broken = 3;
/// From the first attempt on. A server that takes connections and says nothing on them would else be waited
/// for ten times as long.
constexpr seconds longest_when_broken{120};
/// Who waits for longer wants to know for what.
constexpr seconds long_pause{5};
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

/// One request of a wave, and what became of it until now. Only its own time counts: it may have waited for
/// its turn behind others.
class Course {
 public:
  void note(const Reply& reply) {
    spent_ += std::chrono::ceil<milliseconds>(reply.took);
    ++(reply.failure == Failure::lost ? broken_ : asked_);
  }
  void note(milliseconds pause) { spent_ += pause; }

  /// After which pause to send it again; nothing where its reply is the last word.
  std::optional<milliseconds> pause_before_next(const Request& request, const Reply& reply) const {
    const auto pause = reply.failure == Failure::lost ? pause_when_broken(request) : pause_when_asked(reply);
    const bool too_late = request.timeout.count() > 0 && pause && spent_ + *pause >= request.timeout;
    return too_late ? std::nullopt : pause;
  }

  /// The same request, with what is left of its time.
  Request again(Request request) const {
    if (request.timeout.count() > 0) request.timeout = std::max(request.timeout - spent_, milliseconds(1));
    return request;
  }

 private:
  std::optional<milliseconds> pause_when_broken(const Request& request) const {
    const int most = request.method == "GET" ? most_of_reads_when_broken : most_of_writes_when_broken;
    if (broken_ > most || spent_ >= longest_when_broken) return std::nullopt;
    return milliseconds(broken_ == 1 ? 0 : 1000);
  }

  std::optional<milliseconds> pause_when_asked(const Reply& reply) const {
    const bool busy = reply.status == too_many_requests || reply.status >= server_fault;
    if (reply.failure != Failure::none || !busy || asked_ > most_when_asked) return std::nullopt;
    return retry_after(reply);
  }

  milliseconds spent_{0};
  int broken_ = 0;  ///< attempts whose connection broke
  int asked_ = 0;   ///< attempts that were answered
};

}  // namespace

RetryingTransport::RetryingTransport(Transport& transport, Pause pause, Tell tell)
    : transport_(transport), pause_(pause ? std::move(pause) : pause_for), tell_(std::move(tell)) {}

std::vector<Reply> RetryingTransport::send(std::span<const Request> wave) {
  std::vector<Course> courses(wave.size());
  std::vector<Reply> replies = transport_.send(wave);
  for (std::size_t i = 0; i < wave.size(); ++i) courses[i].note(replies[i]);
  for (;;) {
    std::vector<std::size_t> places;
    milliseconds pause(0);
    for (std::size_t i = 0; i < wave.size(); ++i) {
      const auto wanted = courses[i].pause_before_next(wave[i], replies[i]);
      if (!wanted) continue;
      pause = std::max(pause, *wanted);
      places.push_back(i);
    }
    if (places.empty()) return replies;
    if (tell_ && pause >= long_pause) tell_(std::chrono::ceil<seconds>(pause));
    if (pause > milliseconds(0)) pause_(pause);
    if (pending_interruptions() > 0) {
      for (const std::size_t place : places) replies[place].failure = Failure::interrupted;
      return replies;
    }
    std::vector<Request> again;
    for (const std::size_t place : places) {
      courses[place].note(pause);
      again.push_back(courses[place].again(wave[place]));
    }
    auto more = transport_.send(again);
    for (std::size_t i = 0; i < places.size(); ++i) {
      courses[places[i]].note(more[i]);
      Reply& before = replies[places[i]];
      if (more[i].failure != Failure::none && more[i].failure_text != before.failure_text)
        more[i].earlier_failure = std::move(before.failure_text);
      before = std::move(more[i]);
    }
  }
}

}  // namespace egress::http
