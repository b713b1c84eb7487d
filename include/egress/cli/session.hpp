#pragma once

#include <memory>
#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/base/lanes.hpp"
#include "egress/cli/results.hpp"
#include "egress/cli/streams.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/kube/access.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/render/colour.hpp"

namespace egress::cli {

/// What the commands share: the global flags, the streams, and the cluster, connected to only when a command
/// asks for it.
class Session {
 public:
  explicit Session(const Streams& streams);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  kube::Overrides& overrides() { return overrides_; }
  int& verbosity() { return verbosity_; }
  bool& warnings_as_errors() { return warnings_as_errors_; }
  std::string& colour() { return colour_; }  ///< "auto", "always" or "never"

  /// Whoever writes makes room first.
  std::ostream& out() const;
  std::ostream& err() const;
  /// What the command prints with --output on `out`.
  Results& results() { return results_; }
  /// What is typed next on standard input, a word.
  std::string answer() const { return streams_.answer(); }
  /// Of `out`.
  render::Palette palette() const;
  /// What is under way.
  LiveLines& live() const { return live_; }

  /// What the kubeconfig files say. Throws Error naming the file that cannot be used.
  const kube::Kubeconfig& kubeconfig();

  /// The namespace to work in: the flag's, the context's, or "default". Connects to nothing.
  std::string ns();

  /// The cluster; `command` names this command to the server's audit log. Throws Error where the kubeconfig
  /// does not lead to one.
  kube::Cluster& cluster(const std::string& command);

  void warn(const std::string& text) const;
  /// Throws Error where --warnings-as-errors was given and the server warned of something; what the tool
  /// itself warns of does not count.
  void refuse_warnings() const;
  /// The error's headline and, where it has one, its hint, on `err`.
  void tell(const Error& error) const;

 private:
  std::string lead(const std::string& word, render::Colour colour) const;
  http::Transport& connect(kube::Access& access);

  Streams streams_;
  std::string colour_ = "auto";
  mutable LiveLines live_;
  Results results_;
  WhileWaiting ticking_;
  kube::Overrides overrides_;
  int verbosity_ = 0;
  bool warnings_as_errors_ = false;
  int warnings_received_ = 0;
  std::optional<kube::Kubeconfig> kubeconfig_;
  std::unique_ptr<http::CurlTransport> transport_;
  std::unique_ptr<http::Transport> trace_;
  std::unique_ptr<http::Transport> retrying_;
  std::chrono::steady_clock::time_point busy_until_;  ///< as the server asked, and the user was told
  std::unique_ptr<http::Transport> login_;
  std::unique_ptr<kube::Cluster> cluster_;
};

}  // namespace egress::cli
