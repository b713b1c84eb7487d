#pragma once

#include "egress/base/error.hpp"
#include "egress/cli/typed_line.hpp"

namespace CLI {
class ParseError;
}  // namespace CLI

namespace egress::cli {

/// What cannot be read on a command line, in kubectl's words, with the nearest word that can, or with what to
/// do instead of a flag that kubectl has and this tool cannot have.
UsageError refusal(const CLI::App& root, const TypedLine& line, const Misread& fault);

/// The first word is no command.
UsageError unknown_command(const CLI::App& root, const std::string& word);

/// A word that the command has no use for.
UsageError unexpected_argument(const TypedLine& line, const std::string& word);

/// What CLI11 finds wrong with the values and the names of a line that could be read.
UsageError refusal(const CLI::App& root, const TypedLine& line, const CLI::ParseError& error);

}  // namespace egress::cli
