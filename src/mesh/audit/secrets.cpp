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
  if (!credential.authority) return "kubectl create secret tls " + secret + " --cert=tls.crt --key=tls.key";
  return "kubectl create secret generic " + secret + (credential.pair ? pair : "") +
         " --from-file=ca.crt=ca.crt";
}

/// Makes it anew: the type of a Secret cannot be changed.
std::string replace_command(const Credential& credential) {
  return create_command(credential) + " --dry-run=client -o yaml | kubectl replace --force -f -";
}

/// What an old Istio makes of its name; empty where it takes it.
std::string name_fault(const Credential& credential, const Mesh& mesh) {
  const std::string& name = credential.secret.name;
  const std::string istio = "Istio " + mesh.version.text();
  // The agent's list of what is not a gateway's (security/pkg/nodeagent/secretfetcher,
  // isGatewaySecret, 1.7.0).
  if (mesh.version < Version{1, 8, 0} && (name.starts_with("istio") || name.starts_with("prometheus")))
    return istio + " passes over Secrets whose names begin with \"istio\" or \"prometheus\"";
  const bool for_ca = credential.authority && !credential.pair;
  if (mesh.version < Version{1, 10, 0} && for_ca && !name.ends_with("-cacert"))
    return istio + " takes a CA only from a Secret whose name ends with \"-cacert\"";
  return {};
}

void find_named(const Subject& subject, const Neighbourhood& around, const Credential& credential,
                std::vector<Finding>& found) {
  const std::string name = named(credential.secret);
  const std::string fault = name_fault(credential, around.mesh);
  if (!fault.empty())
    found.push_back(subject.finding(Severity::error, "SecretName", credential.secret,
                                    name + " is to be the " + credential.role + ", but " + fault,
                                    subject.change()));

  auto add = [&](Severity severity, const std::string& code, const std::string& why, const std::string& fix) {
    const std::string message = name + why;
    // What this tool makes, it makes anew.
    found.push_back(credential.made ? subject.finding_at_present(severity, code, credential.secret, message,
                                                                 apply_command(subject.egress))
                                    : subject.finding(severity, code, credential.secret, message, fix));
  };
  const Json* beside = around.all.find(credential.beside());
  const Json* secret = around.all.find(credential.secret);
  // A CA alone may stand in either of the two.
  if (secret == nullptr && credential.authority && !credential.pair) secret = beside;
  if (secret != nullptr)
    for (const CredentialFault& one : faults_of(credential, *secret, beside, around.all.now))
      add(one.only_soon ? Severity::warning : Severity::error, one.code,
          ", the " + credential.role + ", " + one.why, replace_command(credential));
  else if (around.all.is_missing(credential.secret) && !(credential.made && !subject.stands))
    add(Severity::error, "IST0101", " is to be the " + credential.role + ", but is not there",
        create_command(credential));
}

}  // namespace

void find_secrets(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const Credential& credential : credentials(subject.egress))
    find_named(subject, around, credential, found);
  const auto& opa = subject.egress.opa;
  if (!opa || opa->config_map.empty()) return;
  const Reference policy{{kube::kinds::config_map}, subject.egress.ns, opa->config_map};
  if (around.all.is_missing(policy))
    found.push_back(subject.finding(
        Severity::error, "IST0101", policy,
        named(policy) + " is to hold the policy, but is not there: the gateway's "
                        "pods wait for it",
        "kubectl create configmap " + policy.name + in_namespace(policy.ns) + " --from-file=policy.rego"));
}

}  // namespace egress::mesh
