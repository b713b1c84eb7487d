#include "egress/mesh/manifest_schema.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

using enum FieldType;

constexpr std::size_t max_list_size = 1000;
constexpr std::string_view log_levels[]{"trace", "debug", "info", "warning", "error", "critical", "off"};
constexpr std::string_view service_types[]{"ClusterIP", "NodePort", "LoadBalancer"};

constexpr auto schema = std::to_array<FieldSchema>({
    {"apiVersion", string, "The version of this format: kubectl-egress/v1alpha1.", "", {}, true},
    {"kind", string, "The kind of the manifest: EgressGateway.", "", {}, true},
    {"metadata", object, "The gateway's name, namespace and labels.", "", {}, true},
    {"metadata.name",
     string,
     "The gateway's name. Its objects are called NAME-egress. At most 56 lower-case letters, digits and '-', "
     "starting with a letter.",
     "",
     {},
     true},
    {"metadata.namespace", string, "The gateway's namespace.",
     "the namespace of -n or of the kubeconfig context"},
    {"metadata.labels", string_map,
     "Labels of the gateway, for 'list -l', 'apply -l' and 'delete -l'. Labels that kubectl egress sets on "
     "its record are ignored."},
    {"metadata.annotations", open_object, "Ignored, so that the output of 'list -o yaml' can be applied."},
    {"metadata.creationTimestamp", string, "Ignored, so that the output of 'list -o yaml' can be applied."},
    {"metadata.uid", string, "Ignored, so that the output of 'list -o yaml' can be applied."},
    {"spec", object, "The desired state of the gateway.", "", {}, true},
    {"spec.hosts",
     string_list,
     "Host names of the external service, in full and in lower case. A wildcard such as '*.example.com' and "
     "a TCP service have exactly one.",
     "",
     {},
     true},
    {"spec.port", integer, "Port of the external service, from 1 to 65535. A TCP service has none.",
     "443, or 80 for protocol HTTP or GRPC with tls.mode None"},
    {"spec.aliases", string_list,
     "Additional host names for the first host. They must resolve in DNS. For protocol HTTP and GRPC, not "
     "with a wildcard host."},
    {"spec.server", string,
     "Host to connect to when the host is a wildcard. Required with a wildcard, and only there."},
    {"spec.addresses", string_list,
     "IP addresses that callers of a TCP service connect to. Required with protocol TCP, and only there."},
    {"spec.tls", object, "TLS between the gateway and the external service."},
    {"spec.tls.mode", string,
     "Simple: the gateway originates TLS and verifies the service's certificate. Mutual: it also presents a "
     "client certificate. Passthrough: callers originate TLS themselves. None: there is no TLS.",
     "Simple; Passthrough for protocol HTTPS, None for protocol TCP", tls_modes},
    {"spec.tls.sni", string, "SNI to send. With tls.mode Simple or Mutual and a single host.", "the host"},
    {"spec.tls.verify", boolean,
     "Whether the service's certificate is verified. false is allowed with tls.mode Simple only, without "
     "caCredentialName and subjectAltNames.",
     "true"},
    {"spec.tls.subjectAltNames", string_list,
     "Subject alternative names to accept in the service's certificate. With tls.mode Simple or Mutual and a "
     "single host.",
     "the host"},
    {"spec.tls.caCredentialName", string,
     "Secret with the CA (ca.crt) that signed the service's certificate. With tls.mode Simple.",
     "the system roots"},
    {"spec.tls.credentialName", string,
     "Secret with the client certificate: tls.crt, tls.key and ca.crt. Required with tls.mode Mutual, and "
     "only there."},
    {"spec.protocol", string, "Protocol that callers speak. HTTPS requires tls.mode Passthrough.",
     "HTTP; HTTPS with tls.mode Passthrough", protocols},
    {"spec.mesh", object, "Access from workloads in the mesh."},
    {"spec.mesh.tls", string, "TLS between callers and the gateway: Istio mutual TLS, or plaintext.",
     "Mutual", mesh_tls_modes},
    {"spec.mesh.allow", string_list,
     "Workloads that may use the gateway: NAMESPACE, NAMESPACE/* or NAMESPACE/SERVICEACCOUNT. Not with "
     "mesh.tls Plaintext.",
     "any workload in the mesh"},
    {"spec.mesh.exportTo", string_list,
     "Namespaces whose traffic is routed through the gateway; '.' is the gateway's own, '*' alone is every "
     "namespace.",
     "[\"*\"]"},
    {"spec.ingress", object,
     "Access from outside the cluster, through an ingress gateway. For protocol HTTP and GRPC."},
    {"spec.ingress.hosts",
     string_list,
     "Host names under which the ingress gateway exposes the gateway.",
     "",
     {},
     true},
    {"spec.ingress.credentialName", string,
     "TLS Secret in the ingress gateway's namespace with a certificate for the hosts. Required without "
     "selfSigned."},
    {"spec.ingress.selfSigned", boolean,
     "Whether kubectl egress creates that Secret, with a certificate and a CA.", "false"},
    {"spec.ingress.namespace", string, "Namespace of the ingress gateway.", "istio-system"},
    {"spec.ingress.selector", string_map, "Labels of the ingress gateway's pods.", "{istio: ingressgateway}"},
    {"spec.gateway", object, "The gateway's pods and Service."},
    {"spec.gateway.replicas", object, "Number of pods. Autoscaling needs the metrics.k8s.io API."},
    {"spec.gateway.replicas.min", integer, "Minimum number of replicas.", "1"},
    {"spec.gateway.replicas.max", integer, "Maximum number of replicas, if the cluster can autoscale.",
     "5, or replicas.min if that is higher"},
    {"spec.gateway.resources", open_object, "Resource requests and limits of the proxy, as in a container.",
     "{requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: \"2\", memory: 1Gi}}"},
    {"spec.gateway.image", object, "The proxy's image."},
    {"spec.gateway.image.hub", string, "Registry of the proxy's image. At most 255 characters.",
     "the mesh's"},
    {"spec.gateway.image.tag", string, "Tag of the proxy's image. At most 255 characters.", "the mesh's"},
    {"spec.gateway.arch", string_list, "CPU architectures of the nodes to run on, such as amd64.", "any"},
    {"spec.gateway.nodeSelector", string_map, "Node selector of the pods."},
    {"spec.gateway.tolerations", open_list, "Tolerations of the pods."},
    {"spec.gateway.topologySpreadConstraints", open_list, "Topology spread constraints of the pods."},
    {"spec.gateway.labels", string_map,
     "Additional labels of the pods. Labels that Istio or kubectl egress sets, such as app, are not "
     "allowed."},
    {"spec.gateway.annotations", string_map,
     "Additional annotations of the pods. Annotations that control injection are not allowed."},
    {"spec.gateway.logLevel", string, "Log level of the proxy.", "warning", log_levels},
    {"spec.gateway.serviceType", string, "Type of the gateway's Service.", "ClusterIP", service_types},
    {"spec.probe", object,
     "Liveness probe through the external service: a gateway that cannot reach it is restarted. For protocol "
     "HTTP and GRPC. The proxy's image must contain curl."},
    {"spec.probe.path",
     string,
     "Path to request. After 30 failures in a row the gateway restarts. Starts with '/', at most 1024 "
     "characters, no spaces.",
     "",
     {},
     true},
    {"spec.probe.periodSeconds", integer, "Seconds between two probes, from 1 to 3600.", "10"},
    {"spec.authorization", object, "Authorization of each request. For protocol HTTP and GRPC."},
    {"spec.authorization.opa", object,
     "Open Policy Agent, as a sidecar of the gateway, decides on each request."},
    {"spec.authorization.opa.image", string, "Image of Open Policy Agent, a variant with -envoy.",
     "docker.io/openpolicyagent/opa:1.0.0-envoy"},
    {"spec.authorization.opa.policyFrom", object, "Where the policy is. Required without policy."},
    {"spec.authorization.opa.policyFrom.configMap", string,
     "ConfigMap with the policy in the gateway's namespace. Pods read it when they start: after a change, "
     "run 'kubectl rollout restart deployment NAME-egress'."},
    {"spec.authorization.opa.policy", string,
     "The policy in Rego, at most 256 KiB. kubectl egress stores it in a ConfigMap, and a change rolls out "
     "new pods. Required without policyFrom."},
    {"spec.authorization.opa.failOpen", boolean,
     "Whether requests pass while Open Policy Agent does not answer.", "false"},
    {"spec.networkPolicy", boolean,
     "Whether a NetworkPolicy lets only the namespaces of allowed callers connect to the pods. With "
     "mesh.allow it needs Kubernetes 1.21.",
     "false"},
    {"spec.istio", object, "The Istio control plane of the gateway."},
    {"spec.istio.revision", string, "Istio revision or revision tag.", "the default revision"},
    {"spec.istio.version", string, "Istio version to generate objects for, such as 1.30 or 1.30.3.",
     "detected"},
    {"status", open_object,
     "The observed state. Ignored, so that the output of 'list -o yaml' can be applied."},
});

