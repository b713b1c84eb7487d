#pragma once

#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/base/json.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {

/// What an Outcome says beside what the failure itself knows.
struct OutcomeContext {
  std::string command;  ///< "create"
  std::string line;     ///< the whole command line, which goes on with what is incomplete
  std::optional<mesh::GatewayName> gateway;
  fleet::Outcome::Stage stage = fleet::Outcome::Stage::input;  ///< unless the failure knows it
};

/// The object of kind Outcome that --output json prints, in the version of the file form.
Json outcome_object(const Error& error, const OutcomeContext& context);
/// The same of a command that did not fail. `dry_run` is "none", "client" or "server".
Json outcome_object(const fleet::Outcome& outcome, const OutcomeContext& context, const std::string& dry_run);

}  // namespace egress::cli
