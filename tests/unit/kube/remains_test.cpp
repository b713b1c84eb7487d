#include "egress/kube/remains.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress {

TEST_CASE("a block that is applied no more is removed whole, with what the server put into it") {
  const Json standing = Json::parse(R"({"spec":{"containers":[{"name":"other"},
      {"name":"proxy","image":"a","probe":{"exec":{"command":["x"]},"timeout":1}}],"free":{"a":1}}})");
  const Json applied = Json::parse(
      R"({"spec":{"containers":[{"name":"proxy","image":"a","probe":{"exec":{"command":["x"]}}}]}})");
  const Json wanted = Json::parse(R"({"spec":{"containers":[{"name":"proxy","image":"b"}]}})");
  CHECK(kube::removal_of_remains(standing, applied, wanted).dump() ==
        R"([{"op":"remove","path":"/spec/containers/1/probe"}])");
}

TEST_CASE("plain fields, what others own and what stays are left to server-side apply") {
  const Json standing = Json::parse(R"({"spec":{"a":1,"theirs":{"x":1},"kept":{"b":{"c":1},"d":2}}})");
  const Json applied = Json::parse(R"({"spec":{"a":1,"kept":{"b":{"c":1},"d":2}}})");
  CHECK(kube::removal_of_remains(standing, applied, Json::parse(R"({"spec":{"kept":{"b":{"c":2}}}})"))
            .is_null());
  CHECK(kube::removal_of_remains(standing, applied, Json::parse(R"({"spec":{"kept":{"d":2}}})")).dump() ==
        R"([{"op":"remove","path":"/spec/kept/b"}])");
}

TEST_CASE("a key with signs of JSON Pointer is escaped") {
  const Json standing = Json::parse(R"({"spec":{"a/b~c":{"x":1}}})");
  CHECK(kube::removal_of_remains(standing, standing, Json::parse(R"({"spec":{}})")).dump() ==
        R"([{"op":"remove","path":"/spec/a~1b~0c"}])");
}

TEST_CASE("what goes as a block and as an addition is removed once") {
  const Json fields = Json::parse(R"({"f:spec": {"f:workloadSelector": {"f:labels": {"f:app": {}}}}})");
  const auto entry = [&](const char* manager, const char* operation) {
    return object({{"manager", manager}, {"operation", operation}, {"fieldsV1", fields}});
  };
  Json standing = Json::parse(R"({"spec": {"workloadSelector": {"labels": {"app": "a"}}}})");
  standing.edit("metadata")
      .set("managedFields", array({entry("kubectl-egress", "Apply"), entry("kubectl-edit", "Update")}));
  CHECK(kube::all_removals(standing, Json::parse(R"({"spec": {"host": "x"}})"), "kubectl-egress").dump() ==
        R"([{"op":"remove","path":"/spec/workloadSelector"}])");
}

}  // namespace egress

TEST_SUITE_END();
