#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "egress/cli/app.hpp"

namespace {

/// Whoever read standard output has gone.
bool has_no_reader() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/// As it is at this moment: people drag windows.
egress::cli::TerminalSize size_of_terminal() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_row, size.ws_col};
}

std::string next_word() {
  std::string word;
  std::cin >> word;
  return word;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const egress::cli::Streams streams{
      std::cout,        std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1,
      size_of_terminal, next_word};
  const int status = egress::cli::run({argv, argv + argc}, streams);
  if (std::cout.flush()) return status;
  if (has_no_reader()) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  // Data that could not be written (a full disk) is no success.
  std::cerr << "error: standard output cannot be written\n";
  return 1;
}
