#include <algorithm>

#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

Finding choice(const Subject& subject, Severity severity, const char* code, const std::string& message) {
  return subject.finding(severity, code, gateway_reference(subject.egress), message, subject.change());
}

bool limits_egress(const Json& policy) {
  const Json& spec = policy["spec"];
  const auto& types = spec["policyTypes"].items();
  return types.empty() ? spec.has("egress") : std::ranges::find(types, Json("Egress")) != types.end();
}

}  // namespace

/// What the gateway's own settings leave open, so that nobody is surprised.
void find_choices(const Subject& subject, const Neighbourhood&, std::vector<Finding>& found) {
  const Egress& egress = subject.egress;
  auto add = [&](Severity severity, const char* code, const std::string& message) {
    found.push_back(choice(subject, severity, code, message));
  };
  if (!egress.mesh.mutual)
    add(Severity::warning, "PlaintextHop",
        "callers come in plaintext (spec.mesh.tls): the gateway does not know who they are, and whoever "
        "reaches its Service may use it");
  else if (egress.mesh.allow.empty() && !egress.network_policy)
    add(Severity::warning, "OpenToAll",
        "everyone in the mesh may use the gateway: spec.mesh.allow (--allow) says who may");
  if (!egress.tls.verify)
    add(Severity::warning, "Unverified",
        "the gateway does not verify the external service's certificate (spec.tls.verify): whoever stands "
        "in between can pose as it");
  if (egress.wildcard())
    add(Severity::info, "CallerChosenName",
        "the host " + quoted(egress.host()) +
            " is a wildcard: which name under it is asked for, callers say");
  if (egress.opa && egress.opa->fail_open)
    add(Severity::warning, "FailOpen",
        "requests pass while OPA does not answer (spec.authorization.opa.failOpen): who can stop it can "
        "pass");
}

/// A mesh is no firewall: what has no sidecar, or goes around it, only a NetworkPolicy holds.
void find_unfenced_callers(std::span<const Subject> subjects, const Neighbourhood& around,
                           std::vector<Finding>& found) {
  if (subjects.empty() || !around.all.sees(kube::kinds::network_policy)) return;
  std::set<std::string> fenced;
  for (const Json& policy : unpacked(around.all.network_policies))
    if (limits_egress(policy)) fenced.insert(policy["metadata"]["namespace"].as_string());
  std::set<std::string> unfenced;
  bool any_open = false;
  for (const Subject& subject : subjects) {
    any_open = any_open || subject.egress.mesh.allow.empty();
    for (const std::string& ns : subject.callers())
      if (!fenced.contains(ns)) unfenced.insert(ns);
  }
  const bool none = any_open && fenced.empty();
  if (unfenced.empty() && !none) return;
  const std::string verb = unfenced.size() == 1 ? " has" : " have";
  const std::string where =
      none ? "no namespace has a NetworkPolicy" : namespaces_text(unfenced) + verb + " no NetworkPolicy";
  const std::string ns = none || unfenced.empty() ? "" : *unfenced.begin();
  found.push_back({Severity::info,
                   "NoEgressPolicy",
                   {{kube::kinds::network_policy}, ns, ""},
                   {},
                   where + " for egress: a mesh is no firewall, and a pod without a sidecar reaches whatever "
                           "the network lets it",
                   {}});
}

}  // namespace egress::mesh
