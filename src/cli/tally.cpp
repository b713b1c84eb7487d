#include "egress/cli/tally.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/render/age.hpp"

namespace egress::cli {
namespace {

const std::string name = "egressgateways";
const std::string lead = "error: ";

/// The same error, each line of it with those words.
Error with(const std::string& words, const Error& error) {
  std::vector<std::string> lines = split(error.headline(), '\n');
  for (std::string& line : lines) {
    const bool led = line.starts_with(lead);
    if (led || &line == &lines.front()) line = lead + words + line.substr(led ? lead.size() : 0);
  }
  return Error(join(lines, "\n").substr(lead.size()), error.hint());
}

}  // namespace

Error more_untold(std::size_t count) {
  return Error("and " + std::to_string(count) + " more like these");
}

void tell_first(const Session& session, const std::vector<Error>& errors) {
  const std::size_t told = std::min(errors.size(), most_told);
  for (std::size_t i = 0; i < told; ++i) session.tell(errors[i]);
  if (errors.size() > told) session.tell(more_untold(errors.size() - told));
}

std::string progress_of(std::size_t done, std::size_t count, std::size_t failed, double seconds) {
  std::ostringstream text;
  text << done << " of " << count << " done";
  const double rate = static_cast<double>(done) / std::max(seconds, 0.001);
  if (rate > 0) {
    text << ", " << std::fixed << std::setprecision(rate < 10 ? 1 : 0) << rate << " a second";
    const double left = static_cast<double>(count - done) / rate;
    // Of the first ones too little is known.
    if (seconds > 2 && done < count)
      text << ", about " << render::duration(std::chrono::seconds(std::llround(left))) << " left";
  }
  if (failed > 0) text << ", " << failed << " failed";
  return text.str();
}

Tally::Tally(Session& session, std::size_t count, bool stops)
    : session_(session), count_(count), stops_(stops) {
  show();
}

void Tally::attempt(const mesh::Egress& egress, const std::function<void()>& work) {
  if (was_interrupted() || (stops_ && failed())) return;
  try {
    work();
    ++attempted_;
  } catch (const Interrupted& interrupted) {
    session_.results().fail(interrupted, mesh::GatewayName{egress.ns, egress.name});
    return;  // nothing of it was done, and it counts as not attempted
  } catch (const Error& error) {
    ++attempted_;
    fail(egress, error);
  }
  show();
}

void Tally::fail(const mesh::Egress& egress, const Error& error) {
  ++failed_;
  session_.results().fail(error, mesh::GatewayName{egress.ns, egress.name});
  if (failed_ > most_told) return;
  const std::string gateway = fleet::described(egress);
  const bool is_named = std::string_view(error.what()).find(gateway) != std::string::npos;
  const std::string words =
      (egress.origin.empty() ? "" : egress.origin + ": ") + (is_named ? "" : gateway + ": ");
  session_.tell(count_ == 1 || words.empty() ? error : with(words, error));
}

void Tally::start_again() {
  attempted_ = 0;
  start_ = std::chrono::steady_clock::now();
}

bool Tally::finish(const std::string& rest) {
  session_.live().remove(name);
  if (attempted_ == count_ && !failed()) return true;
  if (count_ == 1) return false;
  if (failed_ > most_told) session_.tell(more_untold(failed_ - most_told));
  const std::string of_all = " of " + std::to_string(count_) + " gateways";
  std::string text = std::to_string(failed_) + of_all + " failed";
  if (attempted_ < count_) text += ", and " + std::to_string(count_ - attempted_) + " were not attempted";
  session_.tell(Error(text + "; " + rest));
  return false;
}

void Tally::show() {
  if (count_ == 1) return;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  session_.live().set(name, progress_of(attempted_, count_, failed_, passed.count()));
}

}  // namespace egress::cli
