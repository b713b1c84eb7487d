#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace egress {

/// Does `work(i)` for each i below `count`, `concurrency` of them under way at a time. Each is written as if
/// it were alone: where one waits (wait_for(), sleep_for()) the others go on, and no two ever run at one
/// time, so that they share what they please. Each notices interruptions (base/interruption.hpp) for itself.
/// When all have ended, the first of what they threw is thrown. Not to be called by a work.
void run_tasks(std::size_t count, std::size_t concurrency, const std::function<void(std::size_t)>& work);

/// The same, all at a time, for works that may never end: once one throws, the others' waits are over, and
/// their destructors run.
void run_concurrently(std::size_t count, const std::function<void(std::size_t)>& work);

/// Begins a task beside the caller's, which is one of those above, for a work that may never end and throws
/// nothing: when all others have ended its waits are over, and its destructors run.
void start_background_task(std::function<void()> work);

/// Moves on what others wait for; returns when something was moved, or after `timeout`.
using Poll = std::function<void(std::chrono::milliseconds timeout)>;

/// Drives until `ready` says so, or an interruption comes. Neither may look at interruptions itself.
void wait_for(const std::function<bool()>& ready, const Poll& poll);

/// Waits until `ready` says so, which other tasks bring about, or time; an interruption ends it.
void wait_until(const std::function<bool()>& ready);

/// As long as it is there, `idle` is called now and then, at least once a second, while everybody waits. One
/// at a time.
class IdleHandler {
 public:
  explicit IdleHandler(std::function<void()> idle);
  ~IdleHandler();
  IdleHandler(const IdleHandler&) = delete;
  IdleHandler& operator=(const IdleHandler&) = delete;
};

/// Lets that time pass, or less where an interruption is pending.
void sleep_for(std::chrono::milliseconds time);

}  // namespace egress
