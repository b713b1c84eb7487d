#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress {

/// How to treat a key that occurs twice in one map: use the last one, as in a kubeconfig, or reject the map,
/// because the author of a manifest meant both.
enum class DuplicateKeys { use_last, reject };

/// Reads every document of a YAML text. Plain scalars get the types of YAML 1.1, as client-go's parser gives
/// them (go.yaml.in/yaml/v2, resolve.go): `yes` is true, `017` is 15, `12:30` is text. Aliases and merge keys
/// are expanded within a bound. Throws Error, naming the line, where the text is malformed or too large.
std::vector<Json> parse_yaml_documents(std::string_view text,
                                       DuplicateKeys duplicate_keys = DuplicateKeys::use_last);

/// The first document, or null where there is none. What follows it is not read.
Json parse_yaml(std::string_view text);

/// The line, from 1, of the key or item at a path of map keys and sequence indices, in the document with that
/// index, from 0; 0 if it does not exist. Of a key that occurs twice it is the last.
std::size_t find_yaml_line(std::string_view text, const std::vector<std::string>& path,
                           std::size_t document = 0);

/// The value of a plain YAML 1.1 scalar: null, a boolean, a number, or else the text itself.
Json resolve_plain_scalar(std::string_view text);

/// Block style as kubectl prints it: two spaces, sequences not indented, keys in their order, lines of more
/// than 80 characters folded (yaml_style.hpp documents the quoting).
std::string to_yaml(const Json& json);

/// A copy whose keys are sorted at every depth as in kubectl's YAML: `a2` before `a10`.
Json sort_yaml_keys(const Json& json);

/// Several documents with `---` between them.
std::string to_yaml(const std::vector<Json>& documents);

}  // namespace egress
