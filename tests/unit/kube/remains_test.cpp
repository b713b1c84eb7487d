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

TEST_CASE("terms that others put into a selector are taken out, wherever the kind has it") {
  const Json service = Json::parse(R"({"spec": {"selector": {"app": "a", "tier/x": "b"}}})");
  const Json wanted = Json::parse(R"({"spec": {"selector": {"app": "a"}}})");
  const Json removals = kube::removal_of_foreign_terms(service, wanted);
  REQUIRE(removals.items().size() == 1);
  CHECK(removals.items().front()["path"].as_string() == "/spec/selector/tier~1x");
  CHECK(kube::removal_of_foreign_terms(wanted, wanted).is_null());

  const Json policy = Json::parse(R"({"spec": {"podSelector": {"matchLabels": {"app": "a", "b": "c"}}}})");
  const Json own = Json::parse(R"({"spec": {"podSelector": {"matchLabels": {"app": "a"}}}})");
  CHECK(kube::removal_of_foreign_terms(policy, own).items().front()["path"].as_string() ==
        "/spec/podSelector/matchLabels/b");
  // Where nothing is selected by, others' choice is none of ours.
  CHECK(kube::removal_of_foreign_terms(service, Json::parse(R"({"spec": {}})")).is_null());
}

}  // namespace egress

TEST_SUITE_END();
