#include "egress/base/json_text.hpp"

#include <doctest/doctest.h>

#include "support/allocations.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

Json object_of_a_list() {
  return object({
      {"metadata",
       object({{"name", "httpbin-egress-upstream"}, {"namespace", "httpbin"}, {"generation", 3}})},
      {"spec", object({{"hosts", array({"httpbin.org", "*.h\u00e4t"})}, {"share", 0.5}, {"open", true}})},
  });
}

}  // namespace

TEST_CASE("what was packed comes back as it was, as often as it is asked for") {
  const Json whole = object_of_a_list();
  const JsonText packed = whole;
  CHECK(packed.parse() == whole);
  CHECK(packed.parse() == whole);
  CHECK(JsonText(Json()).parse().is_null());
  CHECK(JsonText().parse().is_null());
}

TEST_CASE("a packed object takes less than a third of the memory") {
  const Json whole = object_of_a_list();
  constexpr int many = 100;
  const auto kept = [&](auto keep) { return testing::count_allocations(keep).peak; };
  const auto plain = kept([&] {
    std::vector<Json> all;
    all.reserve(many);
    for (int i = 0; i < many; ++i) all.push_back(whole);
  });
  const auto packed = kept([&] {
    std::vector<JsonText> all;
    all.reserve(many);
    for (int i = 0; i < many; ++i) all.emplace_back(whole);
  });
  CHECK(packed < plain / 3);
}

}  // namespace egress

TEST_SUITE_END();
