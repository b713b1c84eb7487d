#include "egress/cli/progress.hpp"

#include <ostream>

namespace egress::cli {

Progress::Progress(Session& session, bool lines, std::string suffix)
    : session_(session), lines_(lines), suffix_(std::move(suffix)) {}

fleet::Reporter Progress::reporter() {
  fleet::Reporter reporter;
  reporter.wrote = [this](const mesh::Reference& reference, const std::string& verb) {
    done();
    if (lines_) session_.out() << reference.label() << ' ' << verb << suffix_ << '\n' << std::flush;
  };
  reporter.waiting = [this](const std::string& text) { show("Waiting: " + text); };
  return reporter;
}

void Progress::show(const std::string& text) {
  if (!session_.streams().err_is_terminal) return;
  done();
  session_.err() << text << std::flush;
  shown_ = true;
}

void Progress::done() {
  if (shown_) session_.err() << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace egress::cli
