#include "egress/base/lanes.hpp"

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

constexpr milliseconds longest_drive{1000};
/// While somebody only lets time pass.
constexpr milliseconds nap{20};

/// Empty where nobody wants to know.
std::function<void()>& idle() {
  static std::function<void()> wanted;
  return wanted;
}

void tell_idle() {
  if (idle()) idle()();
}

struct Wait {
  const std::function<bool()>& ready;
  const Drive* drive;  ///< none where only time has to pass
  int interruptions = interruptions_so_far();

  bool over() const { return ready() || interruptions_so_far() != interruptions; }
};

/// Thrown out of the waits of a lane that is to end. No Error: nobody shall take it for a failure.
struct GivenUp {};

class Lanes;

/// A thread that runs only while it is let.
class Lane {
 public:
  Lane(Lanes& among, bool is_beside, std::function<void()> work)
      : among_(among), is_beside_(is_beside), thread_([this, work = std::move(work)] { run(work); }) {}

  /// Lets it run until it waits again, or has ended.
  void go_on() {
    turn_.release();
    back_.acquire();
  }

  /// Called by the lane itself. Throws what driving for it threw.
  void wait(const Wait& wait) {
    wait_ = &wait;
    back_.release();
    turn_.acquire();
    wait_ = nullptr;
    if (given_up_) throw GivenUp();
    if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
  }

  Lanes& among() const { return among_; }
  /// It does nothing that others wait for the end of.
  bool is_beside() const { return is_beside_; }
  bool ended() const { return ended_; }
  bool can_go_on() const { return wait_ == nullptr || given_up_ || fault_ || wait_->over(); }
  void give_up() { given_up_ = true; }
  const Drive* drive() const { return wait_ != nullptr ? wait_->drive : nullptr; }

  void drive_for(milliseconds at_most) {
    try {
      (*drive())(at_most);
    } catch (...) {
      fault_ = std::current_exception();
    }
  }

  static thread_local Lane* own;

 private:
  void run(const std::function<void()>& work) {
    own = this;
    turn_.acquire();
    work();
    ended_ = true;
    back_.release();
  }

  Lanes& among_;
  bool is_beside_;
  std::binary_semaphore turn_{0};
  std::binary_semaphore back_{0};
  const Wait* wait_ = nullptr;
  std::exception_ptr fault_;
  bool given_up_ = false;
  bool ended_ = false;
  std::jthread thread_;
};

thread_local Lane* Lane::own = nullptr;

/// Signals are for the thread that waits for data: they end its wait.
class SignalsElsewhere {
 public:
  SignalsElsewhere() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsElsewhere() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsElsewhere(const SignalsElsewhere&) = delete;
  SignalsElsewhere& operator=(const SignalsElsewhere&) = delete;

 private:
  sigset_t before_{};
};

/// All the lanes of one run_in_lanes().
class Lanes {
 public:
  Lanes(std::size_t count, const std::function<void()>& work, std::function<bool()> is_over)
      : is_over_(std::move(is_over)) {
    for (std::size_t i = 0; i < count; ++i) begin(false, work);
  }

  void begin(bool is_beside, std::function<void()> work) {
    const SignalsElsewhere blocked;
    begun_.push_back(std::make_unique<Lane>(*this, is_beside, std::move(work)));
  }

  void run() {
    for (take_begun(); !lanes_.empty(); take_begun()) {
      if (!all_go_on()) drive();
      std::erase_if(lanes_, [](const auto& lane) { return lane->ended(); });
      if (is_over_() || std::ranges::all_of(lanes_, [](const auto& lane) { return lane->is_beside(); }))
        for (const auto& lane : lanes_) lane->give_up();
    }
  }

 private:
  /// A lane may begin another while all are gone through.
  void take_begun() {
    std::ranges::move(begun_, std::back_inserter(lanes_));
    begun_.clear();
  }

  /// Those that can. What they ask for is under way while the next one thinks.
  bool all_go_on() {
    bool any = false;
    for (const auto& lane : lanes_) {
      if (!lane->can_go_on()) continue;
      lane->go_on();
      any = true;
      if (lane->drive() != nullptr) lane->drive_for(milliseconds(0));
    }
    return any;
  }

  void drive() {
    tell_idle();
    const auto waits_for_data = [](const auto& lane) { return lane->drive() != nullptr; };
    const auto driven = std::ranges::find_if(lanes_, waits_for_data);
    if (driven == lanes_.end()) return std::this_thread::sleep_for(nap);
    (*driven)->drive_for(std::ranges::all_of(lanes_, waits_for_data) ? longest_drive : nap);
  }

  std::function<bool()> is_over_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::unique_ptr<Lane>> begun_;  ///< which are not among them yet
};

}  // namespace

void run_in_lanes(std::size_t count, std::size_t width, const std::function<void(std::size_t)>& work) {
  std::size_t next = 0;
  std::exception_ptr thrown;
  Lanes(
      std::min(count, width),
      [&] {
        while (next < count) {
          try {
            work(next++);
          } catch (...) {
            if (!thrown) thrown = std::current_exception();
          }
        }
      },
      [] { return false; })
      .run();
  if (thrown) std::rethrow_exception(thrown);
}

void run_together(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::size_t next = 0;
  std::exception_ptr thrown;
  const auto keep = [&] {
    if (!thrown) thrown = std::current_exception();
  };
  const auto one = [&] {
    try {
      work(next++);
    } catch (const GivenUp&) {
      return;
    } catch (...) {
      keep();
    }
  };
  Lanes(count, one, [&] { return thrown != nullptr; }).run();
  if (thrown) std::rethrow_exception(thrown);
}

void begin_beside(std::function<void()> work) {
  Lane::own->among().begin(true, [work = std::move(work)] {
    try {
      work();
    } catch (const GivenUp&) {
      return;
    }
  });
}

void wait_for(const std::function<bool()>& ready, const Drive& drive) {
  const Wait wait{ready, &drive};
  if (Lane::own != nullptr)
    while (!wait.over()) Lane::own->wait(wait);
  else
    for (; !wait.over(); tell_idle()) drive(longest_drive);
}

WhileWaiting::WhileWaiting(std::function<void()> wanted) {
  idle() = std::move(wanted);
}

WhileWaiting::~WhileWaiting() {
  idle() = nullptr;
}

void wait_beside(const std::function<bool()>& ready) {
  const Wait wait{ready, nullptr};
  while (!wait.over() && pending_interruptions() == 0) {
    if (Lane::own != nullptr) {
      Lane::own->wait(wait);
    } else {
      tell_idle();
      std::this_thread::sleep_for(nap);
    }
  }
}

void pause_for(milliseconds time) {
  const auto end = steady_clock::now() + time;
  wait_beside([&] { return steady_clock::now() >= end; });
}

}  // namespace egress
