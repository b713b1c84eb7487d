#include <memory>
#include <ostream>

#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/print.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # The version of kubectl egress
  kubectl egress version

  # For scripts
  kubectl egress version -o json)";

constexpr const char* output_words = "json|yaml";

int run(Session& session, const std::string& output) {
  const std::string version = "v" + std::string(program_version);
  if (output.empty()) {
    session.out() << "Client Version: " << version << '\n';
    return 0;
  }
  check_word("--output", output, split(output_words, '|'));
  print_object(session.out(), render::read_output(output, false),
               object({{"clientVersion", object({{"gitVersion", version}})}}));
  return 0;
}

}  // namespace

Command version_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "version", "Print the version of kubectl egress");
  auto output = std::make_shared<std::string>();
  flags.add_ignored_switch("--client",
                           "Only the client's, which is all there is: nothing of it runs in a cluster");
  flags.add("-o,--output", *output, "json or yaml").type(output_words);
  flags.set_examples(examples);
  return {flags.app(), [&session, output] { return run(session, *output); }};
}

}  // namespace egress::cli
