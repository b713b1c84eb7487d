#pragma once

#include <deque>
#include <string>
#include <vector>

#include "egress/render/jsonpath_template.hpp"

namespace egress::render::jsonpath {

/// Values of the object, or of the template itself.
using Values = std::vector<const Json*>;

/// The item of a range over no items.
extern const Json no_value;

/// Evaluates a template on one object (client-go 1.36, util/jsonpath/jsonpath.go). The template and the
/// object must outlive the evaluation and its results.
class Evaluation {
 public:
  explicit Evaluation(const Steps& steps, bool allows_missing_keys = true)
      : template_(steps), allows_missing_keys_(allows_missing_keys) {}

  /// The values of each text and path, once for each iteration of a range. Throws Error with client-go's
  /// message, and after more than five million steps.
  std::vector<Values> run(const Json& object) { return run(&object, 0); }

 private:
  /// The values that steps found; after an error, the values found before it.
  struct Result {
    Values values;
    std::string error;
  };

  std::vector<Values> run(const Json* object, std::size_t from);
  void run_range(const Values& items, std::size_t from, std::vector<Values>& results);
  void count_steps(std::size_t count);

  Result walk(Values from, const Steps& steps);
  Result walk(const Values& from, const Step& step);
  Result evaluate(const Values& from, const Steps& steps) { return walk(from, steps); }
  Result evaluate(const Values& from, const Literal& literal);
  Result evaluate(const Values& from, const Field& field);
  Result evaluate(const Values& from, const Wildcard& wildcard);
  Result evaluate(const Values& from, const RecursiveDescent& descent);
  Result evaluate(const Values& from, const Identifier& identifier);
  Result evaluate(const Values& from, const Slice& slice);
  Result evaluate(const Values& from, const Union& union_node);
  Result evaluate(const Values& from, const Filter& filter);

  void add_children(const Json& parent, Values& children);
  void descend(const Json& from, Values& matches);
  /// True if the filter accepts the item. Sets `error` if that cannot be decided.
  bool matches(const Json& item, const Filter& filter, std::string& error);

  const Steps& template_;
  bool allows_missing_keys_;
  std::deque<Json> owned_values_;
  std::size_t step_count_ = 0;
  // The state of client-go's ranges: how many have begun, are being iterated and have ended, and the node of
  // the last end.
  std::size_t begin_range_ = 0;
  std::size_t in_range_ = 0;
  std::size_t end_range_ = 0;
  std::size_t last_end_node_ = 0;
};

}  // namespace egress::render::jsonpath
