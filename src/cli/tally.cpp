#include "egress/cli/tally.hpp"

#include <algorithm>
#include <ostream>

#include "egress/base/interruption.hpp"

namespace egress::cli {
namespace {

const std::string name = "egressgateways";

}  // namespace

Tally::Tally(Session& session, std::size_t count, bool stops)
    : session_(session), count_(count), stops_(stops) {}

void Tally::attempt(const std::function<void()>& work) {
  if (was_interrupted() || (stops_ && failed())) return;
  try {
    work();
    ++attempted_;
  } catch (const Interrupted&) {
    return;  // nothing of it was done, and it counts as not attempted
  } catch (const Error& error) {
    ++attempted_;
    ++failed_;
    session_.tell(error);
  }
  show();
}

void Tally::start_again() {
  attempted_ = 0;
  start_ = std::chrono::steady_clock::now();
}

bool Tally::finish(const std::string& rest) {
  session_.live().remove(name);
  if (attempted_ == count_ && !failed()) return true;
  if (count_ == 1) return false;
  const std::string of_all = " of " + std::to_string(count_) + " gateways";
  std::string text = std::to_string(failed_) + of_all + " failed";
  if (attempted_ < count_) text += ", and " + std::to_string(count_ - attempted_) + " were not attempted";
  session_.tell(Error(text + "; " + rest));
  return false;
}

void Tally::show() {
  if (count_ == 1) return;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  const double rate = static_cast<double>(attempted_) / std::max(passed.count(), 0.001);
  std::string text = std::to_string(attempted_) + " of " + std::to_string(count_) + " done, " +
                     std::to_string(static_cast<int>(rate)) + " a second";
  if (failed()) text += ", " + std::to_string(failed_) + " failed";
  session_.live().set(name, text);
}

}  // namespace egress::cli
