#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/base/version.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/plan_printer.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Print the version of kubectl egress
  kubectl egress version

  # Print the version as JSON
  kubectl egress version -o json)";

constexpr const char* output_formats = "json|yaml";

int run(Session& session, const std::string& output) {
  const std::string version = "v" + std::string(program_version);
  if (output.empty()) {
    session.out() << "Client Version: " << version << '\n';
    return 0;
  }
  check_allowed_value("--output", output, split(output_formats, '|'));
  print_object(session.out(), render::parse_output(output, false),
               object({{"clientVersion", object({{"gitVersion", version}})}}));
  return 0;
}

}  // namespace

Command version_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "version", "Print the version of kubectl egress");
  auto output = std::make_shared<std::string>();
  flags.add_ignored_switch("--client");
  flags.add("-o,--output", *output, "Output format: json or yaml").type(output_formats);
  flags.set_examples(examples);
  return {flags.app(), [&session, output] { return run(session, *output); }};
}

}  // namespace egress::cli
