#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress {

/// What becomes of a key that is written twice in one map: the last one wins, as in a kubeconfig, or it is
/// refused, for whoever wrote a form so meant both.
enum class DuplicateKeys { use_last, reject };

/// Reads every document of a YAML text. Plain scalars get the types of YAML 1.1, as client-go's parser gives
/// them (go.yaml.in/yaml/v2, resolve.go): `yes` is true, `017` is 15, `12:30` is text. Aliases and merge keys
/// are expanded within a bound. Throws Error, naming the line, where the text is malformed or too large.
std::vector<Json> parse_yaml_documents(std::string_view text,
                                       DuplicateKeys duplicate_keys = DuplicateKeys::use_last);

/// The first document, or null where there is none. What follows it is not read.
Json parse_yaml(std::string_view text);

/// The line, from 1, of the key or item that the path of map keys and sequence indices leads to, in the
/// document of that number, from 0; 0 where there is none. Of a key that is written twice it is the last.
std::size_t find_yaml_line(std::string_view text, const std::vector<std::string>& path,
                           std::size_t document = 0);

/// The value of a plain YAML 1.1 scalar: null, a boolean, a number, or else the text itself.
Json resolve_plain_scalar(std::string_view text);

/// Block style as kubectl prints it: two spaces, sequences not indented, keys in the order they stand, lines
/// that go on below where they are longer than 80 characters (yaml_style.hpp says what is quoted how).
std::string to_yaml(const Json& json);

/// A copy whose keys are sorted at every depth as in kubectl's YAML: `a2` before `a10`.
Json sort_yaml_keys(const Json& json);

/// Several documents with `---` between them.
std::string to_yaml(const std::vector<Json>& documents);

}  // namespace egress
