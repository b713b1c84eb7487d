#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "egress/base/process.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/kube/authenticator.hpp"
#include "egress/kube/exec_credential.hpp"
#include "egress/kube/kubeconfig.hpp"
#include "egress/kube/kuberc.hpp"

namespace egress::kube {

/// A credential plugin: a program that provides the credentials of a kubeconfig's user (client-go,
/// plugin/pkg/client/auth/exec).
struct ExecPlugin {
  enum class InteractiveMode { never, if_available, always };

  Program program;
  std::string api_version;
  std::string install_hint;
  InteractiveMode interactive_mode = InteractiveMode::if_available;
  bool provide_cluster_info = false;  ///< provideClusterInfo
  Json cluster{};                     ///< the cluster info for the plugin; null if it does not request any

  /// Reads the `exec` of a user.
  static ExecPlugin read(const KubeconfigEntry& user);
  /// The value of KUBERNETES_EXEC_INFO.
  std::string exec_info(bool with_terminal) const;
};

/// Returns the problems of a user's `exec`, in client-go's words (tools/clientcmd/validation.go).
std::vector<std::string> exec_problems(const KubeconfigEntry& user);

/// The cluster info for a plugin: the endpoint, the kubeconfig's proxy-url, and the cluster's extension for
/// plugins. Empty and false values are omitted.
Json exec_cluster_info(const http::Endpoint& endpoint, const KubeconfigEntry* cluster);

/// Provides the credentials of a plugin. The plugin runs when they are first needed, when they have expired,
/// and once if the server rejects them.
class ExecAuthenticator : public Authenticator {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  explicit ExecAuthenticator(ExecPlugin plugin, PluginPolicy policy = {},
                             Clock now = std::chrono::system_clock::now)
      : plugin_(std::move(plugin)), policy_(std::move(policy)), now_(std::move(now)) {}

  void authenticate(Credentials& credentials) override;
  bool renew() override;

 private:
  ExecCredential run_plugin() const;

  ExecPlugin plugin_;
  PluginPolicy policy_;
  Clock now_;
  std::optional<ExecCredential> credential_;
};

}  // namespace egress::kube
