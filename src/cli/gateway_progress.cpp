#include "egress/cli/gateway_progress.hpp"

#include <ostream>

#include "egress/mesh/full_name.hpp"

namespace egress::cli {
namespace {

/// With more gateways, one summary line replaces the line of each.
constexpr std::size_t max_gateways_shown = 8;

}  // namespace

GatewayProgress::GatewayProgress(Session& session, const mesh::Egress& egress, std::size_t gateways,
                                 bool prints_objects, std::string suffix)
    : session_(session),
      name_(mesh::full_name(egress)),
      shows_line_(gateways <= max_gateways_shown),
      prints_objects_(prints_objects),
      suffix_(std::move(suffix)) {}

fleet::Reporter GatewayProgress::reporter() {
  fleet::Reporter reporter;
  reporter.on_write = [this](const mesh::Reference& reference, const std::string& verb) {
    if (prints_objects_)
      session_.out() << reference.display_name() << ' ' << verb << suffix_ << '\n' << std::flush;
    ++objects_;
    verb_ = verb == "deleted" ? "deleted" : "written";
    update_line();
  };
  reporter.on_wait = [this](const std::string& text) {
    waiting_ = text;
    update_line();
  };
  return reporter;
}

void GatewayProgress::update_line() {
  if (!shows_line_) return;
  std::string text = std::to_string(objects_) + (objects_ == 1 ? " object " : " objects ") + verb_;
  if (objects_ == 0) text.clear();
  if (!waiting_.empty()) text += (text.empty() ? "" : ", ") + waiting_;
  session_.progress_lines().set(name_, text);
}

void GatewayProgress::finish() {
  if (shows_line_) session_.progress_lines().remove(name_);
}

}  // namespace egress::cli
