#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "egress/cli/flag_set.hpp"
#include "egress/cli/session.hpp"

namespace egress::cli {

/// A command: its flags in `app`, and the function that runs it after they are parsed. The app's description
/// has no full stop; its footer contains the examples.
struct Command {
  CLI::App* app;
  std::function<int()> run;  ///< returns the exit code
  std::string usage{};       ///< "NAME --host HOST"; empty to derive it from the arguments
  std::string exit_status = "0: success. 1: failure (see stderr).";
};

Command apply_command(CLI::App& root, Session& session);
Command create_command(CLI::App& root, Session& session);
Command list_command(CLI::App& root, Session& session);
Command inspect_command(CLI::App& root, Session& session);
Command diff_command(CLI::App& root, Session& session);
Command delete_command(CLI::App& root, Session& session);
Command check_command(CLI::App& root, Session& session);
Command explain_command(CLI::App& root, Session& session);
Command version_command(CLI::App& root, Session& session);
Command completion_command(CLI::App& root, Session& session);

/// Prints the completions of the last word for a shell (candidate.hpp). Never fails or prompts.
int complete(CLI::App& root, Session& session, const std::vector<std::string>& words);

/// `options`: prints the global flags, as `kubectl options` does.
Command options_command(CLI::App& root, Session& session);

/// kubectl's global flags.
void add_global_flags(CLI::App& root, Session& session);
/// Throws UsageError for a global flag with an invalid value.
void check_global_flags(Session& session);

/// Declares the NAMEs of existing gateways, also in the form of `-o name`: `egressgateway/httpbin`.
FlagSet::Flag add_gateway_names(FlagSet& flags, std::vector<std::string>& names,
                                const std::string& description);
FlagSet::Flag add_gateway_name(FlagSet& flags, std::string& name, const std::string& description);

/// `--wait` and `--timeout`. `purpose` completes the help: "Wait until the objects are deleted".
struct WaitFlags {
  bool wait = true;
  std::string timeout = "2m";

  void add(FlagSet& flags, const std::string& purpose);
  /// The value of --timeout; 0 gives a year. Throws UsageError if it is not a duration.
  std::chrono::milliseconds duration() const;
};

/// `--dry-run=none|client|server`; without a value it is client, as in kubectl.
void add_dry_run_flag(FlagSet& flags, std::string& value);
/// Throws UsageError for any other value.
void check_dry_run(const std::string& value);

/// kubectl's flags for writes that have only one valid value, or no effect, here.
struct KubectlWriteFlags {
  void add(FlagSet& flags);
  /// Throws UsageError if --validate is not strict: unknown fields are always rejected.
  void check() const;

 private:
  std::string validate_ = "strict";
};

/// Throws UsageError if the value is not one of the allowed values.
void check_allowed_value(const std::string& flag, const std::string& value,
                         const std::vector<std::string>& allowed);

}  // namespace egress::cli
