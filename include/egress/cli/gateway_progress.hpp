#pragma once

#include <string>

#include "egress/cli/session.hpp"
#include "egress/fleet/reporter.hpp"
#include "egress/mesh/egress.hpp"

namespace egress::cli {

/// Prints the progress of one gateway: a line per object on stdout, and a progress line with the number of
/// written objects and the current wait. With many gateways, the progress line of BatchRun replaces it.
class GatewayProgress {
 public:
  /// `prints_objects` prints a line with `suffix` for each object. `gateways` is the number of gateways of
  /// the run.
  GatewayProgress(Session& session, const mesh::Egress& egress, std::size_t gateways, bool prints_objects,
                  std::string suffix = {});
  ~GatewayProgress() { finish(); }
  GatewayProgress(const GatewayProgress&) = delete;
  GatewayProgress& operator=(const GatewayProgress&) = delete;

  fleet::Reporter reporter();
  void finish();

 private:
  void update_line();

  Session& session_;
  std::string name_;
  bool shows_line_;
  bool prints_objects_;
  std::string suffix_;
  std::size_t objects_ = 0;
  std::string verb_;
  std::string waiting_;
};

}  // namespace egress::cli
