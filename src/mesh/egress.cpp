#include "egress/mesh/egress.hpp"

#include <algorithm>
#include <set>

#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/field_errors.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/version.hpp"
#include "egress/mesh/workload.hpp"

namespace egress::mesh {
namespace {

/// "NAME-egress" must itself fit into a label of 63 characters.
constexpr std::size_t max_name = 56;
constexpr std::size_t max_path = 1024;
/// The record holds the policy, too, and a ConfigMap 1 MiB.
constexpr std::size_t max_policy = std::size_t{256} * 1024;

// The fields that several rules speak of.
const std::string hosts = "spec.hosts";
const std::string aliases = "spec.aliases";
const std::string addresses = "spec.addresses";
const std::string protocol = "spec.protocol";
const std::string tls_mode = "spec.tls.mode";
const std::string tls_verify = "spec.tls.verify";
const std::string ca_credential = "spec.tls.caCredentialName";
const std::string credential = "spec.tls.credentialName";
const std::string ingress_hosts = "spec.ingress.hosts";
const std::string ingress_credential = "spec.ingress.credentialName";

std::string quoted(const std::string& text) {
  return "\"" + printable(text, 300) + "\"";
}

void check_name(const Egress& egress, FieldErrors& errors) {
  const std::string& name = egress.name;
  if (name.size() > max_name)
    errors.add("metadata.name", "the name \"" + printable(name, 100) + "\" has " +
                                    std::to_string(name.size()) + " characters; " + std::to_string(max_name) +
                                    " are allowed");
  else if (!is_dns_label(name) || std::isdigit(static_cast<unsigned char>(name.front())))
    errors.add("metadata.name",
               "the name \"" + printable(name) +
                   "\" must be lower-case letters, digits and '-', begin with a letter and end with a letter "
                   "or digit");
  errors.require(is_dns_label(egress.ns), "metadata.namespace",
                "the namespace \"" + printable(egress.ns, 100) + "\" is not a name that Kubernetes allows");
}

void check_labels(const Json& labels, FieldErrors& errors) {
  for (const auto& [key, value] : labels.members()) {
    const std::string field = field_path("metadata.labels", key);
    errors.require(kube::is_label_key(key), field, quoted(key) + " is not the key of a label, such as team");
    errors.require(kube::is_label_value(value.as_string()), field,
                  "the value " + quoted(value.as_string()) + " of the label " + quoted(key) +
                      " is not one: at most 63 letters, digits, -, _ and .");
  }
}

void check_host(const std::string& noun, const std::string& host, const std::string& field, FieldErrors& errors) {
  if (const std::string problem = host_problem(host); !problem.empty())
    errors.add(field, "the " + noun + " " + quoted(host) + " " + problem);
}

/// A Secret's, a ConfigMap's or a service account's.
void check_object_name(const std::string& noun, const std::string& name, const std::string& field,
                       FieldErrors& errors) {
  errors.require(is_object_name(name), field,
                "the " + noun + " " + quoted(name) + " is not a name that Kubernetes allows");
}

void check_wildcard(const Egress& egress, FieldErrors& errors) {
  const std::string& host = egress.host();
  check_host("host", host.substr(2), item_path(hosts, 0), errors);
  if (egress.server.empty())
    errors.add(
        item_path(hosts, 0),
        "the host " + quoted(host) +
            " is a wildcard, and Envoy needs one name to connect to: name the host that serves all of it "
            "with --upstream-server (spec.server), or make a gateway for each host");
  else
    check_host("server", egress.server, "spec.server", errors);
  errors.require(egress.hosts.size() == 1, hosts, "a wildcard must be the only host of its gateway");
  errors.require(egress.aliases.empty(), aliases,
                "a wildcard cannot have an alias: nobody knows which name it means");
  errors.require(egress.protocol != Protocol::tcp, protocol,
                "a TCP service has no name in its bytes: no wildcard");
}

void check_hosts(const Egress& egress, FieldErrors& errors) {
  if (egress.hosts.empty())
    return errors.add(hosts, "there is no host: name the external service, such as --host httpbin.org");
  if (egress.has_wildcard_host()) {
    check_wildcard(egress, errors);
  } else {
    for (std::size_t i = 0; i < egress.hosts.size(); ++i)
      check_host("host", egress.hosts[i], item_path(hosts, i), errors);
    errors.require(egress.server.empty(), "spec.server",
                  "--upstream-server (spec.server) is only for a wildcard host");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < egress.hosts.size(); ++i)
    errors.require(seen.insert(egress.hosts[i]).second, item_path(hosts, i),
                  "the host " + quoted(egress.hosts[i]) + " is given twice");
  for (std::size_t i = 0; i < egress.aliases.size(); ++i) {
    const std::string& alias = egress.aliases[i];
    check_host("alias", alias, item_path(aliases, i), errors);
    errors.require(seen.insert(alias).second, item_path(aliases, i),
                  "the alias " + quoted(alias) + " is given twice");
  }
  errors.require(egress.is_http() || egress.aliases.empty(), aliases,
                "an alias needs requests whose Host can be rewritten; with protocol " +
                    text(egress.protocol) + " the name is the caller's own");
}

/// Single ones: a ServiceEntry whose host is looked up may hold no range (pkg/config/validation,
/// ValidateServiceEntry, 1.7.0; the CRD itself, 1.30.3).
void check_addresses(const Egress& egress, FieldErrors& errors) {
  if (egress.protocol != Protocol::tcp)
    return errors.require(egress.addresses.empty(), addresses,
                         "--address (spec.addresses) is only for protocol TCP");
  errors.require(egress.hosts.size() == 1, hosts,
                "one gateway serves one TCP host: bytes do not say whom they mean");
  errors.require(
      !egress.addresses.empty(), addresses,
      "protocol TCP needs the address that callers dial, --address 192.0.2.10 (spec.addresses): without one "
      "a sidecar would take every connection to " +
          (egress.port == 0 ? "its port" : "port " + std::to_string(egress.port)) + " for this service");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < egress.addresses.size(); ++i) {
    const std::string& address = egress.addresses[i];
    errors.require(seen.insert(address).second, item_path(addresses, i),
                  "the address " + quoted(address) + " is given twice");
    errors.require(is_ip_address(address), item_path(addresses, i),
                  "the address " + quoted(address) +
                      " is not a single IP address, such as 192.0.2.10; Istio takes "
                      "ranges only for services that it does not look up");
  }
}

void check_port(const Egress& egress, FieldErrors& errors) {
  if (egress.port == 0 && egress.protocol == Protocol::tcp)
    return errors.add("spec.port", "protocol TCP needs the port of the service: --port 5432 (spec.port)");
  errors.require(egress.port >= 1 && egress.port <= 65535, "spec.port",
                "the port " + std::to_string(egress.port) + " is not between 1 and 65535");
}

void check_modes(const Egress& egress, FieldErrors& errors) {
  const bool passthrough = egress.tls.mode == TlsMode::passthrough;
  if (egress.protocol == Protocol::https && !passthrough)
    errors.add(tls_mode,
               "with protocol HTTPS callers make the TLS themselves: use --tls passthrough; with --tls " +
                   text(egress.tls.mode) + " callers speak HTTP");
  if (egress.is_http() && passthrough)
    errors.add(tls_mode,
               "--tls passthrough is for callers that make the TLS themselves: use --protocol https");
  if (egress.protocol == Protocol::tcp && passthrough)
    errors.add(tls_mode, "--protocol tcp passes bytes on as they are: use --tls none, or --protocol https");
}

void check_upstream_tls(const Egress& egress, FieldErrors& errors) {
  const UpstreamTls& tls = egress.tls;
  if (!egress.originates_tls()) {
    UpstreamTls defaults;
    defaults.mode = tls.mode;
    return errors.require(tls == defaults, "spec.tls",
                         "with --tls " + text(tls.mode) +
                             " the gateway makes no TLS: there is nothing that SNI, names, "
                             "certificates or verification could be said of");
  }
  if (!tls.sni.empty()) check_host("SNI", tls.sni, "spec.tls.sni", errors);
  errors.require(egress.hosts.size() == 1 || (tls.sni.empty() && tls.subject_alt_names.empty()),
                tls.sni.empty() ? "spec.tls.subjectAltNames" : "spec.tls.sni",
                "SNI and subject names can be said only of a single host; each has its own by default");
  if (!tls.ca_credential.empty()) check_object_name("Secret", tls.ca_credential, ca_credential, errors);
  if (!tls.credential.empty()) check_object_name("Secret", tls.credential, credential, errors);
  if (tls.mode == TlsMode::mutual)
    errors.require(!tls.credential.empty(), credential,
                  "--tls mutual needs the gateway's own certificate: --client-credential SECRET "
                  "(spec.tls.credentialName)");
  else
    errors.require(tls.credential.empty(), credential, "a client credential is shown only with --tls mutual");
  errors.require(tls.mode == TlsMode::simple || tls.ca_credential.empty(), ca_credential,
                "with --tls mutual the CA stands in the client credential's Secret, or in one named like it "
                "with -cacert behind");
  errors.require(tls.verify || tls.mode == TlsMode::simple, tls_verify,
                "--tls mutual always verifies the service");
  errors.require(tls.verify || (tls.ca_credential.empty() && tls.subject_alt_names.empty()), tls_verify,
                "what is not verified needs neither a CA nor names");
}

void check_export_to(const std::vector<std::string>& targets, FieldErrors& errors) {
  const std::string field = "spec.mesh.exportTo";
  std::set<std::string> seen;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string& target = targets[i];
    errors.require(target == "*" || target == "." || is_dns_label(target), item_path(field, i),
                  "--export-to " + quoted(target) + " is neither a namespace nor \".\" or \"*\"");
    errors.require(target != "*" || targets.size() == 1, item_path(field, i),
                  "--export-to \"*\" must stand alone");
    errors.require(seen.insert(target).second, item_path(field, i),
                  "--export-to " + quoted(target) + " is given twice");
  }
  errors.require(!targets.empty(), field, "spec.mesh.exportTo must name a namespace, \".\" or \"*\"");
}

