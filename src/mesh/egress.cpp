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

/// "NAME-egress" must fit into a label of 63 characters.
constexpr std::size_t max_name = 56;
constexpr std::size_t max_path = 1024;
/// The record contains the policy, too, and a ConfigMap has at most 1 MiB.
constexpr std::size_t max_policy = std::size_t{256} * 1024;

// Fields in several rules.
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
                                    std::to_string(name.size()) + " characters; the maximum is " +
                                    std::to_string(max_name));
  else if (!is_dns_label(name) || std::isdigit(static_cast<unsigned char>(name.front())))
    errors.add("metadata.name", "the name \"" + printable(name) +
                                    "\" is invalid: it must consist of lower-case letters, digits and '-', "
                                    "start with a letter and end with a letter or digit");
  errors.require(is_dns_label(egress.ns), "metadata.namespace",
                 "\"" + printable(egress.ns, 100) + "\" is not a valid namespace name");
}

void check_labels(const Json& labels, FieldErrors& errors) {
  for (const auto& [key, value] : labels.members()) {
    const std::string field = field_path("metadata.labels", key);
    errors.require(kube::is_label_key(key), field, "invalid label key " + quoted(key));
    errors.require(kube::is_label_value(value.as_string()), field,
                   "invalid label value " + quoted(value.as_string()) +
                       ": must be at most 63 characters of letters, digits, '-', '_' or '.'");
  }
}

void check_host(const std::string& noun, const std::string& host, const std::string& field,
                FieldErrors& errors) {
  if (const std::string problem = host_problem(host); !problem.empty())
    errors.add(field, "the " + noun + " " + quoted(host) + " " + problem);
}

/// Checks the name of a Secret, a ConfigMap or a ServiceAccount.
void check_object_name(const std::string& noun, const std::string& name, const std::string& field,
                       FieldErrors& errors) {
  errors.require(is_object_name(name), field, quoted(name) + " is not a valid name of a " + noun);
}

void check_wildcard(const Egress& egress, FieldErrors& errors) {
  const std::string& host = egress.host();
  check_host("host", host.substr(2), item_path(hosts, 0), errors);
  if (egress.server.empty())
    errors.add(
        item_path(hosts, 0),
        "the host " + quoted(host) +
            " is a wildcard: set spec.server to the host to connect to, or create a gateway for each host");
  else
    check_host("server", egress.server, "spec.server", errors);
  errors.require(egress.hosts.size() == 1, hosts, "a wildcard must be the only host of its gateway");
  errors.require(egress.aliases.empty(), aliases, "a wildcard host cannot have aliases");
  errors.require(egress.protocol != Protocol::tcp, protocol, "protocol TCP does not support a wildcard host");
}

void check_hosts(const Egress& egress, FieldErrors& errors) {
  if (egress.hosts.empty())
    return errors.add(hosts, "spec.hosts must contain the external service, such as httpbin.org");
  if (egress.has_wildcard_host()) {
    check_wildcard(egress, errors);
  } else {
    for (std::size_t i = 0; i < egress.hosts.size(); ++i)
      check_host("host", egress.hosts[i], item_path(hosts, i), errors);
    errors.require(egress.server.empty(), "spec.server", "spec.server is only allowed with a wildcard host");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < egress.hosts.size(); ++i)
    errors.require(seen.insert(egress.hosts[i]).second, item_path(hosts, i),
                   "duplicate host " + quoted(egress.hosts[i]));
  for (std::size_t i = 0; i < egress.aliases.size(); ++i) {
    const std::string& alias = egress.aliases[i];
    check_host("alias", alias, item_path(aliases, i), errors);
    errors.require(seen.insert(alias).second, item_path(aliases, i), "duplicate host " + quoted(alias));
  }
  errors.require(egress.is_http() || egress.aliases.empty(), aliases,
                 "protocol " + text(egress.protocol) +
                     " does not support aliases: the gateway cannot rewrite the Host header");
}

/// Rejects ranges, because a ServiceEntry with resolution DNS must not have any (pkg/config/validation,
/// ValidateServiceEntry, 1.7.0; the CRD itself, 1.30.3).
void check_addresses(const Egress& egress, FieldErrors& errors) {
  if (egress.protocol != Protocol::tcp)
    return errors.require(egress.addresses.empty(), addresses,
                          "spec.addresses is only allowed with protocol TCP");
  errors.require(egress.hosts.size() == 1, hosts, "protocol TCP supports only one host per gateway");
  errors.require(!egress.addresses.empty(), addresses,
                 "protocol TCP requires spec.addresses, the IP addresses that callers connect to, such as "
                 "192.0.2.10: without one sidecars would match every connection to " +
                     (egress.port == 0 ? "the port" : "port " + std::to_string(egress.port)));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < egress.addresses.size(); ++i) {
    const std::string& address = egress.addresses[i];
    errors.require(seen.insert(address).second, item_path(addresses, i),
                   "duplicate address " + quoted(address));
    errors.require(is_ip_address(address), item_path(addresses, i),
                   quoted(address) + " is not an IP address such as 192.0.2.10; ranges are not supported");
  }
}

