#pragma once

#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/kube/connection.hpp"

namespace egress::kube {

/// What a kubeconfig says cannot be used.
class ConfigError : public Error {
 public:
  using Error::Error;
  std::string headline() const override { return std::string("Error in configuration: ") + what(); }
};

/// Looks at the user (null where there is none) as client-go does (tools/clientcmd/validation.go), as changed
/// by the flags. Returns all that is wrong, never with what is secret.
std::vector<std::string> user_problems(const KubeconfigEntry* user, const Overrides& overrides);

/// The same for the cluster.
std::vector<std::string> cluster_problems(const KubeconfigEntry* cluster, const Overrides& overrides);

/// Throws where either finds any: one as it is, several as a list; with the file and the line to change.
void validate_kubeconfig(const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                         const Overrides& overrides);

/// Why a proxy-url cannot be used; empty where it can, or where there is none.
std::string proxy_problem(const KubeconfigEntry& cluster);

}  // namespace egress::kube
