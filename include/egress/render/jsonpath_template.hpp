#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "egress/base/json.hpp"

// The nodes of a parsed JSONPath template (client-go 1.36, util/jsonpath/node.go).
namespace egress::render::jsonpath {

struct Step;

/// A path, the content of `{` and `}`: each step starts from the values that the previous step found.
struct Steps {
  std::vector<Step> list;
};

/// A text, number or boolean of the template itself.
struct Literal {
  Json value;
};

/// `.name`
struct Field {
  std::string name;
};

/// `.*`
struct Wildcard {};

/// `..`
struct RecursiveDescent {};

/// `range` or `end`; evaluation rejects any other word.
struct Identifier {
  std::string name;
};

/// One of the three numbers of `[first:end:step]`.
struct Bound {
  bool known = false;
  std::int64_t value = 0;
  bool derived = false;  ///< the end of a slice that has only an index
};

struct Slice {
  std::array<Bound, 3> bounds;
};

/// `['a','b']`, `[0,2]`
struct Union {
  std::vector<Steps> parts;
};

/// `[?(left operation right)]`; without an operation, true if `left` finds a value.
struct Filter {
  Steps left;
  std::string operation;
  Steps right;
};

struct Step {
  std::variant<Steps, Literal, Field, Wildcard, RecursiveDescent, Identifier, Slice, Union, Filter> node;
};

/// Parses a template into texts, and Steps for each pair of braces. Throws Error with client-go's message if
/// it is invalid (parser.go), and if it is longer than 64 KiB.
Steps parse_template(std::string_view text);

}  // namespace egress::render::jsonpath
