#include "egress/kube/rbac_rules.hpp"

#include <algorithm>

namespace egress::kube {
namespace {

std::vector<std::string> strings(const Json& list) {
  std::vector<std::string> strings;
  for (const Json& item : list.items()) strings.push_back(item.as_string());
  return strings;
}

bool contains(const std::vector<std::string>& strings, std::string_view value) {
  return std::ranges::any_of(strings, [&](const std::string& item) { return item == "*" || item == value; });
}

}  // namespace

Call RbacRules::rules_review(const std::string& ns) {
  const Json review = object({
      {"apiVersion", "authorization.k8s.io/v1"},
      {"kind", "SelfSubjectRulesReview"},
      {"spec", object({{"namespace", ns}})},
  });
  Call call;
  call.method = "POST";
  call.target = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  call.content_type = "application/json";
  call.body = review.dump();
  call.description = "list this user's permissions in namespace \"" + ns + "\"";
  return call;
}

RbacRules::RbacRules(std::string ns, const Answer& answer) : ns_(std::move(ns)) {
  std::vector<Rule> rules;
  for (const Json& rule : answer.body["status"]["resourceRules"].items())
    // A rule for named objects allows no others.
    if (rule["resourceNames"].items().empty())
      rules.push_back({strings(rule["verbs"]), strings(rule["apiGroups"]), strings(rule["resources"])});
  rules_ = std::make_shared<const std::vector<Rule>>(std::move(rules));
}

bool RbacRules::allows(std::string_view verb, const Kind& kind, std::string_view ns) const {
  return rules_ && ns == ns_ && std::ranges::any_of(*rules_, [&](const Rule& rule) {
           return contains(rule.verbs, verb) && contains(rule.groups, kind.group) &&
                  contains(rule.resources, kind.plural);
         });
}

}  // namespace egress::kube
