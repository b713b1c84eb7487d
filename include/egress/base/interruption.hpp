#pragma once

#include "egress/base/error.hpp"

namespace egress {

/// The user, or the system, wants this program to end (SIGINT, SIGTERM).
class Interrupted : public Error {
 public:
  Interrupted() : Error("interrupted", "", reason::interrupted) {}
};

/// From now on SIGINT and SIGTERM no longer end the program: they are noticed at the next point where it can
/// stop without leaving anything half-done. Nor does it end because nobody reads its output any more.
void notice_interruptions();

/// How many came that this thread has not acted upon. What is under way is finished at one, and given up at
/// two.
int pending_interruptions();

/// How many came at all.
int interruptions_so_far();

/// True once any came.
bool was_interrupted();

/// Throws Interrupted where one is pending; it counts as acted upon then, by this thread.
void stop_if_interrupted();

}  // namespace egress
