#pragma once

#include <string>

#include "egress/cli/choice.hpp"
#include "egress/cli/gateway_table.hpp"
#include "egress/cli/session.hpp"
#include "egress/render/output.hpp"

namespace egress::cli {

/// What a watch is to show.
struct Watching {
  std::string ns;  ///< empty: every namespace
  bool only_changes = false;
  bool events = false;  ///< with what happened to each
  GatewayTable::Columns columns;
};

/// Prints the gateways that stand and then each that changes, as kubectl prints what it watches: a line, or
/// an object by itself. Ends with the program alone, or by an Error.
void watch(Session& session, const Watching& watching, render::Output output, Choice& choice);

}  // namespace egress::cli
