#pragma once

#include <string>
#include <vector>

#include "egress/cli/command.hpp"
#include "egress/cli/preparation.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/permission.hpp"

namespace egress::cli {

/// The flags of every command that writes gateways.
struct WriteFlags {
  bool create_namespace = false;
  std::string dry_run = "none";
  std::string output;
  std::string istio_namespace;
  std::string save_ca;
  bool force_conflicts = false;
  bool no_rollback = false;
  bool fail_fast = false;  ///< of several gateways; only where the command takes several
  std::vector<std::string> adopt;
  WaitFlags waiting;

  void add(FlagSet& flags);
  /// Throws Error naming the flag that is wrong.
  void check() const;
};

/// Makes one gateway, or makes the one that stands as it is asked for, and prints what was done. Throws
/// Error, and so where permissions are lacking for what else the command is to do.
void write_gateway(Session& session, const std::string& command, const WriteFlags& flags,
                   const mesh::Egress& egress, Standing standing,
                   const std::vector<mesh::Permission>& lacking = {});

/// The same for several at once, which stand as asked for or not each by itself: an outcome a gateway. False
/// where not all are as asked for; what speaks against each was told.
bool write_gateways(Session& session, const std::string& command, const WriteFlags& flags,
                    std::vector<mesh::Egress> wanted, const std::vector<mesh::Permission>& lacking = {});

}  // namespace egress::cli
