#pragma once

#include <string>
#include <string_view>

namespace egress {

/// A YAML text, in UTF-8 or by its mark UTF-16, as UTF-8 whose lines end with line feeds alone: yaml-cpp
/// knows no other line ends, and makes what is no UTF-8 out of what is no UTF-16. Throws Error, naming the
/// line, where it is no text (go.yaml.in/yaml/v2, readerc.go) or says to be of another version of YAML
/// than 1.1 (parserc.go): yaml-cpp would take both.
std::string prepared_yaml(std::string_view text);

}  // namespace egress
