#pragma once

#include <optional>
#include <vector>

#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// What is to stand on the cluster when a command is done: the record, and the objects in the order of
/// creation.
struct Plan {
  Record record;
  std::vector<Object> objects;
  std::optional<Record> previous{};  ///< the gateway as it stands; nothing where this command makes it
  bool resumed = false;              ///< what stands was cut off, and this command goes on with it

  /// Members of the gateway as it stands that it is to have no more.
  std::vector<Reference> obsolete_members() const;
  /// The object of that kind that the gateway's pods come from.
  const Object& deployment() const;
};

/// The plan for a gateway that stands, whole or begun: its record is kept, and names what it named and what
/// is to be made.
void merge_record(Plan& plan, const Record& existing, const kube::ServedResources& served);

/// Throws Error where the mesh cannot give what is asked for, or the cluster does not serve a kind that is
/// needed.
Plan plan(const Design& design, const kube::ServedResources& served);
/// The plan to make these objects of it, which are all that manifests() made, or can make.
Plan plan(const Design& design, std::vector<Object> objects);

}  // namespace egress::mesh
