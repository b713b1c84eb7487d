#pragma once

#include <string>
#include <string_view>

namespace egress {

/// A YAML text with line feeds alone as its line ends, which is how yaml-cpp knows them; UTF-16 as it stands.
/// Throws Error, naming the line, where it is no text (go.yaml.in/yaml/v2, readerc.go) or says to be of
/// another version of YAML than 1.1 (parserc.go): yaml-cpp would take both.
std::string prepared_yaml(std::string_view text);

}  // namespace egress
