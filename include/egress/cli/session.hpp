#pragma once

#include <memory>
#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/base/tasks.hpp"
#include "egress/cli/results.hpp"
#include "egress/cli/streams.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/connection.hpp"
#include "egress/render/colour.hpp"

namespace egress::cli {

/// The state that all commands share: the global flags, the streams, and the cluster, which is connected on
/// first use.
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

  /// Clears the progress lines, then returns the stream.
  std::ostream& out() const;
  std::ostream& err() const;
  /// Prints the results of --output on stdout.
  Results& results() { return results_; }
  /// The next word on standard input.
  std::string read_word() const { return streams_.read_word(); }
  /// Colours for stdout.
  render::Palette palette() const;
  /// The operations in progress.
  ProgressLines& progress_lines() const { return progress_lines_; }

  /// The merged kubeconfig files. Throws Error naming the file that cannot be used.
  const kube::Kubeconfig& kubeconfig();

  /// The namespace to use: the flag's, the context's, or "default". Does not connect.
  std::string ns();

  /// The cluster. `command` identifies the command in the server's audit log. Throws Error if the kubeconfig
  /// does not define a cluster.
  kube::Cluster& cluster(const std::string& command);

  /// Makes errors, hints and warnings name the flag of `create` beside each field.
  void name_flags();

  void warn(const std::string& text) const;
  /// Throws Error if --warnings-as-errors was given and the server sent a warning. The tool's own warnings do
  /// not count.
  void check_received_warnings() const;
  /// Prints the error's headline and its hint, if any, on stderr.
  void report(const Error& error) const;

 private:
  std::string message(const std::string& text) const;
  void print_warning(const std::string& text) const;
  std::string coloured_prefix(const std::string& word, render::Colour colour) const;
  http::Transport& connect(kube::Connection& connection);

  Streams streams_;
  std::string colour_ = "auto";
  mutable ProgressLines progress_lines_;
  Results results_;
  IdleHandler ticker_;
  kube::Overrides overrides_;
  int verbosity_ = 0;
  bool warnings_as_errors_ = false;
  bool names_flags_ = false;
  int warnings_received_ = 0;
  std::optional<kube::Kubeconfig> kubeconfig_;
  std::unique_ptr<http::CurlTransport> transport_;
  std::unique_ptr<http::Transport> trace_;
  std::unique_ptr<http::Transport> retrying_;
  std::chrono::steady_clock::time_point busy_until_;  ///< end of the pause that was last reported
  std::unique_ptr<http::Transport> authenticator_;
  std::unique_ptr<kube::Cluster> cluster_;
};

}  // namespace egress::cli
