#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egress::kube {

/// The credential plugins that may run, whatever a kubeconfig says (kuberc, k8s.io/kubectl,
/// pkg/config/v1beta1: credentialPluginPolicy and credentialPluginAllowlist).
struct PluginPolicy {
  enum class Kind { allow_all, deny_all, allow_listed };

  Kind kind = Kind::allow_all;
  std::vector<std::string> allowed{};  ///< names or paths of programs
  std::string file{};                  ///< the kuberc file

  /// Throws Error with the name of the file if this program may not run.
  void check(const std::string& command) const;
};

/// Reads the policy in the user's kuberc: the file of the flag or $KUBERC, which must exist, or
/// ~/.kube/kuberc; none with KUBERC=off or KUBECTL_KUBERC=false. Throws Error if the file is invalid, so that
/// an unreadable policy does not permit everything.
PluginPolicy load_plugin_policy(const std::string& flag);

/// Parses the policy in one kuberc, as read from `file`.
PluginPolicy read_plugin_policy(std::string_view text, const std::string& file);

}  // namespace egress::kube
