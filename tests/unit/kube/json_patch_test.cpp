#include "egress/kube/json_patch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

Json removing(const std::vector<std::string>& path) {
  return array({kube::removal(path)});
}

}  // namespace

TEST_CASE("a key with signs of JSON Pointer is escaped, and found again") {
  const Json patch = removing({"spec", "a/b~c", "~1"});
  CHECK(patch.dump() == R"([{"op":"remove","path":"/spec/a~1b~0c/~01"}])");
  CHECK(kube::without(Json::parse(R"({"spec": {"a/b~c": {"~1": 1, "x": 2}}})"), patch) ==
        Json::parse(R"({"spec": {"a/b~c": {"x": 2}}})"));
}

TEST_CASE("what goes with something else is not removed by itself") {
  Json patch = removing({"spec", "a"});
  kube::add(patch, removing({"spec", "a"}));
  kube::add(patch, removing({"spec", "a", "b"}));
  kube::add(patch, removing({"spec", "ab"}));
  CHECK(patch.dump() == R"([{"op":"remove","path":"/spec/a"},{"op":"remove","path":"/spec/ab"}])");
  Json none;
  kube::add(none, Json());
  CHECK(none.is_null());
}

TEST_CASE("of what is not there nothing is removed") {
  const Json whole = Json::parse(R"({"spec": {"a": [1], "b": 2}})");
  for (const std::vector<std::string>& path :
       {std::vector<std::string>{"spec", "c"}, {"status", "a"}, {"spec", "a", "0"}, {"spec", "b", "c"}})
    CHECK(kube::without(whole, removing(path)) == whole);
}

}  // namespace egress

TEST_SUITE_END();
