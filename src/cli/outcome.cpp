#include "egress/cli/outcome.hpp"

#include <algorithm>

namespace egress::cli {
namespace {

using Result = fleet::Outcome::Result;
using Stage = fleet::Outcome::Stage;

Json reference(const mesh::Reference& one) {
  Json made =
      object({{"apiVersion", one.resource.api_version()}, {"kind", std::string(one.resource.kind.name)}});
  if (!one.ns.empty()) made.set("namespace", one.ns);
  made.set("name", one.name);
  return made;
}

Json references(const std::vector<mesh::Reference>& all) {
  Json made{Json::Array{}};
  for (const mesh::Reference& one : all) made.push(reference(one));
  return made;
}

Json cause(const Cause& one, const std::string& reason) {
  Json made = object({{"reason", one.reason.empty() ? reason : one.reason}, {"message", one.message}});
  if (!one.verb.empty()) made.set("verb", one.verb);
  if (!one.resource.empty()) made.set("resource", one.resource);
  if (!one.ns.empty()) made.set("namespace", one.ns);
  return made;
}

Json metadata(const std::optional<mesh::GatewayName>& gateway) {
  Json made{Json::Object{}};
  if (!gateway) return made;
  made.set("name", gateway->second);
  if (!gateway->first.empty()) made.set("namespace", gateway->first);
  return made;
}

/// What only looks and checks fails for want of a server that answers.
Stage stage_of(Stage stage, const Error& error) {
  const bool no_answer = error.reason() == reason::unreachable || error.reason() == "Unauthorized";
  return stage == Stage::discover && no_answer ? Stage::connect : stage;
}

std::string reason_of(const Error& error, Stage stage) {
  if (!error.reason().empty()) return error.reason();
  if (stage == Stage::input || stage == Stage::connect) return reason::invalid_input;
  return stage == Stage::discover || stage == Stage::preflight ? reason::refused : reason::failed;
}

Json outcome_of(const fleet::Outcome& outcome, const OutcomeContext& context) {
  const bool is_open = outcome.result == Result::incomplete || outcome.result == Result::unknown;
  const std::string& other = outcome.continue_with;
  return object({
      {"apiVersion", mesh::form_version},
      {"kind", "Outcome"},
      {"metadata", metadata(context.gateway)},
      {"command", context.command},
      {"result", std::string(text(outcome.result))},
      {"written", references(outcome.written)},
      {"rolledBack", references(outcome.rolled_back)},
      {"deleted", references(outcome.deleted)},
      {"remaining", references(outcome.remaining)},
      {"continueWith", !other.empty() ? other
                       : is_open      ? context.line
                                      : ""},
  });
}

}  // namespace

Json outcome_object(const Error& error, const OutcomeContext& context) {
  const auto* failure = dynamic_cast<const fleet::OperationFailed*>(&error);
  const fleet::Outcome outcome = failure != nullptr ? failure->outcome() : fleet::Outcome{};
  const Stage stage = stage_of(outcome.stage.value_or(context.stage), error);
  const std::string reason = reason_of(error, stage);
  Json made = outcome_of(outcome, context);
  made.set("stage", std::string(text(stage)));
  made.set("reason", reason);
  made.set("message", error.text());
  Json causes{Json::Array{}};
  for (const Cause& one : error.causes()) causes.push(cause(one, reason));
  made.set("causes", causes);
  return made;
}

Json outcome_object(const fleet::Outcome& outcome, const OutcomeContext& context,
                    const std::string& dry_run) {
  Json made = outcome_of(outcome, context);
  if (dry_run != "none") made.set("dryRun", dry_run);
  return made;
}

}  // namespace egress::cli
