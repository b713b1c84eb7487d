#include "egress/base/interruption.hpp"

#include <csignal>
#include <cstddef>

namespace egress {
namespace {

// A signal handler can reach nothing else.
volatile std::sig_atomic_t received = 0;
thread_local std::sig_atomic_t handled = 0;

extern "C" void on_signal(int) {
  received = received + 1;
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  // The reader of the output may exit; the operation continues.
  std::signal(SIGPIPE, SIG_IGN);
}

int pending_interruptions() {
  return static_cast<int>(received - handled);
}

int interruption_count() {
  return static_cast<int>(received);
}

bool was_interrupted() {
  return received > 0;
}

void throw_if_interrupted() {
  if (pending_interruptions() == 0) return;
  handled = received;
  throw InterruptedError();
}

}  // namespace egress
