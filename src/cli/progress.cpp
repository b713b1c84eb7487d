#include "egress/cli/progress.hpp"

#include <ostream>

namespace egress::cli {
namespace {

/// Of more gateways than these nobody reads what each waits for.
constexpr std::size_t most_followed = 8;

}  // namespace

Progress::Progress(Session& session, const mesh::Egress& egress, std::size_t gateways, bool lines,
                   std::string suffix)
    : session_(session),
      name_("egressgateway/" + egress.name + " -n " + egress.ns),
      live_(gateways <= most_followed),
      lines_(lines),
      suffix_(std::move(suffix)) {}

fleet::Reporter Progress::reporter() {
  fleet::Reporter reporter;
  reporter.wrote = [this](const mesh::Reference& reference, const std::string& verb) {
    if (lines_) session_.out() << reference.label() << ' ' << verb << suffix_ << '\n' << std::flush;
    ++objects_;
    verb_ = verb == "deleted" ? "deleted" : "written";
    show();
  };
  reporter.waiting = [this](const std::string& text) {
    waiting_ = text;
    show();
  };
  return reporter;
}

void Progress::show() {
  if (!live_) return;
  std::string text = std::to_string(objects_) + (objects_ == 1 ? " object " : " objects ") + verb_;
  if (objects_ == 0) text.clear();
  if (!waiting_.empty()) text += (text.empty() ? "" : ", ") + waiting_;
  session_.live().set(name_, text);
}

void Progress::done() {
  if (live_) session_.live().remove(name_);
}

}  // namespace egress::cli
