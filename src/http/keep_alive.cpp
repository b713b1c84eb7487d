#include "egress/http/keep_alive.hpp"

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

/// Allows for lost probes.
constexpr int max_probes = 3;
/// The kernel's maximum (MAX_TCP_KEEPIDLE).
constexpr int max_seconds = 32'767;

seconds seconds_from_environment(const char* variable, seconds fallback) {
  const char* value = std::getenv(variable);
  const std::string_view text = value != nullptr ? value : "";
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return fallback;
  return seconds(std::clamp(count, 0, max_seconds));
}

void set(int socket, int level, int option, int value) {
  // Ignores errors: without the option the connection still works.
  static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
}

}  // namespace

KeepAlive KeepAlive::from_environment() {
  const KeepAlive defaults;
  KeepAlive keep_alive{seconds_from_environment("HTTP2_READ_IDLE_TIMEOUT_SECONDS", defaults.idle),
                       seconds_from_environment("HTTP2_PING_TIMEOUT_SECONDS", defaults.ping_timeout)};
  // Go's HTTP/2 also replaces zero with its default.
  if (keep_alive.ping_timeout == seconds(0)) keep_alive.ping_timeout = defaults.ping_timeout;
  return keep_alive;
}

void set_keep_alive(int socket, const KeepAlive& keep_alive) {
  set(socket, SOL_SOCKET, SO_KEEPALIVE, keep_alive.idle > seconds(0) ? 1 : 0);
  if (keep_alive.idle == seconds(0)) return;
  const auto interval = static_cast<int>(keep_alive.ping_timeout.count()) / max_probes;
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(keep_alive.idle.count()));
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, std::max(interval, 1));
  // Makes the kernel count time instead of probes.
  const milliseconds user_timeout = keep_alive.idle + keep_alive.ping_timeout;
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(user_timeout.count()));
}

}  // namespace egress::http
