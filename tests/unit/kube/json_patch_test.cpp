#include "egress/kube/json_patch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

Json patch_removing(const std::vector<std::string>& path) {
  return array({kube::remove_operation(path)});
}

}  // namespace

TEST_CASE("a key with JSON Pointer characters is escaped and unescaped") {
  const Json patch = patch_removing({"spec", "a/b~c", "~1"});
  CHECK(patch.dump() == R"([{"op":"remove","path":"/spec/a~1b~0c/~01"}])");
  CHECK(kube::apply_removals(Json::parse(R"({"spec": {"a/b~c": {"~1": 1, "x": 2}}})"), patch) ==
        Json::parse(R"({"spec": {"a/b~c": {"x": 2}}})"));
}

TEST_CASE("a field below a removed one gets no operation of its own") {
  Json patch = patch_removing({"spec", "a"});
  kube::append_operations(patch, patch_removing({"spec", "a"}));
  kube::append_operations(patch, patch_removing({"spec", "a", "b"}));
  kube::append_operations(patch, patch_removing({"spec", "ab"}));
  CHECK(patch.dump() == R"([{"op":"remove","path":"/spec/a"},{"op":"remove","path":"/spec/ab"}])");
  Json none;
  kube::append_operations(none, Json());
  CHECK(none.is_null());
}

TEST_CASE("removing a missing field changes nothing") {
  const Json whole = Json::parse(R"({"spec": {"a": [1], "b": 2}})");
  for (const std::vector<std::string>& path :
       {std::vector<std::string>{"spec", "c"}, {"status", "a"}, {"spec", "a", "0"}, {"spec", "b", "c"}})
    CHECK(kube::apply_removals(whole, patch_removing(path)) == whole);
}

}  // namespace egress

TEST_SUITE_END();
