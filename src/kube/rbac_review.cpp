#include "egress/kube/rbac_review.hpp"

namespace egress::kube {

Call access_review(const std::string& verb, const Kind& kind, const std::string& ns,
                   const std::string& name) {
  const Json attributes = object({
      {"name", name.empty() ? Json() : Json(name)},
      {"verb", verb},
      {"group", kind.group},
      {"resource", kind.plural},
      {"namespace", ns},
  });
  const Json review = object({
      {"apiVersion", "authorization.k8s.io/v1"},
      {"kind", "SelfSubjectAccessReview"},
      {"spec", object({{"resourceAttributes", attributes}})},
  });
  Call call;
  call.method = "POST";
  call.target = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  call.content_type = "application/json";
  call.body = review.dump();
  call.description = "check whether this user may " + verb + " " + std::string(kind.plural);
  return call;
}

bool is_allowed(const Answer& review) {
  return !review.ok() || review.body["status"]["allowed"].as_bool(true);
}

}  // namespace egress::kube
