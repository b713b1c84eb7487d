#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// The permissions of the user in one namespace, from one request. They may be incomplete, because not every
/// authorizer can list its rules (k8s.io/api, authorization/v1/types.go). What they allow is allowed;
/// anything else has to be checked by access_review().
class RbacRules {
 public:
  RbacRules() = default;
  /// The rules in the answer to rules_review(); nothing is allowed if there is no answer.
  RbacRules(std::string ns, const Answer& answer);

  /// Requests the rules (SelfSubjectRulesReview, authorization.k8s.io/v1).
  static Call rules_review(const std::string& ns);

  bool allows(std::string_view verb, const Kind& kind, std::string_view ns) const;

 private:
  struct Rule {
    std::vector<std::string> verbs;
    std::vector<std::string> groups;
    std::vector<std::string> resources;
  };

  std::string ns_;
  std::shared_ptr<const std::vector<Rule>> rules_;  ///< shared by copies; null allows nothing
};

}  // namespace egress::kube
