#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "egress/http/curl_transport.hpp"
#include "egress/kube/cluster.hpp"
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
  bool insecure = false;
  bool disable_compression = false;
};

/// How to reach a cluster, as whom, and the namespace to work in.
struct Access {
  http::Endpoint endpoint;
  Identity identity;
  std::string ns = "default";
  std::string context;  ///< its name; empty where none was used
};

/// Chooses context, cluster, user and namespace, and reads their certificates and tokens. Throws Error naming
/// what is missing and the files that were read.
Access resolve(const Kubeconfig& config, const Overrides& overrides);

/// The namespace to work in: the flag's, the context's, or "default".
std::string namespace_of(const Kubeconfig& config, const Overrides& overrides);

/// Reads "0", whole seconds, or a Go duration such as "1m30s"; nothing where it is neither.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace egress::kube
