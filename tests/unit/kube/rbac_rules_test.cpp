#include "egress/kube/rbac_rules.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

kube::RbacRules rules(const std::string& json) {
  kube::Answer answer;
  answer.status = 201;
  answer.body = Json::parse(R"({"status":{"resourceRules":[)" + json + "]}}");
  return {"team", answer};
}

}  // namespace

TEST_CASE("a rule allows its verbs and resources in its namespace") {
  const auto deployments =
      rules(R"({"verbs":["get","patch"],"apiGroups":["apps"],"resources":["deployments"]})");
  CHECK(deployments.allows("patch", kube::kinds::deployment, "team"));
  CHECK_FALSE(deployments.allows("delete", kube::kinds::deployment, "team"));
  CHECK_FALSE(deployments.allows("patch", kube::kinds::service, "team"));
  CHECK_FALSE(deployments.allows("patch", kube::kinds::deployment, "other"));
  const auto all = rules(R"({"verbs":["*"],"apiGroups":["*"],"resources":["*"]})");
  CHECK(all.allows("delete", kube::kinds::service, "team"));
  CHECK_FALSE(kube::RbacRules("team", {}).allows("get", kube::kinds::service, "team"));
}

TEST_CASE("verbs, groups and resources of different rules are not combined") {
  const auto two = rules(R"({"verbs":["get"],"apiGroups":["apps"],"resources":["*"]},)"
                         R"({"verbs":["*"],"apiGroups":[""],"resources":["services"]})");
  CHECK_FALSE(two.allows("delete", kube::kinds::deployment, "team"));
  CHECK(two.allows("delete", kube::kinds::service, "team"));
}

TEST_CASE("a rule with resourceNames allows no other objects") {
  const auto named =
      rules(R"({"verbs":["*"],"apiGroups":[""],"resources":["services"],"resourceNames":["web"]})");
  CHECK_FALSE(named.allows("get", kube::kinds::service, "team"));
}

}  // namespace egress

TEST_SUITE_END();
