#include "egress/kube/access_review.hpp"

namespace egress::kube {

Call may_i(const std::string& verb, const Kind& kind, const std::string& ns, const std::string& name) {
  const Json asked = object({
      {"name", name.empty() ? Json() : Json(name)},
      {"verb", verb},
      {"group", kind.group},
      {"resource", kind.plural},
      {"namespace", ns},
  });
  const Json review = object({
      {"apiVersion", "authorization.k8s.io/v1"},
      {"kind", "SelfSubjectAccessReview"},
      {"spec", object({{"resourceAttributes", asked}})},
  });
  Call call;
  call.method = "POST";
  call.target = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  call.content_type = "application/json";
  call.body = review.dump();
  call.what = "ask whether this user may " + verb + " " + std::string(kind.plural);
  return call;
}

bool is_allowed(const Answer& review) {
  return !review.ok() || review.body["status"]["allowed"].as_bool(true);
}

}  // namespace egress::kube