void check_port(const Egress& egress, FieldErrors& errors) {
  if (egress.port == 0 && egress.protocol == Protocol::tcp)
    return errors.add("spec.port", "protocol TCP requires spec.port, such as 5432");
  errors.require(egress.port >= 1 && egress.port <= 65535, "spec.port",
                 "port " + std::to_string(egress.port) + " is not between 1 and 65535");
}

void check_modes(const Egress& egress, FieldErrors& errors) {
  const bool passthrough = egress.tls.mode == TlsMode::passthrough;
  if (egress.protocol == Protocol::https && !passthrough)
    errors.add(
        tls_mode,
        "protocol HTTPS requires spec.tls.mode Passthrough, because callers originate TLS; with mode " +
            text(egress.tls.mode) + " callers use protocol HTTP");
  if (egress.is_http() && passthrough)
    errors.add(tls_mode, "mode Passthrough requires spec.protocol HTTPS, because callers originate TLS");
  if (egress.protocol == Protocol::tcp && passthrough)
    errors.add(tls_mode,
               "protocol TCP requires spec.tls.mode None; for TLS connections use spec.protocol HTTPS");
}

void check_upstream_tls(const Egress& egress, FieldErrors& errors) {
  const UpstreamTls& tls = egress.tls;
  if (!egress.originates_tls()) {
    UpstreamTls defaults;
    defaults.mode = tls.mode;
    return errors.require(tls == defaults, "spec.tls",
                          "with spec.tls.mode " + text(tls.mode) +
                              " the gateway originates no TLS, so no other field of spec.tls is allowed");
  }
  if (!tls.sni.empty()) check_host("SNI", tls.sni, "spec.tls.sni", errors);
  errors.require(
      egress.hosts.size() == 1 || (tls.sni.empty() && tls.subject_alt_names.empty()),
      tls.sni.empty() ? "spec.tls.subjectAltNames" : "spec.tls.sni",
      "spec.tls.sni and spec.tls.subjectAltNames require a single host; several hosts use their own names");
  if (!tls.ca_credential.empty()) check_object_name("Secret", tls.ca_credential, ca_credential, errors);
  if (!tls.credential.empty()) check_object_name("Secret", tls.credential, credential, errors);
  if (tls.mode == TlsMode::mutual)
    errors.require(
        !tls.credential.empty(), credential,
        "spec.tls.mode Mutual requires spec.tls.credentialName, the Secret with the client certificate");
  else
    errors.require(tls.credential.empty(), credential, "a client certificate requires spec.tls.mode Mutual");
  errors.require(tls.mode == TlsMode::simple || tls.ca_credential.empty(), ca_credential,
                 "with spec.tls.mode Mutual the CA belongs in the Secret of spec.tls.credentialName, or "
                 "in the Secret with that name and the suffix -cacert");
  errors.require(tls.verify || tls.mode == TlsMode::simple, tls_verify,
                 "spec.tls.mode Mutual always verifies the service");
  errors.require(
      tls.verify || (tls.ca_credential.empty() && tls.subject_alt_names.empty()), tls_verify,
      "without verification neither spec.tls.caCredentialName nor spec.tls.subjectAltNames is allowed");
}

void check_export_to(const std::vector<std::string>& targets, FieldErrors& errors) {
  const std::string field = "spec.mesh.exportTo";
  std::set<std::string> seen;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string& target = targets[i];
    errors.require(target == "*" || target == "." || is_dns_label(target), item_path(field, i),
                   quoted(target) + " is not a namespace, \".\" or \"*\"");
    errors.require(target != "*" || targets.size() == 1, item_path(field, i), "\"*\" must be the only entry");
    errors.require(seen.insert(target).second, item_path(field, i), "duplicate namespace " + quoted(target));
  }
  errors.require(!targets.empty(), field, "spec.mesh.exportTo must contain a namespace, \".\" or \"*\"");
}

