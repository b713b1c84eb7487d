#include "egress/base/tasks.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <iterator>
#include <memory>
#include <semaphore>
#include <thread>
#include <utility>
#include <vector>

#include "egress/base/interruption.hpp"

namespace egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds max_poll_time{1000};
/// While somebody only lets time pass.
constexpr milliseconds sleep_interval{20};

/// Empty where nobody wants to know.
std::function<void()>& idle_handler() {
  static std::function<void()> handler;
  return handler;
}

void call_idle_handler() {
  if (idle_handler()) idle_handler()();
}

struct Wait {
  const std::function<bool()>& ready;
  const Poll* poll;  ///< none where only time has to pass
  int interruptions = interruption_count();

  bool is_over() const { return ready() || interruption_count() != interruptions; }
};

/// Thrown out of the waits of a task that is to end. No Error: nobody shall take it for a failure.
struct TaskCancelled {};

class Scheduler;

/// A thread that runs only while it is let.
class Task {
 public:
  Task(Scheduler& scheduler, bool is_background, std::function<void()> work)
      : scheduler_(scheduler),
        is_background_(is_background),
        thread_([this, work = std::move(work)] { run(work); }) {}

  /// Lets it run until it waits again, or has ended.
  void resume() {
    resumed_.release();
    suspended_.acquire();
  }

  /// Called by the task itself. Throws what driving for it threw.
  void wait(const Wait& wait) {
    wait_ = &wait;
    suspended_.release();
    resumed_.acquire();
    wait_ = nullptr;
    if (is_cancelled_) throw TaskCancelled();
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  }

  Scheduler& scheduler() const { return scheduler_; }
  /// It does nothing that others wait for the end of.
  bool is_background() const { return is_background_; }
  bool is_finished() const { return is_finished_; }
  bool can_resume() const { return wait_ == nullptr || is_cancelled_ || exception_ || wait_->is_over(); }
  void cancel() { is_cancelled_ = true; }
  const Poll* poll() const { return wait_ != nullptr ? wait_->poll : nullptr; }

  void poll_for(milliseconds timeout) {
    try {
      (*poll())(timeout);
    } catch (...) {
      exception_ = std::current_exception();
    }
  }

  static thread_local Task* current;

 private:
  void run(const std::function<void()>& work) {
    current = this;
    resumed_.acquire();
    work();
    is_finished_ = true;
    suspended_.release();
  }

  Scheduler& scheduler_;
  bool is_background_;
  std::binary_semaphore resumed_{0};
  std::binary_semaphore suspended_{0};
  const Wait* wait_ = nullptr;
  std::exception_ptr exception_;
  bool is_cancelled_ = false;
  bool is_finished_ = false;
  std::jthread thread_;
};

thread_local Task* Task::current = nullptr;

/// Signals are for the thread that waits for data: they end its wait.
class SignalBlock {
 public:
  SignalBlock() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &previous_);
  }
  ~SignalBlock() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }
  SignalBlock(const SignalBlock&) = delete;
  SignalBlock& operator=(const SignalBlock&) = delete;

 private:
  sigset_t previous_{};
};

/// All the tasks of one run_tasks().
class Scheduler {
 public:
  Scheduler(std::size_t count, const std::function<void()>& work, std::function<bool()> should_stop)
      : should_stop_(std::move(should_stop)) {
    for (std::size_t i = 0; i < count; ++i) start(false, work);
  }

  void start(bool is_background, std::function<void()> work) {
    const SignalBlock blocked;
    started_.push_back(std::make_unique<Task>(*this, is_background, std::move(work)));
  }

  void run() {
    for (accept_started(); !tasks_.empty(); accept_started()) {
      if (!resume_ready_tasks()) poll();
      std::erase_if(tasks_, [](const auto& task) { return task->is_finished(); });
      if (should_stop_() ||
          std::ranges::all_of(tasks_, [](const auto& task) { return task->is_background(); }))
        for (const auto& task : tasks_) task->cancel();
    }
  }

 private:
  /// A task may begin another while all are gone through.
  void accept_started() {
    std::ranges::move(started_, std::back_inserter(tasks_));
    started_.clear();
  }

  /// Those that can. What they ask for is under way while the next one thinks.
  bool resume_ready_tasks() {
    bool has_resumed = false;
    for (const auto& task : tasks_) {
      if (!task->can_resume()) continue;
      task->resume();
      has_resumed = true;
      if (task->poll() != nullptr) task->poll_for(milliseconds(0));
    }
    return has_resumed;
  }

  void poll() {
    call_idle_handler();
    const auto waits_for_data = [](const auto& task) { return task->poll() != nullptr; };
    const auto waiting = std::ranges::find_if(tasks_, waits_for_data);
    if (waiting == tasks_.end()) return std::this_thread::sleep_for(sleep_interval);
    (*waiting)->poll_for(std::ranges::all_of(tasks_, waits_for_data) ? max_poll_time : sleep_interval);
  }

  std::function<bool()> should_stop_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<std::unique_ptr<Task>> started_;  ///< which are not among them yet
};

}  // namespace

void run_tasks(std::size_t count, std::size_t concurrency, const std::function<void(std::size_t)>& work) {
  std::size_t next = 0;
  std::exception_ptr exception;
  Scheduler(
      std::min(count, concurrency),
      [&] {
        while (next < count) {
          try {
            work(next++);
          } catch (...) {
            if (!exception) exception = std::current_exception();
          }
        }
      },
      [] { return false; })
      .run();
  if (exception) std::rethrow_exception(exception);
}

void run_concurrently(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::size_t next = 0;
  std::exception_ptr exception;
  const auto save_exception = [&] {
    if (!exception) exception = std::current_exception();
  };
  const auto run_next = [&] {
    try {
      work(next++);
    } catch (const TaskCancelled&) {
      return;
    } catch (...) {
      save_exception();
    }
  };
  Scheduler(count, run_next, [&] { return exception != nullptr; }).run();
  if (exception) std::rethrow_exception(exception);
}

void start_background_task(std::function<void()> work) {
  Task::current->scheduler().start(true, [work = std::move(work)] {
    try {
      work();
    } catch (const TaskCancelled&) {
      return;
    }
  });
}

void wait_for(const std::function<bool()>& ready, const Poll& poll) {
  const Wait wait{ready, &poll};
  if (Task::current != nullptr)
    while (!wait.is_over()) Task::current->wait(wait);
  else
    for (; !wait.is_over(); call_idle_handler()) poll(max_poll_time);
}

IdleHandler::IdleHandler(std::function<void()> handler) {
  idle_handler() = std::move(handler);
}

IdleHandler::~IdleHandler() {
  idle_handler() = nullptr;
}

void wait_until(const std::function<bool()>& ready) {
  const Wait wait{ready, nullptr};
  while (!wait.is_over() && pending_interruptions() == 0) {
    if (Task::current != nullptr) {
      Task::current->wait(wait);
    } else {
      call_idle_handler();
      std::this_thread::sleep_for(sleep_interval);
    }
  }
}

void sleep_for(milliseconds time) {
  const auto end = steady_clock::now() + time;
  wait_until([&] { return steady_clock::now() >= end; });
}

}  // namespace egress
