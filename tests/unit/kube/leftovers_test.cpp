#include "egress/kube/leftovers.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress {

TEST_CASE("a block that is no longer applied is removed with the server's defaults in it") {
  const Json live = Json::parse(R"({"spec":{"containers":[{"name":"other"},
      {"name":"proxy","image":"a","probe":{"exec":{"command":["x"]},"timeout":1}}],"free":{"a":1}}})");
  const Json applied = Json::parse(
      R"({"spec":{"containers":[{"name":"proxy","image":"a","probe":{"exec":{"command":["x"]}}}]}})");
  const Json desired = Json::parse(R"({"spec":{"containers":[{"name":"proxy","image":"b"}]}})");
  CHECK(kube::leftover_removals(live, applied, desired).dump() ==
        R"([{"op":"remove","path":"/spec/containers/1/probe"}])");
}

TEST_CASE("scalar fields, fields of other managers and kept fields are left to server-side apply") {
  const Json live = Json::parse(R"({"spec":{"a":1,"theirs":{"x":1},"kept":{"b":{"c":1},"d":2}}})");
  const Json applied = Json::parse(R"({"spec":{"a":1,"kept":{"b":{"c":1},"d":2}}})");
  CHECK(kube::leftover_removals(live, applied, Json::parse(R"({"spec":{"kept":{"b":{"c":2}}}})")).is_null());
  CHECK(kube::leftover_removals(live, applied, Json::parse(R"({"spec":{"kept":{"d":2}}})")).dump() ==
        R"([{"op":"remove","path":"/spec/kept/b"}])");
}

TEST_CASE("a key with JSON Pointer characters is escaped") {
  const Json live = Json::parse(R"({"spec":{"a/b~c":{"x":1}}})");
  CHECK(kube::leftover_removals(live, live, Json::parse(R"({"spec":{}})")).dump() ==
        R"([{"op":"remove","path":"/spec/a~1b~0c"}])");
}

TEST_CASE("a block that is also a foreign field is removed once") {
  const Json fields = Json::parse(R"({"f:spec": {"f:workloadSelector": {"f:labels": {"f:app": {}}}}})");
  const auto entry = [&](const char* manager, const char* operation) {
    return object({{"manager", manager}, {"operation", operation}, {"fieldsV1", fields}});
  };
  Json live = Json::parse(R"({"spec": {"workloadSelector": {"labels": {"app": "a"}}}})");
  live.edit("metadata")
      .set("managedFields", array({entry("kubectl-egress", "Apply"), entry("kubectl-edit", "Update")}));
  CHECK(kube::all_removals(live, Json::parse(R"({"spec": {"host": "x"}})"), "kubectl-egress").dump() ==
        R"([{"op":"remove","path":"/spec/workloadSelector"}])");
}

}  // namespace egress

TEST_SUITE_END();
