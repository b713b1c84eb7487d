#include "egress/cli/batch_run.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/render/age.hpp"

namespace egress::cli {
namespace {

const std::string line_name = "egressgateways";
const std::string error_prefix = "error: ";

/// The same error with the prefix in each of its lines.
Error with_prefix(const std::string& prefix, const Error& error) {
  std::vector<std::string> lines = split(error.headline(), '\n');
  for (std::string& line : lines) {
    const bool has_error_prefix = line.starts_with(error_prefix);
    if (has_error_prefix || &line == &lines.front())
      line = error_prefix + prefix + line.substr(has_error_prefix ? error_prefix.size() : 0);
  }
  return Error(join(lines, "\n").substr(error_prefix.size()), error.hint());
}

}  // namespace

Error omitted_errors(std::size_t count) {
  return Error("and " + std::to_string(count) + " more");
}

void report_errors(const Session& session, const std::vector<Error>& errors) {
  const std::size_t count = std::min(errors.size(), max_reported);
  for (std::size_t i = 0; i < count; ++i) session.report(errors[i]);
  if (errors.size() > count) session.report(omitted_errors(errors.size() - count));
}

std::string progress_text(std::size_t done, std::size_t count, std::size_t failed, double seconds) {
  std::ostringstream text;
  text << done << " of " << count << " done";
  const double rate = static_cast<double>(done) / std::max(seconds, 0.001);
  if (rate > 0) {
    text << ", " << std::fixed << std::setprecision(rate < 10 ? 1 : 0) << rate << " per second";
    const double seconds_left = static_cast<double>(count - done) / rate;
    // The rate of the first two seconds is too unreliable for an estimate.
    if (seconds > 2 && done < count)
      text << ", about " << render::human_duration(std::chrono::seconds(std::llround(seconds_left)))
           << " left";
  }
  if (failed > 0) text << ", " << failed << " failed";
  return text.str();
}

BatchRun::BatchRun(Session& session, std::size_t count, bool fail_fast)
    : session_(session), count_(count), fail_fast_(fail_fast) {
  update_line();
}

void BatchRun::run(const mesh::Egress& egress, const std::function<void()>& work) {
  if (was_interrupted() || (fail_fast_ && has_failures())) return;
  try {
    work();
    ++attempted_;
  } catch (const InterruptedError& interrupted) {
    session_.results().add_failure(interrupted, mesh::GatewayName{egress.ns, egress.name});
    return;  // nothing was written, so it counts as not attempted
  } catch (const Error& error) {
    ++attempted_;
    fail(egress, error);
  }
  update_line();
}

void BatchRun::fail(const mesh::Egress& egress, const Error& error) {
  ++failed_;
  session_.results().add_failure(error, mesh::GatewayName{egress.ns, egress.name});
  if (failed_ > max_reported) return;
  const std::string gateway = mesh::full_name(egress);
  const bool is_named = std::string_view(error.what()).find(gateway) != std::string::npos;
  const std::string prefix =
      (egress.origin.empty() ? "" : egress.origin + ": ") + (is_named ? "" : gateway + ": ");
  session_.report(count_ == 1 || prefix.empty() ? error : with_prefix(prefix, error));
}

void BatchRun::restart() {
  attempted_ = 0;
  start_ = std::chrono::steady_clock::now();
}

bool BatchRun::finish(const std::string& consequence) {
  session_.progress_lines().remove(line_name);
  if (attempted_ == count_ && !has_failures()) return true;
  if (count_ == 1) return false;
  if (failed_ > max_reported) session_.report(omitted_errors(failed_ - max_reported));
  std::string text = std::to_string(failed_) + " of " + std::to_string(count_) + " gateways failed";
  if (attempted_ < count_) text += ", " + std::to_string(count_ - attempted_) + " not attempted";
  session_.report(Error(text + "; " + consequence));
  return false;
}

void BatchRun::update_line() {
  if (count_ == 1) return;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  session_.progress_lines().set(line_name, progress_text(attempted_, count_, failed_, elapsed.count()));
}

}  // namespace egress::cli