void check_mesh_access(const Egress& egress, FieldErrors& errors) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < egress.mesh.allow.size(); ++i) {
    const Caller& caller = egress.mesh.allow[i];
    const std::string field = item_path("spec.mesh.allow", i);
    errors.require(seen.insert(caller.text()).second, field,
                  "--allow " + quoted(caller.text()) + " is given twice");
    errors.require(is_dns_label(caller.ns), field,
                  "--allow " + quoted(caller.service_account.empty() ? caller.ns : caller.text()) +
                      " is not NAMESPACE or NAMESPACE/SERVICEACCOUNT, such as pay/api");
    if (!caller.service_account.empty())
      check_object_name("service account", caller.service_account, field, errors);
  }
  errors.require(egress.mesh.mutual || egress.mesh.allow.empty(), "spec.mesh.tls",
                "--allow needs to know who calls, and a plaintext hop does not say it: leave --mesh-tls out");
  check_export_to(egress.mesh.export_to, errors);
}

void check_ingress(const Egress& egress, FieldErrors& errors) {
  if (!egress.ingress) return;
  const Ingress& ingress = *egress.ingress;
  errors.require(egress.is_http(), "spec.ingress",
                "--expose serves HTTP callers; protocol " + text(egress.protocol) +
                    " cannot come through the ingress gateway");
  errors.require(!ingress.hosts.empty(), ingress_hosts,
                "the way through the ingress gateway needs a name: --expose HOSTNAME (spec.ingress.hosts)");
  errors.require(!egress.has_wildcard_host(), "spec.ingress",
                "a wildcard cannot be exposed: nobody knows which name it means");
  // Requests for an exposed name go to the first host.
  std::set<std::string> seen(egress.hosts.begin() + 1, egress.hosts.end());
  for (std::size_t i = 0; i < ingress.hosts.size(); ++i) {
    const std::string& host = ingress.hosts[i];
    check_host("exposed host", host, item_path(ingress_hosts, i), errors);
    errors.require(seen.insert(host).second, item_path(ingress_hosts, i),
                  "the exposed host " + quoted(host) + " is given twice, or is a further host of its own");
  }
  errors.require(!ingress.credential.empty(), ingress_credential,
                "--expose needs a certificate: --tls-secret NAME, or --self-signed to make one");
  if (!ingress.credential.empty()) check_object_name("Secret", ingress.credential, ingress_credential, errors);
  errors.require(!ingress.self_signed || ingress.credential == ingress_name(egress), ingress_credential,
                "--self-signed makes the Secret " + quoted(ingress_name(egress)) +
                    ", and --tls-secret (spec.ingress.credentialName) names another: leave one of them out");
  errors.require(
      is_dns_label(ingress.ns), "spec.ingress.namespace",
      "the ingress gateway's namespace " + quoted(ingress.ns) + " is not a name that Kubernetes allows");
  errors.require(!ingress.selector.members().empty(), "spec.ingress.selector",
                "an empty ingress selector would mean every gateway of the mesh");
}

