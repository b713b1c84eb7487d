#include "egress/mesh/egress.hpp"

#include <algorithm>
#include <set>

#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/faults.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/version.hpp"
#include "egress/mesh/workload.hpp"

namespace egress::mesh {
namespace {

/// "NAME-egress" must itself fit into a label of 63 characters.
constexpr std::size_t max_name = 56;
constexpr std::size_t longest_path = 1024;
/// The record holds the policy, too, and a ConfigMap 1 MiB.
constexpr std::size_t longest_policy = std::size_t{256} * 1024;

std::string quoted(const std::string& text) {
  return "\"" + printable(text, 300) + "\"";
}

void check_name(const Egress& egress, Faults& faults) {
  const std::string& name = egress.name;
  if (name.size() > max_name)
    faults.add("the name \"" + printable(name, 100) + "\" has " + std::to_string(name.size()) +
               " characters; " + std::to_string(max_name) + " are allowed");
  else if (!is_label(name) || std::isdigit(static_cast<unsigned char>(name.front())))
    faults.add("the name \"" + printable(name) +
               "\" must be lower-case letters, digits and '-', begin with a letter and end with a letter "
               "or digit");
  faults.unless(is_label(egress.ns),
                "the namespace \"" + printable(egress.ns, 100) + "\" is not a name that Kubernetes allows");
}

void check_labels(const Json& labels, Faults& faults) {
  for (const auto& [key, value] : labels.members()) {
    faults.unless(kube::is_label_key(key), quoted(key) + " is not the key of a label, such as team");
    faults.unless(kube::is_label_value(value.as_string()),
                  "the value " + quoted(value.as_string()) + " of the label " + quoted(key) +
                      " is not one: at most 63 letters, digits, -, _ and .");
  }
}

void check_host(const std::string& noun, const std::string& host, Faults& faults) {
  if (const std::string why = host_fault(host); !why.empty())
    faults.add("the " + noun + " " + quoted(host) + " " + why);
}

/// A Secret's, a ConfigMap's or a service account's.
void check_object_name(const std::string& noun, const std::string& name, Faults& faults) {
  faults.unless(is_object_name(name),
                "the " + noun + " " + quoted(name) + " is not a name that Kubernetes allows");
}

void check_wildcard(const Egress& egress, Faults& faults) {
  const std::string& host = egress.host();
  check_host("host", host.substr(2), faults);
  if (egress.server.empty())
    faults.add("the host " + quoted(host) +
               " is a wildcard, and Envoy needs one name to connect to: name the host that serves all of it "
               "with --upstream-server (spec.server), or make a gateway for each host");
  else
    check_host("server", egress.server, faults);
  faults.unless(egress.hosts.size() == 1, "a wildcard must be the only host of its gateway");
  faults.unless(egress.aliases.empty(), "a wildcard cannot have an alias: nobody knows which name it means");
  faults.unless(egress.protocol != Protocol::tcp, "a TCP service has no name in its bytes: no wildcard");
}

void check_hosts(const Egress& egress, Faults& faults) {
  if (egress.hosts.empty())
    return faults.add("there is no host: name the external service, such as --host httpbin.org");
  if (egress.wildcard()) {
    check_wildcard(egress, faults);
  } else {
    for (const std::string& host : egress.hosts) check_host("host", host, faults);
    faults.unless(egress.server.empty(), "--upstream-server (spec.server) is only for a wildcard host");
  }
  std::set<std::string> seen;
  for (const std::string& host : egress.hosts)
    faults.unless(seen.insert(host).second, "the host " + quoted(host) + " is given twice");
  for (const std::string& alias : egress.aliases) {
    check_host("alias", alias, faults);
    faults.unless(seen.insert(alias).second, "the alias " + quoted(alias) + " is given twice");
  }
  faults.unless(egress.http() || egress.aliases.empty(),
                "an alias needs requests whose Host can be rewritten; with protocol " +
                    text(egress.protocol) + " the name is the caller's own");
}

/// Single ones: a ServiceEntry whose host is looked up may hold no range (pkg/config/validation,
/// ValidateServiceEntry, 1.7.0; the CRD itself, 1.30.3).
void check_addresses(const Egress& egress, Faults& faults) {
  if (egress.protocol != Protocol::tcp)
    return faults.unless(egress.addresses.empty(), "--address (spec.addresses) is only for protocol TCP");
  faults.unless(egress.hosts.size() == 1, "one gateway serves one TCP host: bytes do not say whom they mean");
  faults.unless(
      !egress.addresses.empty(),
      "protocol TCP needs the address that callers dial, --address 192.0.2.10 (spec.addresses): without one "
      "a sidecar would take every connection to " +
          (egress.port == 0 ? "its port" : "port " + std::to_string(egress.port)) + " for this service");
  std::set<std::string> seen;
  for (const std::string& address : egress.addresses) {
    faults.unless(seen.insert(address).second, "the address " + quoted(address) + " is given twice");
    faults.unless(is_address(address), "the address " + quoted(address) +
                                           " is not a single IP address, such as 192.0.2.10; Istio takes "
                                           "ranges only for services that it does not look up");
  }
}

void check_port(const Egress& egress, Faults& faults) {
  if (egress.port == 0 && egress.protocol == Protocol::tcp)
    return faults.add("protocol TCP needs the port of the service: --port 5432 (spec.port)");
  faults.unless(egress.port >= 1 && egress.port <= 65535,
                "the port " + std::to_string(egress.port) + " is not between 1 and 65535");
}

void check_modes(const Egress& egress, Faults& faults) {
  const bool passthrough = egress.tls.mode == TlsMode::passthrough;
  if (egress.protocol == Protocol::https && !passthrough)
    faults.add("with protocol HTTPS callers make the TLS themselves: use --tls passthrough; with --tls " +
               text(egress.tls.mode) + " callers speak HTTP");
  if (egress.http() && passthrough)
    faults.add("--tls passthrough is for callers that make the TLS themselves: use --protocol https");
  if (egress.protocol == Protocol::tcp && passthrough)
    faults.add("--protocol tcp passes bytes on as they are: use --tls none, or --protocol https");
}

void check_upstream_tls(const Egress& egress, Faults& faults) {
  const UpstreamTls& tls = egress.tls;
  if (!egress.originates()) {
    UpstreamTls bare;
    bare.mode = tls.mode;
    return faults.unless(tls == bare, "with --tls " + text(tls.mode) +
                                          " the gateway makes no TLS: there is nothing that SNI, names, "
                                          "certificates or verification could be said of");
  }
  if (!tls.sni.empty()) check_host("SNI", tls.sni, faults);
  faults.unless(egress.hosts.size() == 1 || (tls.sni.empty() && tls.subject_alt_names.empty()),
                "SNI and subject names can be said only of a single host; each has its own by default");
  if (!tls.ca_credential.empty()) check_object_name("Secret", tls.ca_credential, faults);
  if (!tls.credential.empty()) check_object_name("Secret", tls.credential, faults);
  if (tls.mode == TlsMode::mutual)
    faults.unless(!tls.credential.empty(),
                  "--tls mutual needs the gateway's own certificate: --client-credential SECRET "
                  "(spec.tls.credentialName)");
  else
    faults.unless(tls.credential.empty(), "a client credential is shown only with --tls mutual");
  faults.unless(tls.mode == TlsMode::simple || tls.ca_credential.empty(),
                "with --tls mutual the CA stands in the client credential's Secret, or in one named like it "
                "with -cacert behind");
  faults.unless(tls.verify || tls.mode == TlsMode::simple, "--tls mutual always verifies the service");
  faults.unless(tls.verify || (tls.ca_credential.empty() && tls.subject_alt_names.empty()),
                "what is not verified needs neither a CA nor names");
}

void check_export(const std::vector<std::string>& targets, Faults& faults) {
  std::set<std::string> seen;
  for (const std::string& target : targets) {
    faults.unless(target == "*" || target == "." || is_label(target),
                  "--export-to " + quoted(target) + " is neither a namespace nor \".\" or \"*\"");
    faults.unless(target != "*" || targets.size() == 1, "--export-to \"*\" must stand alone");
    faults.unless(seen.insert(target).second, "--export-to " + quoted(target) + " is given twice");
  }
  faults.unless(!targets.empty(), "spec.mesh.exportTo must name a namespace, \".\" or \"*\"");
}

void check_mesh_access(const Egress& egress, Faults& faults) {
  std::set<std::string> seen;
  for (const Caller& caller : egress.mesh.allow) {
    faults.unless(seen.insert(caller.text()).second, "--allow " + quoted(caller.text()) + " is given twice");
    faults.unless(is_label(caller.ns),
                  "--allow " + quoted(caller.service_account.empty() ? caller.ns : caller.text()) +
                      " is not NAMESPACE or NAMESPACE/SERVICEACCOUNT, such as pay/api");
    if (!caller.service_account.empty()) check_object_name("service account", caller.service_account, faults);
  }
  faults.unless(egress.mesh.mutual || egress.mesh.allow.empty(),
                "--allow needs to know who calls, and a plaintext hop does not say it: leave --mesh-tls out");
  check_export(egress.mesh.export_to, faults);
}

void check_ingress(const Egress& egress, Faults& faults) {
  if (!egress.ingress) return;
  const Ingress& ingress = *egress.ingress;
  faults.unless(egress.http(), "--expose serves HTTP callers; protocol " + text(egress.protocol) +
                                   " cannot come through the ingress gateway");
  faults.unless(!ingress.hosts.empty(),
                "the way through the ingress gateway needs a name: --expose HOSTNAME (spec.ingress.hosts)");
  faults.unless(!egress.wildcard(), "a wildcard cannot be exposed: nobody knows which name it means");
  // Requests for an exposed name go to the first host.
  std::set<std::string> seen(egress.hosts.begin() + 1, egress.hosts.end());
  for (const std::string& host : ingress.hosts) {
    check_host("exposed host", host, faults);
    faults.unless(seen.insert(host).second,
                  "the exposed host " + quoted(host) + " is given twice, or is a further host of its own");
  }
  faults.unless(!ingress.credential.empty(),
                "--expose needs a certificate: --tls-secret NAME, or --self-signed to make one");
  if (!ingress.credential.empty()) check_object_name("Secret", ingress.credential, faults);
  faults.unless(!ingress.self_signed || ingress.credential == ingress_name(egress),
                "--self-signed makes the Secret " + quoted(ingress_name(egress)) +
                    ", and --tls-secret (spec.ingress.credentialName) names another: leave one of them out");
  faults.unless(is_label(ingress.ns), "the ingress gateway's namespace " + quoted(ingress.ns) +
                                          " is not a name that Kubernetes allows");
  faults.unless(!ingress.selector.members().empty(),
                "an empty ingress selector would mean every gateway of the mesh");
}

void check_probe(const Egress& egress, Faults& faults) {
  if (!egress.probe) return;
  const Probe& probe = *egress.probe;
  faults.unless(egress.http(),
                "--probe-path asks for a path over HTTP; protocol " + text(egress.protocol) + " has none");
  const bool printable_path = std::ranges::all_of(
      probe.path, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
  faults.unless(
      probe.path.starts_with('/') && probe.path.size() <= longest_path && printable_path,
      "the probe path " + quoted(probe.path) + " must begin with '/' and hold no blanks; escape them as %20");
  faults.unless(probe.period_seconds >= 1 && probe.period_seconds <= 3600,
                "the probe's period must be between 1 and 3600 seconds");
}

void check_opa(const Egress& egress, Faults& faults) {
  if (!egress.opa) return;
  const Opa& opa = *egress.opa;
  faults.unless(egress.http(),
                "OPA decides on requests; with protocol " + text(egress.protocol) + " the gateway sees none");
  faults.unless(opa.config_map.empty() != opa.policy.empty(),
                "authorization by OPA needs its policy: --opa-policy FILE or CONFIGMAP "
                "(authorization.opa.policy or policyFrom.configMap, not both)");
  if (!opa.config_map.empty()) check_object_name("ConfigMap", opa.config_map, faults);
  faults.unless(opa.policy.size() <= longest_policy,
                "the policy is longer than 256 KiB; put it into a ConfigMap of its own");
}

}  // namespace

Egress validated(Egress egress) {
  Faults faults;
  check_name(egress, faults);
  check_labels(egress.labels, faults);
  check_hosts(egress, faults);
  if (egress.hosts.empty()) faults.throw_if_any();
  check_port(egress, faults);
  check_addresses(egress, faults);
  check_modes(egress, faults);
  check_upstream_tls(egress, faults);
  check_mesh_access(egress, faults);
  check_ingress(egress, faults);
  check_workload(egress.workload, faults);
  check_probe(egress, faults);
  check_opa(egress, faults);
  if (!egress.istio.revision.empty())
    faults.unless(is_label(egress.istio.revision), "the Istio revision " + quoted(egress.istio.revision) +
                                                       " is not a name that Kubernetes allows");
  if (!egress.istio.version.empty())
    faults.unless(Version::parse(egress.istio.version).has_value(),
                  "the Istio version " + quoted(egress.istio.version) + " is not one such as 1.30.3");
  faults.throw_if_any();
  return egress;
}

}  // namespace egress::mesh
