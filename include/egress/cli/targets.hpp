#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/cli/flag_set.hpp"
#include "egress/cli/session.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/record.hpp"

namespace egress::cli {

/// The gateways that a command line selects: by name, by files, by a selector, or all gateways of one
/// namespace or all namespaces. A selector may also limit the gateways of files.
class Targets {
 public:
  /// Declares the flags and the NAMEs.
  void add(FlagSet& flags);
  /// Throws UsageError if gateways are selected in no way or in more than one, or if the selector is empty,
  /// which may be caused by an unset variable.
  void check() const;

  /// `-f -`
  bool reads_stdin() const;
  /// True if exactly one NAME was given.
  bool is_single() const { return names_.size() == 1; }

  /// A selected gateway that was not found or cannot be read, and the reason.
  struct LookupError {
    mesh::GatewayName gateway;
    Error error;
  };
  /// The selected gateways that exist, and errors for the others.
  struct LookupResult {
    std::vector<mesh::Record> records;
    std::vector<LookupError> missing;     ///< gateways that do not exist
    std::vector<LookupError> unreadable;  ///< existing gateways whose record cannot be read
  };
  /// Finds the selected gateways; without names with a constant number of list requests. Throws Error if the
  /// files or the selector are invalid, or the cluster is unreachable.
  LookupResult find(Session& session, const std::string& command) const;

 private:
  LookupResult find_by_name(Session& session, kube::Cluster& cluster) const;
  LookupResult find_in_files(Session& session, kube::Cluster& cluster) const;
  LookupResult find_by_selector(Session& session, kube::Cluster& cluster) const;

  std::vector<std::string> names_;
  std::vector<std::string> files_;
  bool recursive_ = false;
  std::optional<std::string> selector_;
  bool all_ = false;
  bool all_namespaces_ = false;
};

}  // namespace egress::cli
