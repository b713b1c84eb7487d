#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "egress/cli/command.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/mesh/record.hpp"

namespace egress::cli {

/// How long the pods stay after callers were sent elsewhere.
constexpr std::chrono::seconds default_drain{5};

/// How gateways are deleted, and what is said of it.
struct Removal {
  std::string command;  ///< for the server's audit log
  std::string verb;     ///< "deleted", "pruned"
  std::string dry_run;  ///< "none", "client" or "server"
  std::string
      output;  ///< that of -o: "name" for names only; another form is for what stands, and has none of it
  fleet::Removing removing{};
  bool prints_outcomes = false;  ///< also of those that do not fail, with json and yaml
};

/// Deletes one gateway, and tells of each object; or several at once, and tells of each gateway. One that
/// cannot be deleted does not keep the others. False where not all could be; why was told. `seen` says how
/// the members of each were seen since its record was read; it may be empty.
bool remove_gateways(Session& session, const Removal& removal, const std::vector<mesh::Record>& records,
                     const std::vector<fleet::Sightings>& seen = {});

}  // namespace egress::cli
