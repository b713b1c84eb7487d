#include "egress/fleet/outcome.hpp"

namespace egress::fleet {

std::string_view text(Outcome::Result result) {
  using Result = Outcome::Result;
  switch (result) {
    case Result::succeeded:
      return "Succeeded";
    case Result::unchanged:
      return "Unchanged";
    case Result::rolled_back:
      return "RolledBack";
    case Result::incomplete:
      return "Incomplete";
    case Result::unknown:
      break;
  }
  return "Unknown";
}

std::string_view text(Outcome::Stage stage) {
  using Stage = Outcome::Stage;
  switch (stage) {
    case Stage::input:
      return "Input";
    case Stage::connect:
      return "Connect";
    case Stage::discover:
      return "Discover";
    case Stage::preflight:
      return "Preflight";
    case Stage::lock:
      return "Lock";
    case Stage::write:
      return "Write";
    case Stage::wait:
      return "Wait";
    case Stage::route:
      return "Route";
    case Stage::cleanup:
      return "Cleanup";
    case Stage::finish:
      return "Finish";
    case Stage::unroute:
      return "Unroute";
    case Stage::drain:
      return "Drain";
    case Stage::remove:
      break;
  }
  return "Delete";
}

}  // namespace egress::fleet
