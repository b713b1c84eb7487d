#pragma once

#include <string>

#include "egress/cli/gateway_filter.hpp"
#include "egress/cli/gateway_table.hpp"
#include "egress/cli/session.hpp"
#include "egress/render/output.hpp"

namespace egress::cli {

/// The options of a watch.
struct WatchOptions {
  std::string ns;  ///< empty for all namespaces
  bool only_changes = false;
  bool events = false;  ///< print the type of each change
  GatewayTable::Columns columns;
};

/// Prints the existing gateways and then each change, as `kubectl get --watch` does: one line or one object
/// each. Returns only by throwing Error.
void watch(Session& session, const WatchOptions& options, render::Output output,
           GatewayFilter& gateway_filter);

}  // namespace egress::cli
