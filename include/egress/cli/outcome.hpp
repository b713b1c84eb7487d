#pragma once

#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/base/json.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/mesh/egress_manifest.hpp"

namespace egress::cli {

/// The facts of an Outcome that the failure itself does not know.
struct OutcomeContext {
  std::string command;  ///< "create"
  std::string line;     ///< the whole command line, which continues an incomplete operation
  std::optional<mesh::GatewayName> gateway;
  fleet::Outcome::Stage stage = fleet::Outcome::Stage::input;  ///< used if the failure has no stage
  bool names_flags = false;  ///< whether the message names the flag of each field
};

/// The object of kind Outcome that --output json prints for a failure. Its apiVersion is the manifest's.
Json outcome_object(const Error& error, const OutcomeContext& context);
/// The same for a command that succeeded. `dry_run` is "none", "client" or "server".
Json outcome_object(const fleet::Outcome& outcome, const OutcomeContext& context, const std::string& dry_run);

}  // namespace egress::cli
