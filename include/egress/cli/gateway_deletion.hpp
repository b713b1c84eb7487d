#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "egress/cli/command.hpp"
#include "egress/fleet/deletion.hpp"
#include "egress/mesh/record.hpp"

namespace egress::cli {

/// How long the pods are kept after traffic is routed elsewhere.
constexpr std::chrono::seconds default_drain{5};

/// How to delete gateways and what to print.
struct GatewayDeletion {
  std::string command;  ///< for the server's audit log
  std::string verb;     ///< "deleted", "pruned"
  std::string dry_run;  ///< "none", "client" or "server"
  std::string output;   ///< the value of -o: "" prints each object, "name" only names
  fleet::DeleteOptions options{};
  bool prints_outcomes = false;  ///< print the outcome of gateways that succeed, with json and yaml
};

/// Deletes gateways and prints the deleted objects of a single gateway, or the names of several gateways. A
/// failure does not stop the others. Returns false if a gateway could not be deleted; its error was printed.
/// `metadata` is the last seen metadata of each gateway's members; it may be empty.
bool delete_gateways(Session& session, const GatewayDeletion& deletion,
                     const std::vector<mesh::Record>& records,
                     const std::vector<fleet::MemberMetadataList>& metadata = {});

}  // namespace egress::cli
