#pragma once

#include <string>
#include <vector>

#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::cli {

/// A gateway to be written and its planned objects.
struct AdoptionTarget {
  const mesh::Egress& egress;
  std::vector<mesh::Reference> objects;
  std::string plan_error{};  ///< why the gateway could not be planned; empty if it was
};

/// Assigns the objects of --adopt ("TYPE/NAME") to the gateways that they belong to. Returns the objects of
/// each target, in the order of the targets. Throws Error with all names that match no gateway or, because a
/// name has no namespace, more than one.
std::vector<std::vector<std::string>> assign_adoptions(const std::vector<std::string>& adopt,
                                                       const std::vector<AdoptionTarget>& targets);

}  // namespace egress::cli
