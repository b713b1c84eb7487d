#include "egress/kube/access_rules.hpp"

#include <algorithm>

namespace egress::kube {
namespace {

std::vector<std::string> words(const Json& list) {
  std::vector<std::string> words;
  for (const Json& one : list.items()) words.push_back(one.as_string());
  return words;
}

bool names(const std::vector<std::string>& words, std::string_view wanted) {
  return std::ranges::any_of(words, [&](const std::string& one) { return one == "*" || one == wanted; });
}

}  // namespace

Call AccessRules::list(const std::string& ns) {
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
  call.what = "ask what this user may do in namespace \"" + ns + "\"";
  return call;
}

AccessRules::AccessRules(std::string ns, const Answer& answer) : ns_(std::move(ns)) {
  std::vector<Rule> rules;
  for (const Json& rule : answer.body["status"]["resourceRules"].items())
    // One that names objects says nothing of the others.
    if (rule["resourceNames"].items().empty())
      rules.push_back({words(rule["verbs"]), words(rule["apiGroups"]), words(rule["resources"])});
  rules_ = std::make_shared<const std::vector<Rule>>(std::move(rules));
}

bool AccessRules::allow(std::string_view verb, const Kind& kind, std::string_view ns) const {
  return rules_ && ns == ns_ && std::ranges::any_of(*rules_, [&](const Rule& rule) {
           return names(rule.verbs, verb) && names(rule.groups, kind.group) &&
                  names(rule.resources, kind.plural);
         });
}

}  // namespace egress::kube
