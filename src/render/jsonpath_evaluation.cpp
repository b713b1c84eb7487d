#include "egress/render/jsonpath_evaluation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/render/jsonpath_comparison.hpp"

namespace egress::render::jsonpath {
namespace {

constexpr std::size_t most_steps = 5'000'000;

std::string go_type(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  if (value.is_integer()) return "int64";
  if (value.is_number()) return "float64";
  return value.is_array() ? "[]interface {}" : "map[string]interface {}";
}

/// The items of a list that a slice takes: from one on up to another, each so-many-th.
struct Range {
  std::int64_t first;
  std::int64_t end;
  std::int64_t step;
};

Range range_of(const Slice& slice, std::int64_t length) {
  const auto& [first, end, step] = slice.bounds;
  Range range{first.value, end.known ? end.value : length, step.known ? step.value : 1};
  if (range.first < 0) range.first += length;
  if (range.end < 0 || (range.end == 0 && end.derived)) range.end += length;
  return range;
}

/// Why a list has no such items; empty where it has.
std::string fault_of(const Range& range, std::int64_t length) {
  const auto outside = [&](std::int64_t index) {
    return "array index out of bounds: index " + std::to_string(index) + ", length " + std::to_string(length);
  };
  if (range.first >= length || range.first < 0) return outside(range.first);
  if (range.end > length || range.end < 0) return outside(range.end - 1);
  if (range.first > range.end)
    return "starting index " + std::to_string(range.first) + " is greater than ending index " +
           std::to_string(range.end);
  return range.step <= 0 ? "step must be > 0" : "";
}

}  // namespace

const Json nothing;

std::vector<Values> Evaluation::run(const Json* object, std::size_t from) {
  std::vector<Values> all;
  const Values root{object->is_null() ? &nothing : object};
  for (std::size_t i = from; i < template_.all.size(); ++i) {
    Found found = walk(root, template_.all[i]);
    if (!found.fault.empty()) throw Error(found.fault);
    if (ended_ > 0 && ended_ <= within_) {
      --ended_;
      last_end_ = i;
      break;
    }
    if (begun_ == 0) {
      all.push_back(std::move(found.values));
      continue;
    }
    --begun_;
    run_range(found.values, i + 1, all);
    // A range that is not ended was gone through to the end of the template, which counts once more behind
    // it.
    i = std::max(i, last_end_);
  }
  return all;
}

/// Over nothing it is gone through once too, to find its end.
void Evaluation::run_range(const Values& items, std::size_t from, std::vector<Values>& all) {
  ++within_;
  if (items.empty()) run(&nothing, from);
  for (const Json* item : items) std::ranges::move(run(item, from), std::back_inserter(all));
  --within_;
}

void Evaluation::spend(std::size_t count) {
  spent_ += count;
  if (spent_ > most_steps) throw Error("the template finds more than can be meant");
}

Evaluation::Found Evaluation::walk(Values from, const Steps& steps) {
  Found found{std::move(from), ""};
  for (const Step& step : steps.all) {
    found = walk(found.values, step);
    if (!found.fault.empty()) break;
  }
  return found;
}

Evaluation::Found Evaluation::walk(const Values& from, const Step& step) {
  spend(from.size() + 1);
  return std::visit([&](const auto& is) { return find(from, is); }, step.is);
}

/// A text stands for itself; a number and a boolean once for each value.
Evaluation::Found Evaluation::find(const Values& from, const Literal& literal) {
  const std::size_t count = literal.value.is_string() ? 1 : from.size();
  return {Values(count, &literal.value), ""};
}

Evaluation::Found Evaluation::find(const Values& from, const Field& field) {
  Found found;
  for (const Json* value : from)
    if (const Json* member = value->find(field.name)) found.values.push_back(member);
  if (found.values.empty() && !from.empty() && !allows_missing_keys_)
    found.fault = field.name + " is not found";
  return found;
}

/// Of a text, its bytes.
void Evaluation::add_children(const Json& of, Values& children) {
  for (const Json& item : of.items()) children.push_back(&item);
  for (const auto& [key, value] : of.members()) children.push_back(&value);
}

Evaluation::Found Evaluation::find(const Values& from, const Wildcard&) {
  Found found;
  for (const Json* value : from) {
    add_children(*value, found.values);
    spend(value->as_string().size());
    for (const char byte : value->as_string())
      found.values.push_back(&made_.emplace_back(static_cast<unsigned char>(byte)));
  }
  spend(found.values.size());
  return found;
}

/// The value itself, then what is in it; what holds nothing is left out.
void Evaluation::descend(const Json& from, Values& found) {
  spend(1);
  Values children;
  add_children(from, children);
  if (!children.empty() || !from.as_string().empty()) found.push_back(&from);
  for (const Json* child : children) descend(*child, found);
}

Evaluation::Found Evaluation::find(const Values& from, const Descent&) {
  Found found;
  for (const Json* value : from) descend(*value, found.values);
  return found;
}

Evaluation::Found Evaluation::find(const Values& from, const Word& word) {
  if (word.name == "range") {
    ++begun_;
    return {from, ""};
  }
  if (word.name != "end") return {from, "unrecognized identifier " + word.name};
  if (within_ == 0) return {{}, "not in range, nothing to end"};
  ++ended_;
  return {};
}

Evaluation::Found Evaluation::find(const Values& from, const Slice& slice) {
  Found found;
  for (const Json* value : from) {
    if (value->is_null()) continue;
    if (!value->is_array()) return {from, go_type(*value) + " is not array or slice"};
    const Json::Array& items = value->items();
    const auto length = static_cast<std::int64_t>(items.size());
    const Range range = range_of(slice, length);
    // Where no item is asked for, the lists behind this one are not looked at any more.
    if (range.first == range.end) return found;
    const std::string fault = fault_of(range, length);
    if (!fault.empty()) return {from, fault};
    for (std::int64_t i = range.first; i < range.end; i += std::min(range.step, length))
      found.values.push_back(&items[static_cast<std::size_t>(i)]);
  }
  spend(found.values.size());
  return found;
}

Evaluation::Found Evaluation::find(const Values& from, const Union& parts) {
  Found all;
  for (const Steps& part : parts.parts) {
    Found found = walk(from, part);
    if (!found.fault.empty()) return {from, found.fault};
    std::ranges::move(found.values, std::back_inserter(all.values));
  }
  spend(all.values.size());
  return all;
}

Evaluation::Found Evaluation::find(const Values& from, const Filter& filter) {
  Found found;
  for (const Json* value : from) {
    if (value == &nothing) continue;
    if (!value->is_array()) return {from, go_value(*value) + " is not array or slice and cannot be filtered"};
    for (const Json& item : value->items()) {
      if (passes(item, filter, found.fault)) found.values.push_back(&item);
      if (!found.fault.empty()) return found;
    }
  }
  return found;
}

bool Evaluation::passes(const Json& item, const Filter& filter, std::string& fault) {
  const Found left = walk({&item}, filter.left);
  // Whatever was found counts, even where it then failed.
  if (filter.operation.empty()) return !left.values.empty();
  fault = left.fault;
  if (!fault.empty() || left.values.empty()) return false;
  if (left.values.size() > 1) fault = "can only compare one element at a time";
  if (!fault.empty()) return false;
  const Found right = walk({&item}, filter.right);
  fault = right.fault;
  if (!fault.empty() || right.values.empty()) return false;
  if (right.values.size() > 1) fault = "can only compare one element at a time";
  if (!fault.empty()) return false;
  try {
    return holds(*left.values.front(), filter.operation, *right.values.front());
  } catch (const Error& error) {
    fault = error.what();
    return false;
  }
}

}  // namespace egress::render::jsonpath
