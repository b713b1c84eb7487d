#pragma once

#include "egress/base/error.hpp"

namespace egress {

/// The user, or the system, wants this program to end (SIGINT, SIGTERM).
class InterruptedError : public Error {
 public:
  InterruptedError() : Error("interrupted", "", reason::interrupted) {}
};

/// From now on SIGINT and SIGTERM no longer end the program: they are noticed at the next point where it can
/// stop without leaving anything half-done. Nor does it end because nobody reads its output any more.
void install_signal_handlers();

/// How many came that this thread has not acted upon. What is under way is finished at one, and given up at
/// two.
int pending_interruptions();

/// How many came at all.
int interruption_count();

/// True once any came.
bool was_interrupted();

/// Throws InterruptedError where one is pending; it counts as acted upon then, by this thread.
void throw_if_interrupted();

}  // namespace egress
