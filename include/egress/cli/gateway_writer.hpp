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
  bool fail_fast = false;  ///< only for commands that take several gateways
  std::vector<std::string> adopt;
  WaitFlags wait_flags;

  void add(FlagSet& flags);
  /// Throws Error naming the invalid flag.
  void check() const;
};

/// Creates or updates one gateway and prints the results. Throws Error if that fails, or if permissions for
/// other steps of the command are missing (`missing_permissions`).
void write_gateway(Session& session, const std::string& command, const WriteFlags& flags,
                   const mesh::Egress& egress, IfExists if_exists,
                   const std::vector<mesh::Permission>& missing_permissions = {});

/// The same for several gateways, which succeed or fail independently. Returns false if one failed; its error
/// was printed.
bool write_gateways(Session& session, const std::string& command, const WriteFlags& flags,
                    std::vector<mesh::Egress> requested,
                    const std::vector<mesh::Permission>& missing_permissions = {});

}  // namespace egress::cli
