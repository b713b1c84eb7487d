#pragma once

#include "egress/base/error.hpp"
#include "egress/cli/command_line.hpp"

namespace CLI {
class ParseError;
}  // namespace CLI

namespace egress::cli {

/// The error for an invalid flag, with pflag's message. The hint suggests the closest flag, or an alternative
/// to an unsupported flag of kubectl.
UsageError usage_error(const CLI::App& root, const CommandLine& line, const FlagError& error);

/// The error for an unknown command.
UsageError unknown_command_error(const CLI::App& root, const std::string& word);

/// The error for an argument that the command does not accept.
UsageError unexpected_argument_error(const CommandLine& line, const std::string& word);

/// The error for a line that CLI11 rejects, such as one with an invalid number.
UsageError usage_error(const CLI::App& root, const CommandLine& line, const CLI::ParseError& error);

}  // namespace egress::cli