void check_mesh_access(const Egress& egress, FieldErrors& errors) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < egress.mesh.allow.size(); ++i) {
    const Caller& caller = egress.mesh.allow[i];
    const std::string field = item_path("spec.mesh.allow", i);
    errors.require(seen.insert(caller.text()).second, field, "duplicate caller " + quoted(caller.text()));
    errors.require(is_dns_label(caller.ns), field,
                   quoted(caller.service_account.empty() ? caller.ns : caller.text()) +
                       " is not NAMESPACE or NAMESPACE/SERVICEACCOUNT, such as pay/api");
    if (!caller.service_account.empty())
      check_object_name("service account", caller.service_account, field, errors);
  }
  errors.require(
      egress.mesh.mutual || egress.mesh.allow.empty(), "spec.mesh.tls",
      "spec.mesh.allow requires spec.mesh.tls Mutual: in plaintext the gateway cannot identify its callers");
  check_export_to(egress.mesh.export_to, errors);
}

void check_ingress(const Egress& egress, FieldErrors& errors) {
  if (!egress.ingress) return;
  const Ingress& ingress = *egress.ingress;
  errors.require(egress.is_http(), "spec.ingress",
                 "spec.ingress requires protocol HTTP or GRPC, not " + text(egress.protocol));
  errors.require(!ingress.hosts.empty(), ingress_hosts,
                 "spec.ingress.hosts must contain a host name to expose");
  errors.require(!egress.has_wildcard_host(), "spec.ingress",
                 "a gateway with a wildcard host cannot be exposed");
  // An exposed name may equal the first host, to which it is routed.
  std::set<std::string> seen(egress.hosts.begin() + 1, egress.hosts.end());
  for (std::size_t i = 0; i < ingress.hosts.size(); ++i) {
    const std::string& host = ingress.hosts[i];
    check_host("exposed host", host, item_path(ingress_hosts, i), errors);
    errors.require(
        seen.insert(host).second, item_path(ingress_hosts, i),
        "duplicate host " + quoted(host) + ": it is exposed twice, or is another host of the gateway");
  }
  errors.require(!ingress.credential.empty(), ingress_credential,
                 "spec.ingress requires spec.ingress.credentialName, or spec.ingress.selfSigned to create a "
                 "certificate");
  if (!ingress.credential.empty())
    check_object_name("Secret", ingress.credential, ingress_credential, errors);
  errors.require(!ingress.self_signed || ingress.credential == ingress_name(egress), ingress_credential,
                 "spec.ingress.selfSigned creates the Secret " + quoted(ingress_name(egress)) +
                     ", but spec.ingress.credentialName names another one; remove one of the two");
  errors.require(is_dns_label(ingress.ns), "spec.ingress.namespace",
                 quoted(ingress.ns) + " is not a valid namespace name");
  errors.require(!ingress.selector.members().empty(), "spec.ingress.selector",
                 "spec.ingress.selector must not be empty: it would select every gateway of the mesh");
}

void check_probe(const Egress& egress, FieldErrors& errors) {
  if (!egress.probe) return;
  const Probe& probe = *egress.probe;
  errors.require(egress.is_http(), "spec.probe",
                 "spec.probe requires protocol HTTP or GRPC, not " + text(egress.protocol));
  const bool is_printable_path = std::ranges::all_of(
      probe.path, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
  errors.require(
      probe.path.starts_with('/') && probe.path.size() <= max_path && is_printable_path, "spec.probe.path",
      "the path " + quoted(probe.path) + " must start with '/' and have no spaces; write them as %20");
  errors.require(probe.period_seconds >= 1 && probe.period_seconds <= 3600, "spec.probe.periodSeconds",
                 "the period must be between 1 and 3600 seconds");
}

void check_opa(const Egress& egress, FieldErrors& errors) {
  if (!egress.opa) return;
  const Opa& opa = *egress.opa;
  const std::string field = "spec.authorization.opa";
  errors.require(egress.is_http(), field,
                 "Open Policy Agent requires protocol HTTP or GRPC, not " + text(egress.protocol));
  errors.require(opa.config_map.empty() != opa.policy.empty(), field,
                 "Open Policy Agent requires either spec.authorization.opa.policy or "
                 "spec.authorization.opa.policyFrom.configMap");
  if (!opa.config_map.empty())
    check_object_name("ConfigMap", opa.config_map, field + ".policyFrom.configMap", errors);
  errors.require(opa.policy.size() <= max_policy, field + ".policy",
                 "the policy is longer than 256 KiB; put it into a ConfigMap and set "
                 "spec.authorization.opa.policyFrom.configMap");
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
    errors.require(is_dns_label(egress.istio.revision), "spec.istio.revision",
                   quoted(egress.istio.revision) + " is not a valid name of an Istio revision");
  if (!egress.istio.version.empty())
    errors.require(Version::parse(egress.istio.version).has_value(), "spec.istio.version",
                   quoted(egress.istio.version) + " is not an Istio version such as 1.30.3");
  errors.throw_if_any();
  return egress;
}

}  // namespace egress::mesh
