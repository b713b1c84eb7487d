#pragma once

#include <string>

#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// Asks the server whether this user has a permission (SelfSubjectAccessReview, authorization.k8s.io/v1).
Call access_review(const std::string& verb, const Kind& kind, const std::string& ns,
                   const std::string& name = "");

/// False only if the server denies it. A review that fails is no denial: the call that needs the permission
/// shows whether it is missing.
bool is_allowed(const Answer& review);

}  // namespace egress::kube
