#include "egress/base/interruption.hpp"

#include <csignal>
#include <cstddef>

namespace egress {
namespace {

// A signal handler can reach nothing else.
volatile std::sig_atomic_t come = 0;
thread_local std::sig_atomic_t acted_upon = 0;

extern "C" void on_signal(int) {
  come = come + 1;
}

}  // namespace

void notice_interruptions() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  // Whoever reads what is said may go: what was begun is done all the same.
  std::signal(SIGPIPE, SIG_IGN);
}

int pending_interruptions() {
  return static_cast<int>(come - acted_upon);
}

int interruptions_so_far() {
  return static_cast<int>(come);
}

bool was_interrupted() {
  return come > 0;
}

void stop_if_interrupted() {
  if (pending_interruptions() == 0) return;
  acted_upon = come;
  throw Interrupted();
}

}  // namespace egress
