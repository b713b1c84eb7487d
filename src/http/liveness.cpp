#include "egress/http/liveness.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace egress::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// One question may be lost on the way.
constexpr int questions = 3;
/// More is more than the kernel takes (MAX_TCP_KEEPIDLE).
constexpr int most_seconds = 32'767;

seconds named(const char* variable, seconds otherwise) {
  const char* value = std::getenv(variable);
  const std::string_view text = value != nullptr ? value : "";
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return otherwise;
  return seconds(std::clamp(count, 0, most_seconds));
}

void set(int socket, int level, int option, int value) {
  // Where the kernel does not know it, the connection is as good as any.
  static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
}

}  // namespace

Liveness Liveness::read() {
  const Liveness usual;
  Liveness liveness{named("HTTP2_READ_IDLE_TIMEOUT_SECONDS", usual.idle),
                    named("HTTP2_PING_TIMEOUT_SECONDS", usual.answer)};
  // Go's HTTP/2, too, takes no time at all for its own default.
  if (liveness.answer == seconds(0)) liveness.answer = usual.answer;
  return liveness;
}

void watch_over(int socket, const Liveness& liveness) {
  set(socket, SOL_SOCKET, SO_KEEPALIVE, liveness.idle > seconds(0) ? 1 : 0);
  if (liveness.idle == seconds(0)) return;
  const auto between = static_cast<int>(liveness.answer.count()) / questions;
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(liveness.idle.count()));
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, std::max(between, 1));
  // With it the kernel counts the time, and not the questions.
  const milliseconds whole = liveness.idle + liveness.answer;
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(whole.count()));
}

}  // namespace egress::http
