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

using Places = std::vector<std::size_t>;

}  // namespace

TEST_CASE("numbers are sorted by their value, texts by their bytes, equal ones as they stood") {
  CHECK(order({10, 9, -1, 9}) == Places{2, 1, 3, 0});
  CHECK(order({2.5, 0.5, 1}) == Places{1, 2, 0});
  CHECK(order({"web-2", "web-10", "Web"}) == Places{2, 1, 0});
}

TEST_CASE("quantities are sorted by what they amount to") {
  CHECK(order({"1Gi", "512Mi", "2k", "1500m", "10"}) == Places{3, 4, 2, 1, 0});
  CHECK(quantity("1e3") == 1000);
  CHECK(quantity("-1.5Ki") == -1536);
  CHECK(quantity("2E") == 2e18);
  for (const std::string text : {"", "Mi", "1Mb", "1.2.3", "1e", "1 Gi", "x1"}) {
    CAPTURE(text);
    CHECK_FALSE(quantity(text).has_value());
  }
}

TEST_CASE("what has no such value comes first") {
  CHECK(order({"b", Json(), "a"}) == Places{1, 2, 0});
}

TEST_CASE("a path that no object has is refused, and so are values that cannot be compared") {
  CHECK_THROWS_WITH(order({Json(), Json()}),
                    "couldn't find any field with path \"{.spec.value}\" in the list of objects");
  CHECK(order({}).empty());
  CHECK_THROWS_AS(order({1, "a"}), Error);
  CHECK_THROWS_AS(order({true, false}), Error);
  CHECK_THROWS_AS(SortBy("{.a}{.b}"), Error);
}

}  // namespace egress::render

TEST_SUITE_END();
