#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "egress/cli/app.hpp"

namespace {

/// True if the reader of standard output has closed the pipe.
bool is_stdout_closed() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/// The current size, which changes when the user resizes the window.
egress::cli::TerminalSize terminal_size() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_row, size.ws_col};
}

std::string read_word() {
  std::string word;
  std::cin >> word;
  return word;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const egress::cli::Streams streams{
      std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1, terminal_size, read_word};
  const int status = egress::cli::run({argv, argv + argc}, streams);
  if (std::cout.flush()) return status;
  if (is_stdout_closed()) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  // Lost output, for example on a full disk, is a failure.
  std::cerr << "error: cannot write to standard output\n";
  return 1;
}
