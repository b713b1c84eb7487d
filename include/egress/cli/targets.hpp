#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/cli/flag_set.hpp"
#include "egress/cli/session.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/record.hpp"

namespace egress::cli {

/// Which gateways a command is for, as it is typed: by name, those of files, or of one namespace or all of
/// them those that a selector lets through, or every one. Of files a selector may let only some through.
class Targets {
 public:
  /// The flags and the NAMEs.
  void add(FlagSet& flags);
  /// Throws UsageError where none of the ways is typed, or more than one, or a selector that is empty: it may
  /// be a variable that is not set.
  void check() const;

  /// `-f -`
  bool reads_stdin() const;
  /// True if a single gateway is named.
  bool is_single() const { return names_.size() == 1; }

  /// A gateway that is none of those that are found, and why.
  struct Missed {
    mesh::GatewayName gateway;
    Error error;
  };
  /// Those of them that stand, and why others are not among them.
  struct Found {
    std::vector<mesh::Record> records;
    std::vector<Missed> missing;     ///< that are named, and do not exist
    std::vector<Missed> unreadable;  ///< that exist, but whose record cannot be read
  };
  /// Throws Error where files or the selector cannot be read, or the cluster does not answer. A constant
  /// number of list requests where no name is typed.
  Found find(Session& session, const std::string& command) const;

 private:
  Found by_name(Session& session, kube::Cluster& cluster) const;
  Found in_files(Session& session, kube::Cluster& cluster) const;
  Found chosen(Session& session, kube::Cluster& cluster) const;

  std::vector<std::string> names_;
  std::vector<std::string> files_;
  bool recursive_ = false;
  std::optional<std::string> selector_;
  bool all_ = false;
  bool all_namespaces_ = false;
};

}  // namespace egress::cli
