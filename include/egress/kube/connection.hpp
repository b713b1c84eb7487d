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

/// kubectl's global flags (k8s.io/cli-runtime, pkg/genericclioptions/config_flags.go); empty is not given.
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
  std::vector<std::string> as_user_extra;  ///< "key=value"; what has no sign of equality is passed over
  std::string username;
  std::string password;
  std::string kuberc;
  bool insecure = false;
  bool disable_compression = false;
  bool silent = false;  ///< a credential plugin may neither ask the user nor tell him anything
  std::chrono::milliseconds progress_timeout{0};  ///< http::Endpoint's
};

/// How to reach a cluster, as whom, and the namespace to work in.
struct Connection {
  http::Endpoint endpoint;
  Identity identity;
  Authenticators authenticators;      ///< what may change in time: files that are rotated, plugins
  std::vector<std::string> warnings;  ///< what kubectl would pass over in silence
  std::string ns = "default";
  std::string context;  ///< its name; empty where none was used
};

/// Where kubectl looks for a server when nothing names one.
inline constexpr const char* default_server = "http://localhost:8080";

/// Chooses context, cluster, user and namespace, and reads their certificates and tokens. Where nothing names
/// a cluster it is the one around this `pod`, $KUBERNETES_MASTER or the default server. Throws Error naming
/// what is missing and the files that were read.
Connection resolve_connection(const Kubeconfig& config, const Overrides& overrides,
                              const std::optional<InClusterConfig>& pod = in_cluster_config());

/// The namespace to work in: the flag's, the context's, the pod's that this runs in, or "default".
std::string namespace_of(const Kubeconfig& config, const Overrides& overrides,
                         const std::optional<InClusterConfig>& pod = in_cluster_config());

/// Reads "0", whole seconds, or a Go duration such as "1m30s"; nothing where it is neither.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace egress::kube
