#pragma once

#include <string>
#include <vector>

#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// The gateway's status. A watch also reports deleted gateways.
enum class Phase { ready, progressing, degraded, incomplete, deleting, deleted };

std::string text(Phase phase);

/// The live state of one object of a gateway.
struct ObjectState {
  Reference reference;
  /// "Present", "Missing", "Changed" by others, "Unexpected" if it is not in the record, "Foreign" if others
  /// created it with the gateway's label, "Deleting", or "Unknown" if this user may not read it.
  std::string state;
  std::string creation_timestamp;  ///< RFC 3339; empty if it does not exist
};

/// The live state of a gateway.
struct Summary {
  Record record;
  Phase phase = Phase::ready;
  int ready_replicas = 0;
  int replicas = 0;
  std::string image;
  std::vector<ObjectState> objects;  ///< the record's members in its order, then extra objects
  std::vector<std::string> reasons;  ///< sentences: why it is not Ready
};

/// A kind that this user may not list in a namespace; an empty namespace means all.
struct UnlistableKind {
  kube::Kind kind;
  std::string ns;
};
using UnlistableKinds = std::vector<UnlistableKind>;

/// Compares the record with the live objects. `live` has the objects with the gateway's part-of label; a
/// Deployment is complete, and kind and metadata are enough for all others.
Summary summarize(Record record, const std::vector<Json>& live, const UnlistableKinds& unlistable = {});

/// The manifest with `status`: an item of `list -o json`.
Json to_json(const Summary& summary);

/// The command that removes the gateway's label from an object of another owner.
std::string unlabel_command(const Reference& reference);

/// Why the rollout of a Deployment is not complete; empty if one of its newest pods is ready.
std::string rollout_problem(const Json& deployment);

}  // namespace egress::mesh
