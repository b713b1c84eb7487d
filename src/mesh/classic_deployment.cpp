#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/pod.hpp"

namespace egress::mesh {
namespace {

/// Omits an empty value, because it is the API's default and the server does not store it.
Json variable(const std::string& name, const std::string& value) {
  return object({{"name", name}, {"value", value.empty() ? Json() : Json(value)}});
}

Json from_field(const char* name, const char* path) {
  return object({
      {"name", name},
      {"valueFrom", object({{"fieldRef", object({{"apiVersion", "v1"}, {"fieldPath", path}})}})},
  });
}

/// "-1-8-2" for a revision; empty for the default one.
std::string revision_suffix(const Mesh& mesh) {
  return mesh.has_revision() ? "-" + mesh.revision : "";
}

std::string istiod_address(const Mesh& mesh) {
  return "istiod" + revision_suffix(mesh) + "." + mesh.istio_namespace + ".svc:15012";
}

/// The mesh config's proxy settings, because the agent looks for the mesh's ConfigMap in the pod's namespace,
/// where it does not exist. Without an address in them the agent would connect to the default istiod
/// (pkg/config/mesh/mesh.go, 1.7.0).
Json proxy_config(const Mesh& mesh) {
  Json config = mesh.proxy_config;
  const std::string address = istiod_address(mesh);
  if (!config.has("discoveryAddress") && address != istiod_address(Mesh{}))
    config.set("discoveryAddress", address);
  return config;
}

Json environment(const Design& design) {
  const Mesh& mesh = design.mesh;
  const std::string& ns = design.egress.ns;
  Json env = array({
      variable("JWT_POLICY", mesh.token_policy),
      variable("PILOT_CERT_PROVIDER", mesh.certificate_provider),
      variable("CA_ADDR", mesh.ca_address.empty() ? istiod_address(mesh) : mesh.ca_address),
      from_field("NODE_NAME", "spec.nodeName"),
      from_field("POD_NAME", "metadata.name"),
      from_field("POD_NAMESPACE", "metadata.namespace"),
      from_field("INSTANCE_IP", "status.podIP"),
      from_field("HOST_IP", "status.hostIP"),
      from_field("SERVICE_ACCOUNT", "spec.serviceAccountName"),
      from_field("CANONICAL_SERVICE", "metadata.labels['service.istio.io/canonical-name']"),
      from_field("CANONICAL_REVISION", "metadata.labels['service.istio.io/canonical-revision']"),
      variable("ISTIO_META_WORKLOAD_NAME", design.name()),
      variable("ISTIO_META_OWNER",
               "kubernetes://apis/apps/v1/namespaces/" + ns + "/deployments/" + design.name()),
      variable("ISTIO_META_MESH_ID", mesh.mesh_id.empty() ? mesh.trust_domain : mesh.mesh_id),
      variable("ISTIO_META_CLUSTER_ID", mesh.cluster_id),
  });
  // Istio reads the pod's annotations from this variable.
  const Json& annotations = design.egress.workload.annotations;
  if (!annotations.is_null()) env.push(variable("ISTIO_METAJSON_ANNOTATIONS", annotations.dump()));
  if (!mesh.network.empty()) env.push(variable("ISTIO_META_NETWORK", mesh.network));
  // 1.8 reads it from here and no longer from the arguments.
  if (mesh.version >= Version{1, 8, 0}) env.push(variable("TRUST_DOMAIN", mesh.trust_domain));
  for (const auto& [name, value] : mesh.proxy_config["proxyMetadata"].members())
    env.push(variable(name, value.as_string()));
  const Json config = proxy_config(mesh);
  if (!config.members().empty()) env.push(variable("PROXY_CONFIG", config.dump()));
  return env;
}

Json arguments(const Design& design) {
  const Mesh& mesh = design.mesh;
  const Workload& workload = design.egress.workload;
  Json arguments = array({
      "proxy",
      "router",
      "--domain",
      "$(POD_NAMESPACE).svc." + mesh.cluster_domain,
      "--proxyLogLevel=" + (workload.log_level.empty() ? mesh.proxy_log_level : workload.log_level),
      "--proxyComponentLogLevel=" + mesh.proxy_component_log_level,
      "--log_output_level=" + mesh.log_level,
      "--serviceCluster",
      design.name(),
      "--trust-domain=" + mesh.trust_domain,
  });
  if (mesh.log_as_json) arguments.push("--log_as_json");
  if (mesh.sts_port != 0) arguments.push("--stsPort=" + std::to_string(mesh.sts_port));
  return arguments;
}

Json readiness_probe() {
  return object({
      {"failureThreshold", 30},
      {"httpGet", object({{"path", "/healthz/ready"}, {"port", 15021}, {"scheme", "HTTP"}})},
      {"initialDelaySeconds", 1},
      {"periodSeconds", 2},
      {"successThreshold", 1},
      {"timeoutSeconds", 1},
  });
}

Json mount(const char* name, const char* path, bool read_only = false) {
  return object({
      {"name", name},
      {"mountPath", path},
      {"readOnly", read_only ? Json(true) : Json()},
  });
}

Json volume(const char* name, const char* source, Json body) {
  return object({{"name", name}, {source, std::move(body)}});
}

Json optional_secret(const std::string& secret) {
  return object({{"secretName", secret}, {"optional", true}});
}

bool uses_third_party_token(const Mesh& mesh) {
  return mesh.token_policy == "third-party-jwt";
}
bool trusts_istiod(const Mesh& mesh) {
  return mesh.certificate_provider == "istiod";
}
/// A distroless image has no shell to set the path of core dumps.
bool enables_core_dumps(const Mesh& mesh) {
  return mesh.core_dump && !mesh.distroless;
}

/// A writable directory for core dumps, as in the chart since 1.7.5: the root file system is read-only.
constexpr const char* core_dump_directory = "/var/lib/istio/data";

Json mounts(const Mesh& mesh) {
  Json mounts = array({
      mount("istio-envoy", "/etc/istio/proxy"),
      mount("config-volume", "/etc/istio/config"),
      mount("gatewaysdsudspath", "/var/run/ingress_gateway"),
      mount("podinfo", "/etc/istio/pod"),
      mount("egressgateway-certs", "/etc/istio/egressgateway-certs", true),
      mount("egressgateway-ca-certs", "/etc/istio/egressgateway-ca-certs", true),
  });
  if (uses_third_party_token(mesh)) mounts.push(mount("istio-token", "/var/run/secrets/tokens", true));
  if (trusts_istiod(mesh)) mounts.push(mount("istiod-ca-cert", "/var/run/secrets/istio", true));
  if (mesh.mount_mtls_certs) mounts.push(mount("istio-certs", "/etc/certs", true));
  if (enables_core_dumps(mesh)) mounts.push(mount("istio-data", core_dump_directory));
  return mounts;
}

/// The pod's labels and annotations as files, which Istio reads to match Gateways.
Json pod_info() {
  auto item = [](const char* name, const char* path) {
    return object({{"path", name}, {"fieldRef", object({{"apiVersion", "v1"}, {"fieldPath", path}})}});
  };
  return object({{"items", array({
                               item("labels", "metadata.labels"),
                               item("annotations", "metadata.annotations"),
                           })}});
}

Json token_volume(const Mesh& mesh) {
  return object({{"sources", array({object({{"serviceAccountToken", object({
                                                                        {"path", "istio-token"},
                                                                        {"expirationSeconds", 43200},
                                                                        {"audience", mesh.token_audience},
                                                                    })}})})}});
}

Json volumes(const Design& design) {
  const Mesh& mesh = design.mesh;
  Json volumes = array({
      volume("podinfo", "downwardAPI", pod_info()),
      volume("istio-envoy", "emptyDir", Json(Json::Object{})),
      volume("gatewaysdsudspath", "emptyDir", Json(Json::Object{})),
      volume("config-volume", "configMap",
             object({{"name", "istio" + revision_suffix(mesh)}, {"optional", true}})),
      volume("egressgateway-certs", "secret", optional_secret("istio-egressgateway-certs")),
      volume("egressgateway-ca-certs", "secret", optional_secret("istio-egressgateway-ca-certs")),
  });
  if (uses_third_party_token(mesh)) volumes.push(volume("istio-token", "projected", token_volume(mesh)));
  if (trusts_istiod(mesh))
    volumes.push(volume("istiod-ca-cert", "configMap", object({{"name", "istio-ca-root-cert"}})));
  // Certificates from another issuer are in a Secret named after the pods' ServiceAccount.
  if (mesh.mount_mtls_certs)
    volumes.push(volume("istio-certs", "secret", optional_secret("istio." + design.name())));
  if (enables_core_dumps(mesh)) volumes.push(volume("istio-data", "emptyDir", Json(Json::Object{})));
  return volumes;
}

Json arch_in(Json values) {
  return array({object({
      {"key", "kubernetes.io/arch"},
      {"operator", "In"},
      {"values", std::move(values)},
  })});
}

/// Nodes of the architectures that the mesh's images support; a weight of 0 excludes an architecture.
Json affinity(const Mesh& mesh) {
  Json allowed;
  Json preferred;
  for (const auto& [arch, weight] : mesh.arch.members()) {
    if (weight.as_integer() <= 0) continue;
    allowed.push(arch);
    preferred.push(object({
        {"weight", weight.as_integer()},
        {"preference", object({{"matchExpressions", arch_in(array({arch}))}})},
    }));
  }
  if (allowed.is_null()) return {};
  const Json terms = array({object({{"matchExpressions", arch_in(std::move(allowed))}})});
  return object(
      {{"nodeAffinity",
        object({
            {"requiredDuringSchedulingIgnoredDuringExecution", object({{"nodeSelectorTerms", terms}})},
            {"preferredDuringSchedulingIgnoredDuringExecution", std::move(preferred)},
        })}});
}

/// An image with a registry is used unchanged, unless the user sets another one.
std::string image(const Design& design) {
  const std::string& name = design.mesh.proxy_image;
  const bool has_registry = name.find('/') != std::string::npos;
  return has_registry && !has_own_image(design.egress.workload) ? name : proxy_image(design);
}

Json pull_policy(const Mesh& mesh) {
  return mesh.image_pull_policy.empty() ? Json() : mesh.image_pull_policy;
}

/// An init container that sets the path of core dumps in the node's kernel, which requires root.
Json core_dump_container(const Design& design) {
  const std::string pattern = std::string(core_dump_directory) + "/core.proxy";
  return object({
      {"name", "enable-core-dump"},
      {"image", image(design)},
      {"imagePullPolicy", pull_policy(design.mesh)},
      {"command", array({"/bin/sh"})},
      {"args", array({"-c", "sysctl -w kernel.core_pattern=" + pattern + " && ulimit -c unlimited"})},
      {"securityContext", object({
                              {"privileged", true},
                              {"runAsUser", 0},
                              {"runAsGroup", 0},
                              {"runAsNonRoot", false},
                          })},
  });
}

Json proxy_container(const Design& design) {
  const Json callers = object({{"containerPort", callers_port(design.egress).target}, {"protocol", "TCP"}});
  return object({
      {"name", "istio-proxy"},
      {"image", image(design)},
      {"imagePullPolicy", pull_policy(design.mesh)},
      {"ports", array({callers, metrics_port()})},
      {"args", arguments(design)},
      {"securityContext", proxy_security_context()},
      {"readinessProbe", readiness_probe()},
      {"livenessProbe", liveness_probe(design.egress)},
      {"resources", design.egress.workload.resources},
      {"env", environment(design)},
      {"volumeMounts", mounts(design.mesh)},
  });
}

Json labels(const Design& design) {
  Json labels = pod_labels(design);
  labels.set("service.istio.io/canonical-name", design.name());
  labels.set("service.istio.io/canonical-revision",
             design.mesh.has_revision() ? design.mesh.revision : std::string("latest"));
  return labels;
}

Json annotations(const Mesh& mesh) {
  Json annotations;
  if (mesh.prometheus_merge) {
    annotations.set("prometheus.io/path", "/stats/prometheus");
    annotations.set("prometheus.io/port", "15090");
    annotations.set("prometheus.io/scrape", "true");
  }
  annotations.set("sidecar.istio.io/inject", "false");
  return annotations;
}

Json pod(const Design& design) {
  const std::string& priority_class = design.mesh.priority_class;
  return object({
      {"securityContext", object({
                              {"runAsUser", 1337},
                              {"runAsGroup", 1337},
                              {"runAsNonRoot", true},
                              {"fsGroup", 1337},
                          })},
      {"serviceAccountName", design.name()},
      {"priorityClassName", priority_class.empty() ? Json() : priority_class},
      {"initContainers", enables_core_dumps(design.mesh) ? array({core_dump_container(design)}) : Json()},
      {"containers", array({proxy_container(design)})},
      {"volumes", volumes(design)},
      {"affinity", affinity(design.mesh)},
      {"tolerations", design.mesh.default_tolerations},
  });
}

}  // namespace

Json classic_deployment(const Design& design) {
  const Json rolling = object({{"maxSurge", "100%"}, {"maxUnavailable", "25%"}});
  return build_deployment(design, object({{"rollingUpdate", rolling}}), labels(design),
                          annotations(design.mesh), pod(design));
}

}  // namespace egress::mesh
