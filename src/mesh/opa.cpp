#include "egress/mesh/opa.hpp"

#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/pod.hpp"

namespace egress::mesh {
namespace {

constexpr const char* decision_address = "127.0.0.1:9191";
constexpr int health_port = 8282;
constexpr const char* volume_name = "opa-policy";
constexpr const char* policy_directory = "/policy";

Json health_probe(int initial_delay) {
  return object({
      {"httpGet", object({{"path", "/health?plugins"}, {"port", health_port}, {"scheme", "HTTP"}})},
      {"initialDelaySeconds", initial_delay},
      {"periodSeconds", 5},
      {"failureThreshold", 6},
      {"timeoutSeconds", 2},
  });
}

/// OPA gets only the headers of gRPC requests, because the body of a stream has no end.
Json request_body(const Egress& egress) {
  if (egress.protocol == Protocol::grpc) return {};
  return object({{"max_request_bytes", 8192}, {"allow_partial_message", true}});
}

Json ext_authz(const Egress& egress) {
  return object({
      {"@type", "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz"},
      {"transport_api_version", "V3"},
      {"failure_mode_allow", egress.opa->fail_open},
      {"status_on_error", object({{"code", "ServiceUnavailable"}})},
      {"with_request_body", request_body(egress)},
      {"grpc_service",
       object({
           {"google_grpc", object({{"target_uri", decision_address}, {"stat_prefix", "ext_authz"}})},
           {"timeout", "0.5s"},
       })},
  });
}

}  // namespace

/// Inserts the filter before all HTTP filters. It names none of them, because their names changed between
/// 1.7.0 and 1.19, and INSERT_FIRST has no effect before 1.10
/// (pilot/pkg/networking/core/v1alpha3/envoyfilter/listener_patch.go, 1.7.0).
Json opa_envoy_filter(const Design& design) {
  const Egress& egress = design.egress;
  Json match = object({{"context", "GATEWAY"}});
  // The probe's listener is excluded, because OPA authorizes only callers.
  if (egress.probe) match.set("listener", object({{"portNumber", callers_port(egress).target}}));
  const bool first = design.mesh.version >= Version{1, 10, 0};
  const Json patch = object({
      {"operation", first ? "INSERT_FIRST" : "INSERT_BEFORE"},
      {"value", object({{"name", "envoy.filters.http.ext_authz"}, {"typed_config", ext_authz(egress)}})},
  });
  const Json config = object({{"applyTo", "HTTP_FILTER"}, {"match", match}, {"patch", patch}});
  return object({{"spec", object({
                              {"workloadSelector", object({{"labels", design.selector()}})},
                              {"configPatches", array({config})},
                          })}});
}

Json opa_policy_config_map(const Design& design) {
  return object({{"data", object({{"policy.rego", design.egress.opa->policy}})}});
}

Json opa_container(const Design& design) {
  return object({
      {"name", "opa"},
      {"image", design.egress.opa->image},
      {"args", array({
                   "run",
                   "--server",
                   "--addr=127.0.0.1:8181",
                   "--diagnostic-addr=0.0.0.0:" + std::to_string(health_port),
                   "--set=plugins.envoy_ext_authz_grpc.addr=" + std::string(decision_address),
                   "--set=plugins.envoy_ext_authz_grpc.path=envoy/authz/allow",
                   "--set=decision_logs.console=true",
                   // Besides the files a ConfigMap volume contains hidden directories.
                   "--ignore=.*",
                   policy_directory,
               })},
      {"ports", array({object({
                    {"name", "http-opa-health"},
                    {"containerPort", health_port},
                    {"protocol", "TCP"},
                })})},
      {"livenessProbe", health_probe(10)},
      {"readinessProbe", health_probe(1)},
      {"resources", object({
                        {"requests", object({{"cpu", "50m"}, {"memory", "64Mi"}})},
                        {"limits", object({{"cpu", "1"}, {"memory", "512Mi"}})},
                    })},
      {"securityContext",
       [] {
         Json security = proxy_security_context();
         security.set("runAsNonRoot", true);
         security.set("runAsUser", 1000);
         return security;
       }()},
      {"volumeMounts", array({object({
                           {"name", volume_name},
                           {"mountPath", policy_directory},
                           {"readOnly", true},
                       })})},
  });
}

Json opa_volume(const Design& design) {
  const Opa& opa = *design.egress.opa;
  const std::string name = opa.config_map.empty() ? policy_name(design.egress) : opa.config_map;
  return object({{"name", volume_name}, {"configMap", object({{"name", name}})}});
}

}  // namespace egress::mesh
