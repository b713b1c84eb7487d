#include "egress/kube/access_rules.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

kube::AccessRules rules(const std::string& json) {
  kube::Answer answer;
  answer.status = 201;
  answer.body = Json::parse(R"({"status":{"resourceRules":[)" + json + "]}}");
  return {"team", answer};
}

}  // namespace

TEST_CASE("what one rule allows is allowed, in its namespace") {
  const auto some = rules(R"({"verbs":["get","patch"],"apiGroups":["apps"],"resources":["deployments"]})");
  CHECK(some.allow("patch", kube::kinds::deployment, "team"));
  CHECK_FALSE(some.allow("delete", kube::kinds::deployment, "team"));
  CHECK_FALSE(some.allow("patch", kube::kinds::service, "team"));
  CHECK_FALSE(some.allow("patch", kube::kinds::deployment, "other"));
  const auto all = rules(R"({"verbs":["*"],"apiGroups":["*"],"resources":["*"]})");
  CHECK(all.allow("delete", kube::kinds::service, "team"));
  CHECK_FALSE(kube::AccessRules("team", {}).allow("get", kube::kinds::service, "team"));
}

TEST_CASE("verbs, groups and kinds of different rules do not add up") {
  const auto two = rules(R"({"verbs":["get"],"apiGroups":["apps"],"resources":["*"]},)"
                         R"({"verbs":["*"],"apiGroups":[""],"resources":["services"]})");
  CHECK_FALSE(two.allow("delete", kube::kinds::deployment, "team"));
  CHECK(two.allow("delete", kube::kinds::service, "team"));
}

TEST_CASE("a rule for objects by their names says nothing of others") {
  const auto named =
      rules(R"({"verbs":["*"],"apiGroups":[""],"resources":["services"],"resourceNames":["web"]})");
  CHECK_FALSE(named.allow("get", kube::kinds::service, "team"));
}

}  // namespace egress

TEST_SUITE_END();
