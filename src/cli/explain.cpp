#include "egress/cli/explain.hpp"

#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/mesh/json_schema.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # The fields of a manifest
  kubectl egress explain

  # One field
  kubectl egress explain spec.tls.mode

  # The names and types of all fields
  kubectl egress explain --recursive

  # A code printed by check
  kubectl egress explain check/IST0109

  # A JSON schema, for completion and validation in an editor
  kubectl egress explain -o jsonschema)";

constexpr const char* output_formats = "plaintext|jsonschema";
constexpr std::string_view finding_prefix = "check/";

struct ExplainOptions {
  std::string topic;
  std::string output = "plaintext";
  bool recursive = false;
};

std::string explain(const ExplainOptions& options) {
  if (options.topic == "check") return list_findings();
  if (options.topic.starts_with(finding_prefix))
    return explain_finding(options.topic.substr(finding_prefix.size()));
  return explain_field(options.topic, options.recursive);
}

int run(Session& session, const ExplainOptions& options) {
  check_allowed_value("--output", options.output, split(output_formats, '|'));
  if (options.output == "plaintext") {
    session.out() << explain(options);
    return 0;
  }
  if (!options.topic.empty())
    throw UsageError("-o jsonschema prints the schema of the whole manifest and takes no FIELD");
  session.out() << mesh::json_schema().dump_pretty() << '\n';
  return 0;
}

}  // namespace

Command explain_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "explain", "Show the documentation of manifest fields and check codes");
  auto options = std::make_shared<ExplainOptions>();
  flags.add("FIELD", options->topic, "A field such as spec.tls.mode, or check/CODE").type(value_type::topic);
  flags.add_switch("--recursive", options->recursive,
                   "Show the names and types of all fields, without descriptions");
  flags.add("-o,--output", options->output, "Output format: plaintext or jsonschema").type(output_formats);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
