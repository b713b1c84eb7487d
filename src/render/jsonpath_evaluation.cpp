#include "egress/render/jsonpath_evaluation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/render/jsonpath_comparison.hpp"

namespace egress::render::jsonpath {
namespace {

constexpr std::size_t max_steps = 5'000'000;

std::string go_type(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  if (value.is_integer()) return "int64";
  if (value.is_number()) return "float64";
  return value.is_array() ? "[]interface {}" : "map[string]interface {}";
}

/// The items of a list that a slice selects: every `step`-th from `first` to before `end`.
struct SliceRange {
  std::int64_t first;
  std::int64_t end;
  std::int64_t step;
};

SliceRange resolve_range(const Slice& slice, std::int64_t length) {
  const auto& [first, end, step] = slice.bounds;
  SliceRange range{first.value, end.known ? end.value : length, step.known ? step.value : 1};
  if (range.first < 0) range.first += length;
  if (range.end < 0 || (range.end == 0 && end.derived)) range.end += length;
  return range;
}

/// Why a list does not have these items; empty if it does.
std::string range_error(const SliceRange& range, std::int64_t length) {
  const auto out_of_bounds = [&](std::int64_t index) {
    return "array index out of bounds: index " + std::to_string(index) + ", length " + std::to_string(length);
  };
  if (range.first >= length || range.first < 0) return out_of_bounds(range.first);
  if (range.end > length || range.end < 0) return out_of_bounds(range.end - 1);
  if (range.first > range.end)
    return "starting index " + std::to_string(range.first) + " is greater than ending index " +
           std::to_string(range.end);
  return range.step <= 0 ? "step must be > 0" : "";
}

}  // namespace

const Json no_value;

std::vector<Values> Evaluation::run(const Json* object, std::size_t from) {
  std::vector<Values> results;
  const Values root{object->is_null() ? &no_value : object};
  for (std::size_t i = from; i < template_.list.size(); ++i) {
    Result result = walk(root, template_.list[i]);
    if (!result.error.empty()) throw Error(result.error);
    if (end_range_ > 0 && end_range_ <= in_range_) {
      --end_range_;
      last_end_node_ = i;
      break;
    }
    if (begin_range_ == 0) {
      results.push_back(std::move(result.values));
      continue;
    }
    --begin_range_;
    run_range(result.values, i + 1, results);
    // client-go: after a range without an end, the rest of the template is evaluated once more.
    i = std::max(i, last_end_node_);
  }
  return results;
}

/// A range over no items is evaluated once too, to find its end.
void Evaluation::run_range(const Values& items, std::size_t from, std::vector<Values>& results) {
  ++in_range_;
  if (items.empty()) run(&no_value, from);
  for (const Json* item : items) std::ranges::move(run(item, from), std::back_inserter(results));
  --in_range_;
}

void Evaluation::count_steps(std::size_t count) {
  step_count_ += count;
  if (step_count_ > max_steps)
    throw Error("the template takes more than " + std::to_string(max_steps) + " steps");
}

Evaluation::Result Evaluation::walk(Values from, const Steps& steps) {
  Result result{std::move(from), ""};
  for (const Step& step : steps.list) {
    result = walk(result.values, step);
    if (!result.error.empty()) break;
  }
  return result;
}

Evaluation::Result Evaluation::walk(const Values& from, const Step& step) {
  count_steps(from.size() + 1);
  return std::visit([&](const auto& node) { return evaluate(from, node); }, step.node);
}

/// A text evaluates to itself; a number or a boolean once for each value.
Evaluation::Result Evaluation::evaluate(const Values& from, const Literal& literal) {
  const std::size_t count = literal.value.is_string() ? 1 : from.size();
  return {Values(count, &literal.value), ""};
}

Evaluation::Result Evaluation::evaluate(const Values& from, const Field& field) {
  Result result;
  for (const Json* value : from)
    if (const Json* member = value->find(field.name)) result.values.push_back(member);
  if (result.values.empty() && !from.empty() && !allows_missing_keys_)
    result.error = field.name + " is not found";
  return result;
}

/// Adds the items of a list or the values of a map.
void Evaluation::add_children(const Json& parent, Values& children) {
  for (const Json& item : parent.items()) children.push_back(&item);
  for (const auto& [key, value] : parent.members()) children.push_back(&value);
}

Evaluation::Result Evaluation::evaluate(const Values& from, const Wildcard&) {
  Result result;
  for (const Json* value : from) {
    add_children(*value, result.values);
    count_steps(value->as_string().size());
    for (const char byte : value->as_string())
      result.values.push_back(&owned_values_.emplace_back(static_cast<unsigned char>(byte)));
  }
  count_steps(result.values.size());
  return result;
}

/// Adds the value, then its descendants; skips empty values.
void Evaluation::descend(const Json& from, Values& matches) {
  count_steps(1);
  Values children;
  add_children(from, children);
  if (!children.empty() || !from.as_string().empty()) matches.push_back(&from);
  for (const Json* child : children) descend(*child, matches);
}

Evaluation::Result Evaluation::evaluate(const Values& from, const RecursiveDescent&) {
  Result result;
  for (const Json* value : from) descend(*value, result.values);
  return result;
}

Evaluation::Result Evaluation::evaluate(const Values& from, const Identifier& identifier) {
  if (identifier.name == "range") {
    ++begin_range_;
    return {from, ""};
  }
  if (identifier.name != "end") return {from, "unrecognized identifier " + identifier.name};
  if (in_range_ == 0) return {{}, "not in range, nothing to end"};
  ++end_range_;
  return {};
}

Evaluation::Result Evaluation::evaluate(const Values& from, const Slice& slice) {
  Result result;
  for (const Json* value : from) {
    if (value->is_null()) continue;
    if (!value->is_array()) return {from, go_type(*value) + " is not array or slice"};
    const Json::Array& items = value->items();
    const auto length = static_cast<std::int64_t>(items.size());
    const SliceRange range = resolve_range(slice, length);
    // client-go: an empty slice ends the step, without the remaining lists.
    if (range.first == range.end) return result;
    const std::string error = range_error(range, length);
    if (!error.empty()) return {from, error};
    for (std::int64_t i = range.first; i < range.end; i += std::min(range.step, length))
      result.values.push_back(&items[static_cast<std::size_t>(i)]);
  }
  count_steps(result.values.size());
  return result;
}

Evaluation::Result Evaluation::evaluate(const Values& from, const Union& union_node) {
  Result result;
  for (const Steps& part : union_node.parts) {
    Result part_result = walk(from, part);
    if (!part_result.error.empty()) return {from, part_result.error};
    std::ranges::move(part_result.values, std::back_inserter(result.values));
  }
  count_steps(result.values.size());
  return result;
}

Evaluation::Result Evaluation::evaluate(const Values& from, const Filter& filter) {
  Result result;
  for (const Json* value : from) {
    if (value == &no_value) continue;
    if (!value->is_array()) return {from, go_value(*value) + " is not array or slice and cannot be filtered"};
    for (const Json& item : value->items()) {
      if (matches(item, filter, result.error)) result.values.push_back(&item);
      if (!result.error.empty()) return result;
    }
  }
  return result;
}

bool Evaluation::matches(const Json& item, const Filter& filter, std::string& error) {
  const Result left = walk({&item}, filter.left);
  // Values found before an error count.
  if (filter.operation.empty()) return !left.values.empty();
  error = left.error;
  if (!error.empty() || left.values.empty()) return false;
  if (left.values.size() > 1) error = "can only compare one element at a time";
  if (!error.empty()) return false;
  const Result right = walk({&item}, filter.right);
  error = right.error;
  if (!error.empty() || right.values.empty()) return false;
  if (right.values.size() > 1) error = "can only compare one element at a time";
  if (!error.empty()) return false;
  try {
    return compare(*left.values.front(), filter.operation, *right.values.front());
  } catch (const Error& exception) {
    error = exception.what();
    return false;
  }
}

}  // namespace egress::render::jsonpath
