#include "egress/base/interruption.hpp"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <thread>

namespace egress {
namespace {

// A signal handler can reach nothing else.
volatile std::sig_atomic_t come = 0;
std::sig_atomic_t acted_upon = 0;

extern "C" void on_signal(int) {
  come = come + 1;
}

}  // namespace

void notice_interruptions() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

int pending_interruptions() {
  return static_cast<int>(come - acted_upon);
}

bool was_interrupted() {
  return come > 0;
}

void sleep_until_interrupted(std::chrono::milliseconds pause) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds nap(50);
  const auto end = steady_clock::now() + pause;
  while (pending_interruptions() == 0 && steady_clock::now() < end)
    std::this_thread::sleep_for(std::min<steady_clock::duration>(nap, end - steady_clock::now()));
}

void stop_if_interrupted() {
  if (pending_interruptions() == 0) return;
  acted_upon = come;
  throw Interrupted();
}

}  // namespace egress
