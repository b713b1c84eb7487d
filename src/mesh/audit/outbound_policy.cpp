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

std::string mode_of(const SidecarScope& sidecar) {
  return sidecar.spec()["outboundTrafficPolicy"]["mode"].as_string();
}

/// A Sidecar of the root namespace applies to every namespace without its own.
bool is_for_mesh(const SidecarScope& sidecar, const Mesh& mesh) {
  return sidecar.selects_all_pods && sidecar.reference.ns == mesh.root_namespace;
}

Json policy_patch() {
  return object({{"spec", object({{"outboundTrafficPolicy", object({{"mode", registry_only}})}})}});
}

/// The mode of namespaces without their own Sidecar.
std::string default_mode(const AuditIndex& index) {
  for (const SidecarScope& sidecar : index.sidecars)
    if (is_for_mesh(sidecar, index.mesh) && !mode_of(sidecar).empty()) return mode_of(sidecar);
  return index.mesh.outbound_policy;
}

void find_open_sidecars(const AuditIndex& index, std::vector<Finding>& findings) {
  for (const SidecarScope& sidecar : index.sidecars) {
    if (mode_of(sidecar) != allow_any) continue;
    const std::string pods = sidecar.selects_all_pods ? "every pod" : "the pods that it selects";
    const std::string where = is_for_mesh(sidecar, index.mesh) ? "namespaces without a Sidecar of their own"
                                                               : "namespace " + quoted(sidecar.reference.ns);
    findings.push_back({Severity::warning,
                        "SidecarAllowsAny",
                        sidecar.reference,
                        {},
                        full_name(sidecar.reference) + " sets outboundTrafficPolicy ALLOW_ANY: " + pods +
                            " in " + where + " can reach any host directly, bypassing every gateway",
                        merge_command(sidecar.reference, policy_patch())});
  }
}

}  // namespace

void find_outbound_policy(std::span<const AuditedGateway>, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  const Reference config = mesh_config(index.mesh);
  const std::string& mode = index.mesh.outbound_policy;
  auto add = [&](Severity severity, const char* code, const std::string& message, const std::string& fix) {
    findings.push_back({severity, code, config, {}, message, fix});
  };
  if (!index.snapshot.has_mesh_config)
    add(Severity::info, "Unseen",
        "the mesh configuration could not be read: outboundTrafficPolicy was not checked", "");
  else if (mode != allow_any && mode != registry_only)
    add(Severity::error, "UnknownOutboundPolicy",
        "the mesh's outboundTrafficPolicy is " + quoted(mode) +
            ", which Istio does not know: only REGISTRY_ONLY blocks traffic to unknown hosts",
        edit_command(config));
  else if (default_mode(index) == allow_any)
    add(Severity::warning, "RegistryOnlyMissing",
        "the mesh's outboundTrafficPolicy is ALLOW_ANY: sidecars can reach hosts and ports without a gateway "
        "directly; REGISTRY_ONLY blocks them",
        edit_command(config));
  find_open_sidecars(index, findings);
}

}  // namespace egress::mesh
