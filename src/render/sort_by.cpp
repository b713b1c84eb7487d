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

bool text_before(const std::string& first, const std::string& second) {
  const auto one = quantity(first);
  const auto other = quantity(second);
  return one && other ? *one < *other : first < second;
}

/// Nothing comes first, and null behind that.
bool before(const Key& first, const Key& second) {
  if (!first || !second) return !first && second;
  if (first->is_null() || second->is_null()) return first->is_null() && !second->is_null();
  if (first->is_string()) return text_before(first->as_string(), second->as_string());
  if (first->is_integer() && second->is_integer()) return first->as_integer() < second->as_integer();
  return first->as_number() < second->as_number();
}

}  // namespace

SortBy::SortBy(std::string_view path) : written_(relaxed_path(path)), path_(written_) {}

std::optional<Json> SortBy::key(const Json& object) const {
  auto found = path_.find(object);
  if (found.empty() || found.front().empty()) return std::nullopt;
  return std::move(found.front().front());
}

std::vector<std::size_t> SortBy::order(const std::vector<Key>& keys) const {
  std::vector<std::size_t> places(keys.size());
  std::iota(places.begin(), places.end(), 0);
  if (keys.empty()) return places;
  if (std::ranges::none_of(keys, [](const Key& key) { return key.has_value(); }))
    throw Error("couldn't find any field with path " + go_quoted(printable(written_, 300)) +
                " in the list of objects");
  Kind kind = Kind::none;
  for (const Key& key : keys) {
    if (kind_of(key) == Kind::none) continue;
    if (kind == Kind::none) kind = kind_of(key);
    if (kind != kind_of(key) || kind == Kind::other)
      throw Error("the gateways cannot be sorted by " + printable(written_, 300) +
                  ": not all have a number there, nor all a text");
  }
  std::ranges::stable_sort(
      places, [&](std::size_t first, std::size_t second) { return before(keys[first], keys[second]); });
  return places;
}

}  // namespace egress::render
