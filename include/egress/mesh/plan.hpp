#pragma once

#include <optional>
#include <vector>

#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// The record and the objects, in the order of creation, that exist after a command.
struct Plan {
  Record record;
  std::vector<Object> objects;
  std::optional<Record> previous{};  ///< the existing gateway; empty for a new one
  bool resumed = false;              ///< this command continues an interrupted one

  /// Members of the existing gateway that are not part of the plan.
  std::vector<Reference> obsolete_members() const;
  /// The gateway's Deployment.
  const Object& deployment() const;
};

/// Turns the plan for a new gateway into one for an existing gateway, complete or interrupted: its record is
/// kept, and lists both the existing and the planned objects.
void merge_record(Plan& plan, const Record& existing, const kube::ServedResources& served);

/// The plan for a gateway. Throws Error if the mesh does not support a requested setting, or the cluster does
/// not serve a required kind.
Plan plan(const Design& design, const kube::ServedResources& served);
/// The plan for these objects of the gateway, which manifests() returned.
Plan plan(const Design& design, std::vector<Object> objects);

}  // namespace egress::mesh
