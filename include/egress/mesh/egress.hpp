#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// Who originates the TLS connection to the external service: the gateway (simple: it verifies the service;
/// mutual: it also presents a client certificate), the caller (passthrough), or nobody (none).
enum class TlsMode { simple, mutual, passthrough, none };

/// The protocol that callers use.
enum class Protocol { http, https, grpc, tcp };

/// TLS between the gateway and the external service.
struct UpstreamTls {
  TlsMode mode = TlsMode::simple;
  std::string sni;                             ///< empty: the host
  std::vector<std::string> subject_alt_names;  ///< empty: the host
  bool verify = true;
  std::string ca_credential;  ///< Secret with ca.crt; empty: the system roots
  std::string credential;     ///< Secret with tls.crt, tls.key and ca.crt, for mode mutual

  bool operator==(const UpstreamTls&) const = default;
};

/// A caller that may use a gateway: a ServiceAccount, or if that is empty, all of the namespace.
struct Caller {
  std::string ns;
  std::string service_account;

  bool operator==(const Caller&) const = default;
  /// "shop/*" or "pay/api".
  std::string text() const { return ns + "/" + (service_account.empty() ? "*" : service_account); }
};

/// Settings of the hop from callers to the gateway.
struct MeshAccess {
  bool mutual = true;         ///< Istio mutual TLS
  std::vector<Caller> allow;  ///< empty: any workload in the mesh
  std::vector<std::string> export_to{"*"};
};

/// Exposure of the external service outside the cluster, through the ingress gateway.
struct Ingress {
  std::vector<std::string> hosts;
  std::string credential;    ///< Secret in `ns` with the certificate for the hosts
  bool self_signed = false;  ///< this tool creates the certificate
  std::string ns = "istio-system";
  Json selector = object({{"istio", "ingressgateway"}});
};

/// Settings of the gateway's pods. An empty field has the mesh's setting or the default of Istio's charts.
struct Workload {
  int min_replicas = 1;
  int max_replicas = 5;
  Json resources = object({
      {"requests", object({{"cpu", "100m"}, {"memory", "128Mi"}})},
      {"limits", object({{"cpu", "2"}, {"memory", "1Gi"}})},
  });
  std::string hub;
  std::string tag;
  std::vector<std::string> arch;
  Json node_selector;
  Json tolerations;
  Json topology_spread;
  Json labels;       ///< of the pods, in addition to this tool's own
  Json annotations;  ///< of the pods
  std::string log_level;
  std::string service_type = "ClusterIP";
};

/// Liveness probe that requests a path of the external service through the gateway.
struct Probe {
  std::string path;
  int period_seconds = 10;
};

/// Open Policy Agent in a container next to the proxy, which authorizes every request.
struct Opa {
  std::string image;
  std::string config_map;  ///< with the policy, in the gateway's namespace
  std::string policy;      ///< the policy in Rego, if there is no `config_map`
  bool fail_open = false;  ///< allow requests while OPA does not answer
};

/// The revision and version of Istio that the user selects; empty fields are detected.
struct IstioSelection {
  std::string revision;
  std::string version;
};

/// The settings of one egress gateway for one external service. read_egress() creates it, from files and from
/// flags.
struct Egress {
  std::string name;  ///< RFC 1035 label of at most 56 characters
  std::string ns;
  Json labels;                         ///< of the gateway; its record has them
  std::vector<std::string> hosts;      ///< the external service
  int port = 443;                      ///< of the external service
  std::vector<std::string> aliases;    ///< additional names of the first host
  std::string server;                  ///< host to connect to if the host is a wildcard
  std::vector<std::string> addresses;  ///< IP addresses that callers of a TCP service connect to
  UpstreamTls tls;
  Protocol protocol = Protocol::http;
  MeshAccess mesh;
  std::optional<Ingress> ingress;
  Workload workload;
  std::optional<Probe> probe;
  std::optional<Opa> opa;
  bool network_policy = false;
  IstioSelection istio;

  /// The source, for messages only: "gateways.yaml, document 2". Empty if the settings are not from a file.
  std::string origin;

  const std::string& host() const { return hosts.front(); }
  /// True if the gateway handles HTTP requests, not only connections.
  bool is_http() const { return protocol == Protocol::http || protocol == Protocol::grpc; }
  /// True if the gateway originates TLS to the external service.
  bool originates_tls() const { return tls.mode == TlsMode::simple || tls.mode == TlsMode::mutual; }
  bool has_wildcard_host() const { return hosts.front().starts_with("*."); }
  /// True if the wildcard does not match its server.
  bool has_separate_server() const {
    return has_wildcard_host() && !server.ends_with(hosts.front().substr(1));
  }
  /// The host that the gateway connects to for requests to `host`.
  const std::string& upstream_host(const std::string& host) const { return server.empty() ? host : server; }
};

/// Returns the settings if they are valid: `hosts` is not empty, all names are valid, and the modes are
/// compatible. Throws InvalidManifest with all errors.
Egress validate(Egress egress);

/// The value as manifests spell it: "Simple", "HTTPS".
std::string text(TlsMode mode);
std::string text(Protocol protocol);

}  // namespace egress::mesh
