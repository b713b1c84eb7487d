#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/credential.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

std::string create_command(const Credential& credential) {
  const std::string secret = credential.secret.name + in_namespace(credential.secret.ns);
  const std::string pair = " --from-file=tls.crt=tls.crt --from-file=tls.key=tls.key";
  if (!credential.needs_ca) return "kubectl create secret tls " + secret + " --cert=tls.crt --key=tls.key";
  return "kubectl create secret generic " + secret + (credential.needs_key_pair ? pair : "") +
         " --from-file=ca.crt=ca.crt";
}

/// Recreates the Secret, because its type cannot be changed.
std::string replace_command(const Credential& credential) {
  return create_command(credential) + " --dry-run=client -o yaml | kubectl replace --force -f -";
}

/// Why an old Istio does not accept the Secret's name; empty if it does.
std::string name_problem(const Credential& credential, const Mesh& mesh) {
  const std::string& name = credential.secret.name;
  const std::string istio = "Istio " + mesh.version.text();
  // The agent ignores these prefixes (security/pkg/nodeagent/secretfetcher,
  // isGatewaySecret, 1.7.0).
  if (mesh.version < Version{1, 8, 0} && (name.starts_with("istio") || name.starts_with("prometheus")))
    return istio + " ignores Secrets whose names begin with \"istio\" or \"prometheus\"";
  const bool is_for_ca = credential.needs_ca && !credential.needs_key_pair;
  if (mesh.version < Version{1, 10, 0} && is_for_ca && !name.ends_with("-cacert"))
    return istio + " reads a CA only from a Secret whose name ends with \"-cacert\"";
  return {};
}

void check_credential(const AuditedGateway& gateway, const AuditIndex& index, const Credential& credential,
                      std::vector<Finding>& findings) {
  const std::string name = full_name(credential.secret);
  const std::string problem = name_problem(credential, index.mesh);
  if (!problem.empty())
    findings.push_back(gateway.finding(Severity::error, "SecretName", credential.secret,
                                       name + " cannot be the " + credential.role + ": " + problem,
                                       gateway.settings_fix()));

  auto add = [&](Severity severity, const std::string& code, const std::string& text,
                 const std::string& fix) {
    const std::string message = name + text;
    // Applying the gateway again recreates a generated Secret.
    findings.push_back(
        credential.is_generated
            ? gateway.live_finding(severity, code, credential.secret, message, apply_command(gateway.egress))
            : gateway.finding(severity, code, credential.secret, message, fix));
  };
  const Json* ca_secret = index.snapshot.find(credential.ca_secret());
  const Json* secret = index.snapshot.find(credential.secret);
  // A CA without a key pair may be in either Secret.
  if (secret == nullptr && credential.needs_ca && !credential.needs_key_pair) secret = ca_secret;
  if (secret != nullptr)
    for (const CredentialProblem& credential_problem :
         credential_problems(credential, *secret, ca_secret, index.snapshot.now))
      add(credential_problem.is_warning ? Severity::warning : Severity::error, credential_problem.code,
          ", the " + credential.role + ", " + credential_problem.message, replace_command(credential));
  else if (index.snapshot.is_missing(credential.secret) && !(credential.is_generated && !gateway.exists))
    add(Severity::error, "IST0101", ", the " + credential.role + ", does not exist",
        create_command(credential));
}

}  // namespace

void find_secrets(const AuditedGateway& gateway, const AuditIndex& index, std::vector<Finding>& findings) {
  for (const Credential& credential : credentials(gateway.egress))
    check_credential(gateway, index, credential, findings);
  const auto& opa = gateway.egress.opa;
  if (!opa || opa->config_map.empty()) return;
  const Reference policy{{kube::kinds::config_map}, gateway.egress.ns, opa->config_map};
  if (index.snapshot.is_missing(policy))
    findings.push_back(gateway.finding(
        Severity::error, "IST0101", policy,
        full_name(policy) + ", the policy of Open Policy Agent, does not exist: the gateway's "
                            "pods cannot start",
        "kubectl create configmap " + policy.name + in_namespace(policy.ns) + " --from-file=policy.rego"));
}

}  // namespace egress::mesh
