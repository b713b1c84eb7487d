#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

constexpr const char* registry_only = "REGISTRY_ONLY";
constexpr const char* allow_any = "ALLOW_ANY";

Reference mesh_config(const Mesh& mesh) {
  const std::string name = mesh.has_revision() ? "istio-" + mesh.revision : "istio";
  return {{kube::kinds::config_map}, mesh.istio_namespace, name};
}

std::string mode_of(const Imports& sidecar) {
  return sidecar.spec()["outboundTrafficPolicy"]["mode"].as_string();
}

/// The root namespace's Sidecar speaks for every namespace without one.
bool is_for_mesh(const Imports& sidecar, const Mesh& mesh) {
  return sidecar.for_all && sidecar.reference.ns == mesh.root_namespace;
}

Json policy_patch() {
  return object({{"spec", object({{"outboundTrafficPolicy", object({{"mode", registry_only}})}})}});
}

/// Where nothing else is said.
std::string usual_mode(const Neighbourhood& around) {
  for (const Imports& sidecar : around.sidecars)
    if (is_for_mesh(sidecar, around.mesh) && !mode_of(sidecar).empty()) return mode_of(sidecar);
  return around.mesh.outbound_policy;
}

void find_open_sidecars(const Neighbourhood& around, std::vector<Finding>& found) {
  for (const Imports& sidecar : around.sidecars) {
    if (mode_of(sidecar) != allow_any) continue;
    const std::string whose = sidecar.for_all ? "every pod" : "the pods that it selects";
    const std::string where = is_for_mesh(sidecar, around.mesh) ? "namespaces without a Sidecar of their own"
                                                                : "namespace " + quoted(sidecar.reference.ns);
    found.push_back({Severity::warning,
                     "SidecarAllowsAny",
                     sidecar.reference,
                     {},
                     named(sidecar.reference) + " sets outboundTrafficPolicy ALLOW_ANY: " + whose + " in " +
                         where + " may reach any host directly, past every gateway",
                     merge_command(sidecar.reference, policy_patch())});
  }
}

}  // namespace

void find_open_policy(std::span<const Subject>, const Neighbourhood& around, std::vector<Finding>& found) {
  const Reference config = mesh_config(around.mesh);
  const std::string& said = around.mesh.outbound_policy;
  auto add = [&](Severity severity, const char* code, const std::string& message, const std::string& fix) {
    found.push_back({severity, code, config, {}, message, fix});
  };
  if (!around.all.mesh_config_known)
    add(Severity::info, "Unseen",
        "the mesh's settings were not seen: whether outboundTrafficPolicy holds anybody back was not checked",
        "");
  else if (said != allow_any && said != registry_only)
    add(Severity::error, "UnknownOutboundPolicy",
        "the mesh's outboundTrafficPolicy is " + quoted(said) +
            ", a word that Istio does not know: it is not REGISTRY_ONLY, so nobody is held back",
        edit_command(config));
  else if (usual_mode(around) == allow_any)
    add(Severity::warning, "RegistryOnlyMissing",
        "the mesh's outboundTrafficPolicy is ALLOW_ANY: whatever has no gateway, and every port that a "
        "gateway is not for, is reached directly (mode: REGISTRY_ONLY refuses it)",
        edit_command(config));
  find_open_sidecars(around, found);
}

}  // namespace egress::mesh
