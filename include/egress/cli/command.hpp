#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "egress/cli/flag_set.hpp"
#include "egress/cli/session.hpp"

namespace egress::cli {

/// A command as it stands on the command line, and what it does once its flags are read. Its description is a
/// sentence without the full stop, its footer the examples: comments and command lines.
struct Command {
  CLI::App* app;
  std::function<int()> run;  ///< returns the exit code
  std::string words{};       ///< "NAME --host HOST", where its arguments alone do not tell how it is used
  std::string exit_status = "0: done. 1: failed, and stderr says why.";
};

Command apply_command(CLI::App& root, Session& session);
Command create_command(CLI::App& root, Session& session);
Command list_command(CLI::App& root, Session& session);
Command inspect_command(CLI::App& root, Session& session);
Command diff_command(CLI::App& root, Session& session);
Command delete_command(CLI::App& root, Session& session);
Command check_command(CLI::App& root, Session& session);
Command version_command(CLI::App& root, Session& session);
Command completion_command(CLI::App& root, Session& session);

/// Prints what may follow the given words, for a shell: a candidate a line, its description behind a tab, and
/// last kubectl's directive. Never fails, never asks.
int complete(CLI::App& root, Session& session, const std::vector<std::string>& words);

/// The flags of all commands, as `kubectl options` has them.
Command options_command(CLI::App& root, Session& session);

/// kubectl's global flags.
void add_global_flags(CLI::App& root, Session& session);
/// Throws UsageError where one of those that take one of a few words has another.
void check_global_flags(Session& session);

/// The NAMEs of gateways that stand, also as `-o name` prints them: `egressgateway/httpbin`.
FlagSet::Declared add_names(FlagSet& flags, std::vector<std::string>& names, const std::string& description);
FlagSet::Declared add_name(FlagSet& flags, std::string& name, const std::string& description);

/// `--wait` and `--timeout`, with what the waiting is for.
struct WaitFlags {
  bool wait = true;
  std::string timeout = "2m";

  void add(FlagSet& flags, const std::string& purpose);
  /// Throws Error where --timeout is not a duration; 0 is as long as it takes.
  std::chrono::milliseconds duration() const;
};

/// `--dry-run=none|client|server`; bare, it is client, as with kubectl.
void add_dry_run_flag(FlagSet& flags, std::string& value);
/// Throws UsageError where the value is none of them.
void check_dry_run(const std::string& value);

/// kubectl's flags for writes that say what is done in any case.
struct KubectlWriteFlags {
  void add(FlagSet& flags);
  /// Throws UsageError where --validate asks for less than is done: what is unknown is always refused.
  void check() const;

 private:
  std::string validate_ = "strict";
};

/// A flag whose values are a few words: another one is an error that names the flag and them.
void check_word(const std::string& flag, const std::string& value, const std::vector<std::string>& allowed);

}  // namespace egress::cli
