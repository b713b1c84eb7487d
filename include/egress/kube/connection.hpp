#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "egress/http/curl_transport.hpp"
#include "egress/kube/authenticator.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/in_cluster_config.hpp"
#include "egress/kube/kubeconfig.hpp"

namespace egress::kube {

/// kubectl's global flags (k8s.io/cli-runtime, pkg/genericclioptions/config_flags.go); empty means not set.
struct Overrides {
  std::string kubeconfig;
  std::string context;
  std::string cluster;
  std::string user;
  std::string ns;
  std::string server;
  std::string token;
  std::string certificate_authority;
  std::string client_certificate;
  std::string client_key;
  std::string tls_server_name;
  std::string request_timeout = "0";
  std::string as;
  std::string as_uid;
  std::vector<std::string> as_groups;
  std::vector<std::string> as_user_extra;  ///< "key=value"; an entry without "=" is ignored
  std::string username;
  std::string password;
  std::string kuberc;
  bool insecure = false;
  bool disable_compression = false;
  bool silent = false;  ///< credential plugins may neither prompt nor print messages
  std::chrono::milliseconds progress_timeout{0};  ///< for http::Endpoint
};

/// How to reach a cluster: endpoint, credentials and namespace.
struct Connection {
  http::Endpoint endpoint;
  Identity identity;
  Authenticators authenticators;      ///< credentials that may change: rotated files, plugins
  std::vector<std::string> warnings;  ///< problems that kubectl does not report
  std::string ns = "default";
  std::string context;  ///< name of the context; empty if none is used
};

/// The server that kubectl uses if none is configured.
inline constexpr const char* default_server = "http://localhost:8080";

/// Chooses context, cluster, user and namespace, and reads their certificates and tokens. If no cluster is
/// configured, it is the cluster of this `pod`, $KUBERNETES_MASTER or the default server. Throws Error with
/// what is missing and the files that were read.
Connection resolve_connection(const Kubeconfig& config, const Overrides& overrides,
                              const std::optional<InClusterConfig>& pod = in_cluster_config());

/// Returns the namespace to work in: the flag's, the context's, the pod's, or "default".
std::string namespace_of(const Kubeconfig& config, const Overrides& overrides,
                         const std::optional<InClusterConfig>& pod = in_cluster_config());

/// Parses "0", whole seconds, or a Go duration such as "1m30s"; empty if the text is none of these.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace egress::kube
