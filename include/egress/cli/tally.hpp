#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "egress/cli/session.hpp"

namespace egress::cli {

/// How a command over many gateways comes along: one line on a terminal, each failure when it happens, and a
/// summary at the end. Of one gateway its own words say enough.
class Tally {
 public:
  /// With `stops`, nothing more is attempted after a failure.
  Tally(Session& session, std::size_t count, bool stops);

  /// Does it, unless it is no more to be done; an Error that it throws is a failure, and is told.
  void attempt(const std::function<void()>& work);

  bool failed() const { return failed_ > 0; }
  /// All of them once more.
  void start_again();

  /// True where all went well; else says how many did not, and `rest`.
  bool finish(const std::string& rest);

 private:
  void show();

  Session& session_;
  std::size_t count_;
  bool stops_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::size_t attempted_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace egress::cli
