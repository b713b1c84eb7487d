#include "egress/render/sort_by.hpp"

#include <algorithm>
#include <numeric>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/render/quantity.hpp"
#include "egress/render/relaxed_path.hpp"

namespace egress::render {
namespace {

using Key = std::optional<Json>;

enum class Kind { none, number, text, other };

Kind kind_of(const Key& key) {
  if (!key || key->is_null()) return Kind::none;
  if (key->is_number()) return Kind::number;
  return key->is_string() ? Kind::text : Kind::other;
}

bool is_less_text(const std::string& first, const std::string& second) {
  const auto first_quantity = parse_quantity(first);
  const auto second_quantity = parse_quantity(second);
  return first_quantity && second_quantity ? *first_quantity < *second_quantity : first < second;
}

/// Missing values come first, then null.
bool is_less(const Key& first, const Key& second) {
  if (!first || !second) return !first && second;
  if (first->is_null() || second->is_null()) return first->is_null() && !second->is_null();
  if (first->is_string()) return is_less_text(first->as_string(), second->as_string());
  if (first->is_integer() && second->is_integer()) return first->as_integer() < second->as_integer();
  return first->as_number() < second->as_number();
}

}  // namespace

SortBy::SortBy(std::string_view path) : expression_(relaxed_path(path)), path_(expression_) {}

std::optional<Json> SortBy::key(const Json& object) const {
  auto results = path_.find(object);
  if (results.empty() || results.front().empty()) return std::nullopt;
  return std::move(results.front().front());
}

std::vector<std::size_t> SortBy::order(const std::vector<Key>& keys) const {
  std::vector<std::size_t> indices(keys.size());
  std::iota(indices.begin(), indices.end(), 0);
  if (keys.empty()) return indices;
  if (std::ranges::none_of(keys, [](const Key& key) { return key.has_value(); }))
    throw Error("couldn't find any field with path " + go_quote(printable(expression_, 300)) +
                " in the list of objects");
  Kind kind = Kind::none;
  for (const Key& key : keys) {
    if (kind_of(key) == Kind::none) continue;
    if (kind == Kind::none) kind = kind_of(key);
    if (kind != kind_of(key) || kind == Kind::other)
      throw Error("cannot sort by " + printable(expression_, 300) +
                  ": the values must be all numbers or all strings");
  }
  std::ranges::stable_sort(
      indices, [&](std::size_t first, std::size_t second) { return is_less(keys[first], keys[second]); });
  return indices;
}

}  // namespace egress::render
