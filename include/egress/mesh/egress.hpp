#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// Who makes the TLS that the external service sees: the gateway (simple: it verifies; mutual: it also shows
/// a certificate of its own), the caller (passthrough), or nobody.
enum class TlsMode { simple, mutual, passthrough, none };

/// What callers speak.
enum class Protocol { http, https, grpc, tcp };

/// TLS between the gateway and the external service.
struct UpstreamTls {
  TlsMode mode = TlsMode::simple;
  std::string sni;                             ///< empty: the host
  std::vector<std::string> subject_alt_names;  ///< empty: the host
  bool verify = true;
  std::string ca_credential;  ///< Secret with ca.crt; empty: the public roots
  std::string credential;     ///< Secret with tls.crt, tls.key and ca.crt, for mutual

  bool operator==(const UpstreamTls&) const = default;
};

/// Who may use a gateway: one service account, or every one of a namespace where it is empty.
struct Caller {
  std::string ns;
  std::string service_account;

  bool operator==(const Caller&) const = default;
  /// "shop/*" or "pay/api".
  std::string text() const { return ns + "/" + (service_account.empty() ? "*" : service_account); }
};

/// The way from callers to the gateway.
struct MeshAccess {
  bool mutual = true;         ///< in the mesh's own TLS
  std::vector<Caller> allow;  ///< empty: everyone in the mesh
  std::vector<std::string> export_to{"*"};
};

/// The way from outside the cluster, through the ingress gateway.
struct Ingress {
  std::vector<std::string> hosts;
  std::string credential;    ///< Secret in `ns` with the certificate for the hosts
  bool self_signed = false;  ///< it is made by this tool
  std::string ns = "istio-system";
  Json selector = object({{"istio", "ingressgateway"}});
};

/// The gateway's pods. What is empty is left to the mesh, or to the defaults of Istio's charts.
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
  Json labels;       ///< of the pods, beside this tool's own
  Json annotations;  ///< of the pods
  std::string log_level;
  std::string service_type = "ClusterIP";
};

/// Ties the gateway's life to the external service's.
struct Probe {
  std::string path;
  int period_seconds = 10;
};

/// Open Policy Agent beside the proxy, asked about every request.
struct Opa {
  std::string image;
  std::string config_map;  ///< with the policy, in the gateway's namespace; or
  std::string policy;      ///< the policy itself, in Rego
  bool fail_open = false;  ///< let requests pass while OPA does not answer
};

/// What the user says of the mesh; empty is: what the cluster says.
struct IstioSelection {
  std::string revision;
  std::string version;
};

/// What the user asks for: one egress gateway for one external service. read_egress() makes it, of flags and
/// files alike.
struct Egress {
  std::string name;  ///< RFC 1035 label of at most 56 characters
  std::string ns;
  Json labels;                         ///< its own, which its record bears
  std::vector<std::string> hosts;      ///< the external service
  int port = 443;                      ///< of the external service
  std::vector<std::string> aliases;    ///< further names by which callers reach the first host
  std::string server;                  ///< the one host that serves all of a wildcard
  std::vector<std::string> addresses;  ///< by which callers of a TCP service dial it
  UpstreamTls tls;
  Protocol protocol = Protocol::http;
  MeshAccess mesh;
  std::optional<Ingress> ingress;
  Workload workload;
  std::optional<Probe> probe;
  std::optional<Opa> opa;
  bool network_policy = false;
  IstioSelection istio;

  /// Where it is asked for, for messages alone: "gateways.yaml, document 2". Empty where nobody wrote a file.
  std::string origin;

  const std::string& host() const { return hosts.front(); }
  /// True where the gateway sees requests, not only bytes.
  bool is_http() const { return protocol == Protocol::http || protocol == Protocol::grpc; }
  /// True where the gateway makes the TLS to the external service.
  bool originates_tls() const { return tls.mode == TlsMode::simple || tls.mode == TlsMode::mutual; }
  bool has_wildcard_host() const { return hosts.front().starts_with("*."); }
  /// True where the wildcard does not stand for its server, too.
  bool has_separate_server() const {
    return has_wildcard_host() && !server.ends_with(hosts.front().substr(1));
  }
  /// The name that the gateway connects to for requests to that host.
  const std::string& upstream_host(const std::string& host) const { return server.empty() ? host : server; }
};

/// The same value, checked: `hosts` is not empty, every name is one, the modes fit together. Throws Error
/// with every fault, a line each, and how to mend it.
Egress validate(Egress egress);

/// The words of the file form: "Simple", "HTTPS".
std::string text(TlsMode mode);
std::string text(Protocol protocol);

}  // namespace egress::mesh
