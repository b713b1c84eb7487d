#pragma once

#include <string>
#include <vector>

namespace egress::cli {

/// `help create` is `create --help`.
std::vector<std::string> with_help_flag(std::vector<std::string> words);

/// pflag's spellings that CLI11 reads otherwise: `-n=mine`, `--namespace=` for an empty value, and
/// `--as_group`.
std::vector<std::string> as_cli11_reads(const std::vector<std::string>& words);

}  // namespace egress::cli