bool is_child(std::string_view path, std::string_view parent) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? parent.empty() : path.substr(0, dot) == parent;
}

std::string join_values(std::span<const std::string_view> values) {
  return join(std::vector<std::string>(values.begin(), values.end()), ", ");
}

std::string value_error(const FieldSchema& field, const std::string& text) {
  if (index_of_value(field.values, text) < field.values.size()) return {};
  std::vector<std::string> candidates;
  for (const std::string_view value : field.values) candidates.push_back(to_lower(std::string(value)));
  const std::size_t suggestion = index_of_value(field.values, closest_match(to_lower(text), candidates));
  return "must be one of " + join_values(field.values) + ", not \"" + printable(text, 100) + "\"" +
         (suggestion < field.values.size()
              ? "; did you mean \"" + std::string(field.values[suggestion]) + "\"?"
              : "");
}

bool is_int(const Json& value) {
  constexpr std::int64_t max = std::numeric_limits<int>::max();
  return value.is_integer() && value.as_integer() >= -max && value.as_integer() <= max;
}

bool is_string_list(const Json& value) {
  return value.is_array() && value.items().size() <= max_list_size &&
         std::ranges::all_of(value.items(), &Json::is_string);
}

/// Why the value does not have the field's type; empty if it does.
std::string type_error(const FieldSchema& field, const Json& value) {
  switch (field.type) {
    case string:
      if (!field.values.empty() && !value.is_string()) return "must be one of " + join_values(field.values);
      return value.is_string() ? "" : "must be a string; put it in quotes";
    case integer:
      return is_int(value) ? "" : "must be an integer";
    case boolean:
      return value.is_bool() ? "" : "must be true or false";
    case string_list:
      return is_string_list(value)
                 ? ""
                 : "must be a list of at most " + std::to_string(max_list_size) + " strings";
    case open_list:
      return value.is_array() ? "" : "must be a list";
    case string_map:
    case object:
    case open_object:
      break;
  }
  return value.is_object() ? "" : "must be a mapping";
}

