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

/// The maximum number of errors that are printed; the others are only counted.
constexpr std::size_t max_reported = 20;

/// "and 5 more".
Error omitted_errors(std::size_t count);

/// Prints the first errors and the number of the others.
void report_errors(const Session& session, const std::vector<Error>& errors);

/// "120 of 1000 done, 8.3 per second, about 106s left, 2 failed".
std::string progress_text(std::size_t done, std::size_t count, std::size_t failed, double seconds);

/// Runs a command for several gateways: shows one progress line, prints each failure with the gateway's name,
/// up to max_reported, and prints a summary at the end. A single gateway has neither progress line nor
/// summary.
class BatchRun {
 public:
  /// With `fail_fast`, the gateways after a failure are not attempted.
  BatchRun(Session& session, std::size_t count, bool fail_fast);

  /// Runs `work` for one gateway, unless the batch was stopped. An Error that it throws is the gateway's
  /// failure.
  void run(const mesh::Egress& egress, const std::function<void()>& work);

  bool has_failures() const { return failed_ > 0; }
  /// Starts the count again, for a second pass over all gateways.
  void restart();

  /// Returns true if all gateways succeeded. Otherwise prints how many failed, followed by `consequence`.
  bool finish(const std::string& consequence);

 private:
  void fail(const mesh::Egress& egress, const Error& error);
  void update_line();

  Session& session_;
  std::size_t count_;
  bool fail_fast_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::size_t attempted_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace egress::cli
