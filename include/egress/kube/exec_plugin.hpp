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

/// A program that a kubeconfig's user names to be asked for credentials (client-go,
/// plugin/pkg/client/auth/exec).
struct ExecPlugin {
  enum class InteractiveMode { never, if_available, always };

  Program program;
  std::string api_version;
  std::string install_hint;
  InteractiveMode interactive_mode = InteractiveMode::if_available;
  bool provide_cluster_info = false;  ///< provideClusterInfo
  Json cluster{};                     ///< what it is told of the cluster; null where it does not want that

  /// What a user's `exec` says.
  static ExecPlugin read(const KubeconfigEntry& user);
  /// What stands in KUBERNETES_EXEC_INFO.
  std::string exec_info(bool with_terminal) const;
};

/// What is wrong with a user's `exec`, in client-go's words (tools/clientcmd/validation.go).
std::vector<std::string> exec_problems(const KubeconfigEntry& user);

/// The cluster as a plugin is told of it: the endpoint, the kubeconfig's proxy-url, and its extension for
/// plugins. What is empty or false is left out.
Json exec_cluster_info(const http::Endpoint& endpoint, const KubeconfigEntry* cluster);

/// Logs in with what a credential plugin gives; it is asked when that is first needed, when it has expired,
/// and once when the server does not take it.
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
