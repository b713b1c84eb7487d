#pragma once

#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/kube/connection.hpp"

namespace egress::kube {

/// An invalid configuration.
class ConfigError : public Error {
 public:
  using Error::Error;
  std::string headline() const override { return std::string("Error in configuration: ") + what(); }
};

/// Validates the user (null if there is no user) with the flags applied, as client-go does
/// (tools/clientcmd/validation.go). Returns all problems, without secret data.
std::vector<std::string> user_problems(const KubeconfigEntry* user, const Overrides& overrides);

/// Validates the cluster (null if there is no cluster) in the same way.
std::vector<std::string> cluster_problems(const KubeconfigEntry* cluster, const Overrides& overrides);

/// Throws the problems of both, several as a list, with the files and lines to change.
void validate_kubeconfig(const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                         const Overrides& overrides);

/// Returns why the proxy-url cannot be used; empty if it can, or if there is no proxy-url.
std::string proxy_problem(const KubeconfigEntry& cluster);

}  // namespace egress::kube
