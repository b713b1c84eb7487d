#include "egress/cli/egress_flags.hpp"

#include <algorithm>
#include <array>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/value_type.hpp"

namespace egress::cli {
namespace {

/// The type of a flag's value, and how it is stored in the manifest.
enum class ValueKind { string, number, strings, set_true, set_false, pairs };

struct EgressFlag {
  const char* group;
  const char* name;
  const char* field;  ///< of the manifest's spec: "tls.mode"
  ValueKind kind;
  const char* description;
  const char* default_value = "";
  const char* type = value_type::text;  ///< value_type.hpp; "simple|mutual" lists the allowed values

  /// Empty if any value is allowed.
  std::vector<std::string> allowed_values() const {
    const std::string_view text = type;
    return text.find('|') == std::string_view::npos ? std::vector<std::string>{} : split(text, '|');
  }
};

constexpr const char* service = "External service";
constexpr const char* upstream = "TLS to the external service";
constexpr const char* callers = "Callers in the mesh";
constexpr const char* ingress = "Callers outside the mesh";
constexpr const char* pods = "Gateway pods";
constexpr const char* istio = "Istio";

constexpr std::array egress_flags{
    EgressFlag{service, "--host", "hosts", ValueKind::strings,
               "Host name of the external service, such as httpbin.org; repeatable"},
    EgressFlag{service, "--port", "port", ValueKind::number,
               "Port of the external service (default 443; 80 with --tls=none)", "443"},
    EgressFlag{service, "--protocol", "protocol", ValueKind::string,
               "Protocol of the callers: http, https (passed through), grpc or tcp (requires --address)",
               "http", "http|https|grpc|tcp"},
    EgressFlag{service, "--alias", "aliases", ValueKind::strings,
               "Additional host name for the first host (must resolve in DNS); repeatable"},
    EgressFlag{service, "--address", "addresses", ValueKind::strings,
               "IP address that callers of a TCP service connect to; repeatable"},
    EgressFlag{service, "--upstream-server", "server", ValueKind::string,
               "Host to connect to when --host is a wildcard such as '*.example.com'"},
    EgressFlag{upstream, "--tls", "tls.mode", ValueKind::string,
               "TLS to the service: simple or mutual (originated and verified by the gateway; mutual "
               "presents a client certificate), passthrough (originated by callers) or none",
               "simple", "simple|mutual|passthrough|none"},
    EgressFlag{upstream, "--sni", "tls.sni", ValueKind::string, "SNI to send (default: the host)"},
    EgressFlag{upstream, "--upstream-san", "tls.subjectAltNames", ValueKind::strings,
               "Subject alternative name to accept in the service's certificate (default: the host); "
               "repeatable"},
    EgressFlag{upstream, "--upstream-ca", "tls.caCredentialName", ValueKind::string,
               "Secret with the CA (ca.crt) that signed the service's certificate (default: the system "
               "roots)",
               "", value_type::secret},
    EgressFlag{upstream, "--client-credential", "tls.credentialName", ValueKind::string,
               "Secret with the client certificate (tls.crt, tls.key, ca.crt) for --tls=mutual", "",
               value_type::secret},
    EgressFlag{upstream, "--insecure-skip-upstream-verify", "tls.verify", ValueKind::set_false,
               "Do not verify the service's certificate"},
    EgressFlag{callers, "--mesh-tls", "mesh.tls", ValueKind::string,
               "TLS between callers and the gateway: mutual or plaintext", "mutual", "mutual|plaintext"},
    EgressFlag{callers, "--allow", "mesh.allow", ValueKind::strings,
               "Allow only this NAMESPACE[/SERVICEACCOUNT] (default: any workload in the mesh); repeatable",
               "", value_type::callers},
    EgressFlag{callers, "--export-to", "mesh.exportTo", ValueKind::strings,
               "Route traffic of this namespace through the gateway, or * for all; repeatable", "[*]",
               value_type::ns},
    EgressFlag{callers, "--network-policy", "networkPolicy", ValueKind::set_true,
               "Create a NetworkPolicy that admits only the namespaces of allowed callers (with --allow: "
               "Kubernetes 1.21 or later)"},
    EgressFlag{callers, "--opa-image", "authorization.opa.image", ValueKind::string,
               "Image of Open Policy Agent (an -envoy variant)"},
    EgressFlag{callers, "--opa-fail-open", "authorization.opa.failOpen", ValueKind::set_true,
               "Allow requests while Open Policy Agent is unavailable"},
    EgressFlag{ingress, "--expose", "ingress.hosts", ValueKind::strings,
               "Host name that exposes the service through the ingress gateway; repeatable"},
    EgressFlag{ingress, "--tls-secret", "ingress.credentialName", ValueKind::string,
               "TLS Secret in the ingress gateway's namespace for the exposed host", "",
               value_type::ingress_secret},
    EgressFlag{ingress, "--self-signed", "ingress.selfSigned", ValueKind::set_true,
               "Create a CA and a certificate for the exposed host"},
    EgressFlag{ingress, "--ingress-namespace", "ingress.namespace", ValueKind::string,
               "Namespace of the ingress gateway", "istio-system", value_type::ns},
    EgressFlag{ingress, "--ingress-selector", "ingress.selector", ValueKind::pairs,
               "Label KEY=VALUE of the ingress gateway's pods; repeatable", "[istio=ingressgateway]"},
    EgressFlag{pods, "--min-replicas", "gateway.replicas.min", ValueKind::number,
               "Minimum number of replicas", "1"},
    EgressFlag{pods, "--max-replicas", "gateway.replicas.max", ValueKind::number,
               "Maximum number of replicas (autoscaling needs metrics.k8s.io)", "5"},
    EgressFlag{pods, "--hub", "gateway.image.hub", ValueKind::string, "Registry of the proxy image"},
    EgressFlag{pods, "--tag", "gateway.image.tag", ValueKind::string, "Tag of the proxy image"},
    EgressFlag{pods, "--arch", "gateway.arch", ValueKind::strings,
               "Node architecture to run on, such as arm64; repeatable"},
    EgressFlag{pods, "--label", "gateway.labels", ValueKind::pairs,
               "Label KEY=VALUE for the pods; repeatable"},
    EgressFlag{pods, "--log-level", "gateway.logLevel", ValueKind::string, "Log level of the proxy",
               "warning", "trace|debug|info|warning|error|critical|off"},
    EgressFlag{pods, "--probe-path", "probe.path", ValueKind::string,
               "Restart the gateway if this path of the service is unreachable for 5 minutes (needs curl in "
               "the proxy image)"},
    EgressFlag{istio, "--istio-version", "istio.version", ValueKind::string,
               "Istio version to generate objects for (default: detected)"},
    EgressFlag{istio, "--istio-revision", "istio.revision", ValueKind::string,
               "Istio revision or revision tag (default: the default revision)", "", value_type::revision},
};

/// The field in the manifest's spec, added if it is missing.
Json& spec_field(Json& manifest, const std::string& field) {
  Json* node = &manifest.edit("spec");
  for (const std::string& key : split(field, '.')) node = &node->edit(key);
  return *node;
}

Json parse_pairs(const std::string& flag, const std::vector<std::string>& values) {
  Json mapping;
  for (const std::string& value : values) {
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError(flag + ": \"" + printable(value, 100) + "\" is not KEY=VALUE");
    mapping.set(value.substr(0, equals), value.substr(equals + 1));
  }
  return mapping;
}

FlagSet::Flag declare_flag(FlagSet& flags, const EgressFlag& flag, const std::shared_ptr<Json>& manifest) {
  auto set = [manifest, flag](Json value) { spec_field(*manifest, flag.field) = std::move(value); };
  switch (flag.kind) {
    case ValueKind::string:
      return flags.add(
          flag.name,
          [set, flag](const std::string& value) {
            if (const auto allowed_values = flag.allowed_values(); !allowed_values.empty())
              check_allowed_value(flag.name, value, allowed_values);
            set(value);
          },
          flag.description);
    case ValueKind::number:
      return flags.add(
          flag.name, [set](int value) { set(value); }, flag.description);
    case ValueKind::strings:
    case ValueKind::pairs:
      return flags.add(
          flag.name,
          [set, flag](const std::vector<std::string>& values) {
            set(flag.kind == ValueKind::pairs ? parse_pairs(flag.name, values) : array(values));
          },
          flag.description);
    case ValueKind::set_true:
    case ValueKind::set_false:
      break;
  }
  return flags.add_switch(
      flag.name, [set, flag](bool is_set) { set(is_set == (flag.kind == ValueKind::set_true)); },
      flag.description);
}

void add_flag(FlagSet& flags, const EgressFlag& flag, const std::shared_ptr<Json>& manifest) {
  FlagSet::Flag declared_flag = declare_flag(flags, flag, manifest);
  declared_flag.group(flag.group).default_text(flag.default_value);
  if (flag.kind != ValueKind::set_true && flag.kind != ValueKind::set_false) declared_flag.type(flag.type);
}

/// Overwrites the manifest's fields with those of `values`.
void merge(Json& manifest, const Json& values) {
  for (const auto& [key, value] : values.members()) {
    if (value.is_object() && manifest[key].is_object())
      merge(manifest.edit(key), value);
    else
      manifest.edit(key) = value;
  }
}

/// `policy` is the name of a Rego file, whose text is stored, or of a ConfigMap.
void set_policy(Json& manifest, const std::string& policy) {
  Json& opa = spec_field(manifest, "authorization.opa");
  const bool is_file =
      file_exists(policy) || policy.ends_with(".rego") || policy.find('/') != std::string::npos;
  opa.erase(is_file ? "policyFrom" : "policy");
  if (is_file)
    opa.set("policy", read_file(policy));
  else
    opa.edit("policyFrom").set("configMap", policy);
}

}  // namespace

void EgressFlags::add(FlagSet& flags) {
  for (const EgressFlag& flag : egress_flags) add_flag(flags, flag, flag_values_);
  flags
      .add("--opa-policy", *policy_,
           "Policy for Open Policy Agent to authorize every request: a Rego file, or a ConfigMap with one")
      .type(value_type::config_map_or_file)
      .group(callers);
}

Json EgressFlags::apply_to(Json manifest) const {
  merge(manifest, *flag_values_);
  if (!policy_->empty()) set_policy(manifest, *policy_);
  return manifest;
}

std::string flag_of_field(std::string_view field) {
  constexpr std::string_view spec = "spec.";
  if (!field.starts_with(spec)) return {};
  field.remove_prefix(spec.size());
  if (field == "authorization.opa.policy" || field == "authorization.opa.policyFrom.configMap")
    return "--opa-policy";
  const auto found = std::ranges::find(egress_flags, field, &EgressFlag::field);
  return found == egress_flags.end() ? "" : found->name;
}

std::vector<std::string> fields_with_flag() {
  std::vector<std::string> fields{"spec.authorization.opa.policy",
                                  "spec.authorization.opa.policyFrom.configMap"};
  for (const EgressFlag& flag : egress_flags) fields.push_back("spec." + std::string(flag.field));
  return fields;
}

}  // namespace egress::cli