class FieldCheck {
 public:
  explicit FieldCheck(FieldErrors& errors) : errors_(errors) {}

  void check_object(const Json& mapping, std::string_view path) {
    const std::vector<const FieldSchema*> fields = fields_of(path);
    for (const FieldSchema* field : fields)
      if (const Json& value = mapping[field->name()]; !value.is_null()) check(*field, value);
    for (const auto& [key, value] : mapping.members())
      if (std::ranges::find(fields, key, &FieldSchema::name) == fields.end()) add_unknown(path, key, fields);
  }

 private:
  void check(const FieldSchema& field, const Json& value) {
    std::string error = type_error(field, value);
    if (error.empty() && !field.values.empty()) error = value_error(field, value.as_string());
    if (!error.empty())
      add(std::string(field.path), error);
    else if (field.type == object)
      check_object(value, field.path);
    else if (field.type == string_map)
      check_strings(value, field.path);
  }

  void check_strings(const Json& mapping, std::string_view path) {
    for (const auto& [key, value] : mapping.members())
      if (!value.is_string()) add(field_path(path, key), "must be a string; put it in quotes");
  }

  void add(const std::string& path, const std::string& error) {
    errors_.add(path, printable(path, 200) + " " + error);
  }

  void add_unknown(std::string_view parent, const std::string& key,
                   const std::vector<const FieldSchema*>& fields) {
    std::vector<std::string> names;
    for (const FieldSchema* field : fields) names.emplace_back(field->name());
    const std::string path = field_path(parent, key);
    const std::string suggestion = closest_match(key, names);
    errors_.add(path,
                "unknown field \"" + printable(path, 200) + "\"" +
                    (suggestion.empty() ? "" : "; did you mean \"" + field_path(parent, suggestion) + "\"?"));
  }

  FieldErrors& errors_;
};

}  // namespace

std::span<const FieldSchema> manifest_schema() {
  return schema;
}

const FieldSchema* find_field(std::string_view path) {
  const auto found = std::ranges::find(schema, path, &FieldSchema::path);
  return found == schema.end() ? nullptr : &*found;
}

std::vector<const FieldSchema*> fields_of(std::string_view path) {
  std::vector<const FieldSchema*> fields;
  for (const FieldSchema& field : schema)
    if (is_child(field.path, path)) fields.push_back(&field);
  return fields;
}

std::size_t index_of_value(std::span<const std::string_view> values, std::string_view text) {
  const auto found = std::ranges::find_if(values, [&](std::string_view value) {
    return to_lower(std::string(value)) == to_lower(std::string(text));
  });
  return static_cast<std::size_t>(found - values.begin());
}

void check_fields(const Json& manifest, FieldErrors& errors) {
  FieldCheck(errors).check_object(manifest, "");
}

}  // namespace egress::mesh
