#pragma once

#include <doctest/doctest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/error.hpp"

namespace egress::testing {

/// Whether a text names certain facts, and if not, which one it lacks; doctest prints it.
struct Mention {
  std::string text;
  std::string missing;  ///< the first fact that the text does not name; empty if it names all of them

  explicit operator bool() const { return missing.empty(); }
};

std::ostream& operator<<(std::ostream& out, const Mention& mention);

/// Looks for facts of a message: object, namespace, field, value, reason, next command. The words around them
/// may change. A fact counts only as whole words ("80" is not in "8080"), in any letter case and with any
/// white space between its words. Names no fact of an empty list, so that a check without facts fails.
Mention mentions(std::string_view text, const std::vector<std::string>& facts);

/// A fact that may be written in any of these spellings.
std::string any_of(const std::vector<std::string>& spellings);

/// The fact that something is about that namespace: `namespace "NAME"`, `namespace/NAME` or `-n NAME`.
std::string in_namespace(const std::string& name);

/// Looks for the facts of each line in that line: as many lines as there are lists of facts, in this order.
Mention each_mentions(const std::vector<std::string>& lines,
                      const std::vector<std::vector<std::string>>& facts);

/// The message of the egress::Error that `work` throws, and below it the hint, as a user reads them. Fails
/// the test and returns nothing if there is none.
template <typename Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.hint().empty() ? error.what() : std::string(error.what()) + "\nhint: " + error.hint();
  }
  FAIL_CHECK("no error was thrown");
  return {};
}

}  // namespace egress::testing
