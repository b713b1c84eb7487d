#include "egress/base/timeout.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// What says that all of the output was written: a process that crashes has not said so.
constexpr char end_mark = '\0';

void write_all(int descriptor, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t size = ::write(descriptor, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) return;
    if (size > 0) written += static_cast<std::size_t>(size);
  }
}

/// In the new process. Neither destructors nor exit handlers run: they may wait for what is late.
[[noreturn]] void run_child(int output, const std::function<std::string()>& work) {
  ::setsid();
  if (const int null_device = ::open("/dev/null", O_RDWR | O_CLOEXEC); null_device >= 0)
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null_device, stream);
  try {
    write_all(output, work() + end_mark);
  } catch (...) {
    ::_exit(1);
  }
  ::_exit(0);
}

/// What comes until the other end is closed, or the time is up.
std::string read_until(int descriptor, steady_clock::time_point end) {
  std::string output;
  char buffer[1 << 14];
  for (;;) {
    const auto remaining = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (remaining.count() <= 0) return output;
    pollfd waiting{descriptor, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(remaining.count())) <= 0) continue;
    const ssize_t size = ::read(descriptor, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return output;
    output.append(buffer, static_cast<std::size_t>(size));
  }
}

}  // namespace

std::optional<std::string> run_with_timeout(milliseconds timeout, const std::function<std::string()>& work) {
  const auto end = steady_clock::now() + timeout;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t child = ::fork();
  if (child == 0) run_child(ends[1], work);
  ::close(ends[1]);
  std::string output;
  if (child > 0) {
    output = read_until(ends[0], end);
    // It leads a session of its own, unless it had not even come so far.
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  ::close(ends[0]);
  if (!output.ends_with(end_mark)) return std::nullopt;
  output.pop_back();
  return output;
}

}  // namespace egress
