#pragma once

#include <string>

#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// Asks the server whether this user may do that (SelfSubjectAccessReview, authorization.k8s.io/v1).
Call access_review(const std::string& verb, const Kind& kind, const std::string& ns,
                   const std::string& name = "");

/// False only where the server says no: what cannot be asked is found out by trying.
bool is_allowed(const Answer& review);

}  // namespace egress::kube
