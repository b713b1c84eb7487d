#pragma once

#include <string>
#include <vector>

#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// STATUS, as CLI.md's users read it. Whoever watches is told of what is deleted, too.
enum class Phase { ready, progressing, degraded, incomplete, deleting, deleted };

std::string text(Phase phase);

/// One object of a gateway as it stands on the cluster.
struct ObjectState {
  Reference reference;
  /// "Present", "Missing", "Changed" by someone else, "Unexpected" where the record does not name it,
  /// "Foreign" where somebody else wrote it with the gateway's label, "Deleting", or "Unknown" where this
  /// user may not look.
  std::string state;
  std::string creation_timestamp;  ///< RFC 3339; empty where it is missing
};

/// A gateway as it stands on the cluster.
struct Summary {
  Record record;
  Phase phase = Phase::ready;
  int ready_replicas = 0;
  int replicas = 0;
  std::string image;
  std::vector<ObjectState> objects;  ///< those the record names, in its order
  std::vector<std::string> reasons;  ///< sentences: why it is not Ready
};

/// A kind that this user may not list, and where; an empty namespace stands for all.
struct UnlistableKind {
  kube::Kind kind;
  std::string ns;
};
using UnlistableKinds = std::vector<UnlistableKind>;

/// Puts together what the record says and what is there; `live` are the objects that bear the record's label,
/// each with its kind, or nothing but its metadata where that is enough.
Summary summarize(Record record, const std::vector<Json>& live, const UnlistableKinds& unlistable = {});

/// The file form with `status` beside it: an item of `list -o json`.
Json to_json(const Summary& summary);

/// The command by which an object that somebody else wrote bears no gateway's label any more.
std::string unlabel_command(const Reference& reference);

/// Why a Deployment is not yet what it should be; empty where one of its newest pods is ready.
std::string rollout_problem(const Json& deployment);

}  // namespace egress::mesh
