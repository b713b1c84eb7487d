#include "egress/mesh/design.hpp"

namespace egress::mesh {

Json service_account(const Design& design) {
  Json secrets;
  for (const Json& name : design.mesh.image_pull_secrets.items())
    secrets.push(object({{"name", name.is_object() ? name["name"] : name}}));
  return object({
      {"imagePullSecrets", design.mesh.gateway_injection() ? Json() : std::move(secrets)},
  });
}

/// Before 1.8 the gateway reads its certificates from Secrets itself. Since then istiod checks that its
/// ServiceAccount may read them.
Json secret_reader_role(const Design&) {
  return object({
      {"rules", array({object({
                    {"apiGroups", array({""})},
                    {"resources", array({"secrets"})},
                    {"verbs", array({"get", "watch", "list"})},
                })})},
  });
}

Json secret_reader_binding(const Design& design) {
  return object({
      {"roleRef", object({
                      {"apiGroup", "rbac.authorization.k8s.io"},
                      {"kind", "Role"},
                      {"name", design.name()},
                  })},
      {"subjects", array({object({
                       {"kind", "ServiceAccount"},
                       {"name", design.name()},
                       {"namespace", design.egress.ns},
                   })})},
  });
}

}  // namespace egress::mesh
