#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// What a user may do in one namespace, as one answer tells it. It may not tell all (not every authorizer can
/// list its rules; k8s.io/api, authorization/v1/types.go): what it allows is allowed, and for the rest each
/// verb is asked for by access_review().
class RbacRules {
 public:
  RbacRules() = default;
  /// Of the answer to list(); nothing is allowed where there is none.
  RbacRules(std::string ns, const Answer& answer);

  /// Asks the server for them (SelfSubjectRulesReview, authorization.k8s.io/v1).
  static Call rules_review(const std::string& ns);

  bool allows(std::string_view verb, const Kind& kind, std::string_view ns) const;

 private:
  struct Rule {
    std::vector<std::string> verbs;
    std::vector<std::string> groups;
    std::vector<std::string> resources;
  };

  std::string ns_;
  std::shared_ptr<const std::vector<Rule>> rules_;  ///< of all copies; null: nothing is allowed
};

}  // namespace egress::kube
