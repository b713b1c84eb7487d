#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/cli/session.hpp"
#include "egress/mesh/egress.hpp"

namespace egress::cli {

/// More errors than this nobody reads at one time: of what is behind them only the number is told.
constexpr std::size_t most_told = 20;

/// "and 5 more like these".
Error more_untold(std::size_t count);

/// Tells the first of them, and how many more there are.
void tell_first(const Session& session, const std::vector<Error>& errors);

/// "120 of 1000 done, 8.3 a second, about 106s left, 2 failed".
std::string progress_of(std::size_t done, std::size_t count, std::size_t failed, double seconds);

/// How a command over many gateways comes along: one line on a terminal, each failure when it happens, with
/// the gateway's name, up to a number that is told, and a summary of all at the end. Of one gateway its own
/// words say enough.
class Tally {
 public:
  /// With `stops`, nothing more is attempted after a failure.
  Tally(Session& session, std::size_t count, bool stops);

  /// Does it, unless it is no more to be done; an Error that it throws is this gateway's failure.
  void attempt(const mesh::Egress& egress, const std::function<void()>& work);

  bool failed() const { return failed_ > 0; }
  /// All of them once more.
  void start_again();

  /// True where all went well; else says how many did not, and `rest`.
  bool finish(const std::string& rest);

 private:
  void fail(const mesh::Egress& egress, const Error& error);
  void show();

  Session& session_;
  std::size_t count_;
  bool stops_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::size_t attempted_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace egress::cli
