#pragma once

#include <string>
#include <vector>

namespace egress::cli {

/// `help create` is `create --help`.
std::vector<std::string> with_help_flag(std::vector<std::string> words);

/// A flag's name may be written with `_` for `-`: `--as_group` is `--as-group`. Other words stay.
std::string with_dashes(std::string word);

/// pflag's spellings that CLI11 reads otherwise: `-n=mine`, `--namespace=` for an empty value, and
/// `--as_group`.
std::vector<std::string> as_cli11_reads(const std::vector<std::string>& words);

}  // namespace egress::cli
