#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egress::kube {

/// Which credential plugins may be run, whatever a kubeconfig says (kuberc, k8s.io/kubectl,
/// pkg/config/v1beta1: credentialPluginPolicy and credentialPluginAllowlist).
struct PluginPolicy {
  enum class Kind { allow_all, deny_all, allow_listed };

  Kind kind = Kind::allow_all;
  std::vector<std::string> allowed{};  ///< names or paths of programs
  std::string file{};                  ///< that says so

  /// Throws Error, naming the file, where this program may not be run.
  void check(const std::string& command) const;
};

/// What the user's kuberc says: the file that the flag or $KUBERC names, which must be there then, or
/// ~/.kube/kuberc; none with KUBERC=off or KUBECTL_KUBERC=false. Throws Error where it cannot be used: a
/// policy that cannot be read is not taken for none.
PluginPolicy load_plugin_policy(const std::string& flag);

/// The policy in one kuberc text, as read from `file`.
PluginPolicy read_plugin_policy(std::string_view text, const std::string& file);

}  // namespace egress::kube