void check_probe(const Egress& egress, FieldErrors& errors) {
  if (!egress.probe) return;
  const Probe& probe = *egress.probe;
  errors.require(egress.is_http(), "spec.probe",
                "--probe-path asks for a path over HTTP; protocol " + text(egress.protocol) + " has none");
  const bool is_printable_path = std::ranges::all_of(
      probe.path, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
  errors.require(
      probe.path.starts_with('/') && probe.path.size() <= max_path && is_printable_path, "spec.probe.path",
      "the probe path " + quoted(probe.path) + " must begin with '/' and hold no blanks; escape them as %20");
  errors.require(probe.period_seconds >= 1 && probe.period_seconds <= 3600, "spec.probe.periodSeconds",
                "the probe's period must be between 1 and 3600 seconds");
}

void check_opa(const Egress& egress, FieldErrors& errors) {
  if (!egress.opa) return;
  const Opa& opa = *egress.opa;
  const std::string field = "spec.authorization.opa";
  errors.require(egress.is_http(), field,
                "OPA decides on requests; with protocol " + text(egress.protocol) + " the gateway sees none");
  errors.require(opa.config_map.empty() != opa.policy.empty(), field,
                "authorization by OPA needs its policy: --opa-policy FILE or CONFIGMAP "
                "(authorization.opa.policy or policyFrom.configMap, not both)");
  if (!opa.config_map.empty())
    check_object_name("ConfigMap", opa.config_map, field + ".policyFrom.configMap", errors);
  errors.require(opa.policy.size() <= max_policy, field + ".policy",
                "the policy is longer than 256 KiB; put it into a ConfigMap of its own");
}

}  // namespace

Egress validate(Egress egress) {
  FieldErrors errors;
  check_name(egress, errors);
  check_labels(egress.labels, errors);
  check_hosts(egress, errors);
  if (egress.hosts.empty()) errors.throw_if_any();
  check_port(egress, errors);
  check_addresses(egress, errors);
  check_modes(egress, errors);
  check_upstream_tls(egress, errors);
  check_mesh_access(egress, errors);
  check_ingress(egress, errors);
  check_workload(egress.workload, errors);
  check_probe(egress, errors);
  check_opa(egress, errors);
  if (!egress.istio.revision.empty())
    errors.require(
        is_dns_label(egress.istio.revision), "spec.istio.revision",
        "the Istio revision " + quoted(egress.istio.revision) + " is not a name that Kubernetes allows");
  if (!egress.istio.version.empty())
    errors.require(Version::parse(egress.istio.version).has_value(), "spec.istio.version",
                  "the Istio version " + quoted(egress.istio.version) + " is not one such as 1.30.3");
  errors.throw_if_any();
  return egress;
}

}  // namespace egress::mesh
