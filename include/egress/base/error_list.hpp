#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress {

/// The first cause of an error, or the error as one.
inline Cause first_cause(const Error& error) {
  return error.causes().empty() ? Cause{error.reason(), error.text()} : error.causes().front();
}

/// Errors that are reported as one.
class ErrorList {
 public:
  void add(const Error& error) {
    texts_.push_back(error.text());
    causes_.push_back(first_cause(error));
    for (std::size_t i = 1; i < error.causes().size(); ++i) causes_.push_back(error.causes()[i]);
  }
  void add(std::string text, std::string reason) {
    causes_.push_back({std::move(reason), text});
    texts_.push_back(std::move(text));
  }
  /// Adds a line only if it is not there yet.
  void add_once(const std::string& text, Cause cause) {
    if (std::ranges::find(texts_, text) == texts_.end()) texts_.push_back(text);
    causes_.push_back(std::move(cause));
  }

  /// Adds a machine-readable cause without a line of text.
  void add_cause(Cause cause) { causes_.push_back(std::move(cause)); }

  bool empty() const { return texts_.empty(); }

  /// One error with a line for each, behind `prefix` and separated so; its reason is that of the first.
  Error to_error(const std::string& prefix, const std::string& separator,
                 const std::string& hint = {}) const {
    return Error(prefix + join(texts_, separator), hint, causes_.empty() ? "" : causes_.front().reason,
                 causes_);
  }
  /// Throws them joined, a line each.
  void throw_if_any() const {
    if (!empty()) throw to_error("", "\n");
  }

 private:
  std::vector<std::string> texts_;
  std::vector<Cause> causes_;
};

}  // namespace egress
