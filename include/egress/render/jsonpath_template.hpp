#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "egress/base/json.hpp"

// A JSONPath template, read: the steps in which it goes through an object (client-go 1.36,
// util/jsonpath/node.go).
namespace egress::render::jsonpath {

struct Step;

/// Steps of which each starts from what the one before has found: what stands between `{` and `}`.
struct Steps {
  std::vector<Step> all;
};

/// A text, number or boolean that stands in the template itself.
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
struct Descent {};

/// `range` or `end`; any other word is refused where it is come to.
struct Word {
  std::string name;
};

/// One of the three numbers of `[first:end:step]`.
struct Bound {
  bool known = false;
  std::int64_t value = 0;
  bool derived = false;  ///< the end, where there is but an index
};

struct Slice {
  std::array<Bound, 3> bounds;
};

/// `['a','b']`, `[0,2]`
struct Union {
  std::vector<Steps> parts;
};

/// `[?(left operation right)]`; without an operation, whether there is a left.
struct Filter {
  Steps left;
  std::string operation;
  Steps right;
};

struct Step {
  std::variant<Steps, Literal, Field, Wildcard, Descent, Word, Slice, Union, Filter> is;
};

/// Reads a template: texts, and Steps for what stands in braces. Throws Error with client-go's words where it
/// cannot be read (parser.go), and where it is longer than 64 KiB.
Steps read_template(std::string_view text);

}  // namespace egress::render::jsonpath
