#include <memory>
#include <ostream>

#include "completion_scripts.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Load completion into the current bash shell
  source <(kubectl egress completion bash)

  # Install completion for new zsh shells; ~/.zfunc must be in fpath
  kubectl egress completion zsh > ~/.zfunc/_kubectl-egress

  # Install completion for new fish shells
  kubectl egress completion fish > ~/.config/fish/completions/kubectl-egress.fish)";

constexpr const char* shells = "bash|zsh|fish";

int run(Session& session, const std::string& shell) {
  check_allowed_value("SHELL", shell, split(shells, '|'));
  session.out() << (shell == "bash"  ? completion_scripts::bash
                    : shell == "zsh" ? completion_scripts::zsh
                                     : completion_scripts::fish);
  return 0;
}

}  // namespace

Command completion_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "completion", "Print a shell completion script");
  auto shell = std::make_shared<std::string>();
  flags.add("SHELL", *shell, "Shell: bash, zsh or fish").required().type(shells);
  flags.set_examples(examples);
  return {flags.app(), [&session, shell] { return run(session, *shell); }};
}

}  // namespace egress::cli
