#pragma once

#include <string>
#include <string_view>

namespace egress {

/// A YAML text as yaml-cpp can read it: UTF-8 with `\n` at the end of each line. Throws Error where it is
/// neither UTF-8 nor, by its mark, UTF-16, where it has control characters, or where it says that it is of
/// another version than YAML 1.1.
std::string yaml_text(std::string_view text);

/// Throws Error that names the line, which is counted from 0 as yaml-cpp does.
[[noreturn]] void fail_yaml(int line, const std::string& why);

/// True where the line, counted from 0, is indented by a tab: the most frequent reason for the parser to
/// stumble, which it does not name.
bool indented_by_tab(std::string_view text, int line);

}  // namespace egress
