#include "egress/cli/outcome.hpp"

#include "egress/cli/field_flags.hpp"

namespace egress::cli {
namespace {

using Result = fleet::Outcome::Result;
using Stage = fleet::Outcome::Stage;

Json reference_json(const mesh::Reference& reference) {
  Json json = object({{"apiVersion", reference.resource.api_version()},
                      {"kind", std::string(reference.resource.kind.name)}});
  if (!reference.ns.empty()) json.set("namespace", reference.ns);
  json.set("name", reference.name);
  return json;
}

Json references_json(const std::vector<mesh::Reference>& list) {
  Json json{Json::Array{}};
  for (const mesh::Reference& reference : list) json.push(reference_json(reference));
  return json;
}

Json cause_json(const Cause& cause, const std::string& reason) {
  Json json = object({{"reason", cause.reason.empty() ? reason : cause.reason}, {"message", cause.message}});
  if (!cause.verb.empty()) json.set("verb", cause.verb);
  if (!cause.resource.empty()) json.set("resource", cause.resource);
  if (!cause.ns.empty()) json.set("namespace", cause.ns);
  return json;
}

Json metadata_json(const std::optional<mesh::GatewayName>& gateway) {
  Json json{Json::Object{}};
  if (!gateway) return json;
  json.set("name", gateway->second);
  if (!gateway->first.empty()) json.set("namespace", gateway->first);
  return json;
}

/// A failure to discover Istio because the server is unreachable is a failure to connect.
Stage failed_stage(Stage stage, const Error& error) {
  const bool is_unreachable = error.reason() == reason::unreachable || error.reason() == "Unauthorized";
  return stage == Stage::discover && is_unreachable ? Stage::connect : stage;
}

std::string failure_reason(const Error& error, Stage stage) {
  if (!error.reason().empty()) return error.reason();
  if (stage == Stage::input || stage == Stage::connect) return reason::invalid_input;
  return stage == Stage::discover || stage == Stage::preflight ? reason::refused : reason::failed;
}

Json outcome_json(const fleet::Outcome& outcome, const OutcomeContext& context) {
  const bool is_unfinished = outcome.result == Result::incomplete || outcome.result == Result::unknown;
  const std::string& continue_with = outcome.continue_with;
  return object({
      {"apiVersion", mesh::egress_api_version},
      {"kind", "Outcome"},
      {"metadata", metadata_json(context.gateway)},
      {"command", context.command},
      {"result", std::string(text(outcome.result))},
      {"written", references_json(outcome.written)},
      {"rolledBack", references_json(outcome.rolled_back)},
      {"deleted", references_json(outcome.deleted)},
      {"remaining", references_json(outcome.remaining)},
      {"continueWith", !continue_with.empty() ? continue_with
                       : is_unfinished        ? context.line
                                              : ""},
  });
}

}  // namespace

Json outcome_object(const Error& error, const OutcomeContext& context) {
  const auto* failure = dynamic_cast<const fleet::OperationFailed*>(&error);
  const fleet::Outcome outcome = failure != nullptr ? failure->outcome() : fleet::Outcome{};
  const Stage stage = failed_stage(outcome.stage.value_or(context.stage), error);
  const std::string reason = failure_reason(error, stage);
  Json json = outcome_json(outcome, context);
  json.set("stage", std::string(text(stage)));
  json.set("reason", reason);
  // Other headlines are the API server's, which mean fields of Kubernetes objects.
  const bool names_flags = context.names_flags && error.headline().starts_with("error:");
  json.set("message", names_flags ? with_flags(error.text()) : error.text());
  Json causes{Json::Array{}};
  for (const Cause& cause : error.causes()) causes.push(cause_json(cause, reason));
  json.set("causes", causes);
  return json;
}

Json outcome_object(const fleet::Outcome& outcome, const OutcomeContext& context,
                    const std::string& dry_run) {
  Json json = outcome_json(outcome, context);
  if (dry_run != "none") json.set("dryRun", dry_run);
  return json;
}

}  // namespace egress::cli
