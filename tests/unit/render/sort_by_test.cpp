#include "egress/render/sort_by.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/render/quantity.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

std::vector<std::size_t> order(const std::vector<Json>& values) {
  const SortBy sort("spec.value");
  std::vector<std::optional<Json>> keys;
  for (const Json& value : values) keys.push_back(sort.key(object({{"spec", object({{"value", value}})}})));
  return sort.order(keys);
}

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("numbers are sorted by value, strings by bytes, and equal keys keep their order") {
  CHECK(order({10, 9, -1, 9}) == Indices{2, 1, 3, 0});
  CHECK(order({2.5, 0.5, 1}) == Indices{1, 2, 0});
  CHECK(order({"web-2", "web-10", "Web"}) == Indices{2, 1, 0});
}

TEST_CASE("quantities are sorted by their value") {
  CHECK(order({"1Gi", "512Mi", "2k", "1500m", "10"}) == Indices{3, 4, 2, 1, 0});
  CHECK(parse_quantity("1e3") == 1000);
  CHECK(parse_quantity("-1.5Ki") == -1536);
  CHECK(parse_quantity("2E") == 2e18);
  for (const std::string text : {"", "Mi", "1Mb", "1.2.3", "1e", "1 Gi", "x1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_quantity(text).has_value());
  }
}

TEST_CASE("objects without the value come first") {
  CHECK(order({"b", Json(), "a"}) == Indices{1, 2, 0});
}

TEST_CASE("a path that no object has is rejected, and so are values that cannot be compared") {
  CHECK_THROWS_WITH(order({Json(), Json()}),
                    "couldn't find any field with path \"{.spec.value}\" in the list of objects");
  CHECK(order({}).empty());
  CHECK_THROWS_AS(order({1, "a"}), Error);
  CHECK_THROWS_AS(order({true, false}), Error);
  CHECK_THROWS_AS(SortBy("{.a}{.b}"), Error);
}

}  // namespace egress::render

TEST_SUITE_END();
