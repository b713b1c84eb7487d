#pragma once

#include <string>
#include <vector>

#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::cli {

/// One of several gateways, and what it is to be made of.
struct Adopter {
  const mesh::Egress& egress;
  std::vector<mesh::Reference> objects;
  std::string why_unknown{};  ///< where that could not be planned
};

/// What is to be taken over, shared out among the gateways: for each, in their order, the names ("TYPE/NAME")
/// of objects of its own. Throws Error with all names that none of them has an object of, or more than one: a
/// name does not say in which namespace.
std::vector<std::vector<std::string>> share_out(const std::vector<std::string>& adopt,
                                                const std::vector<Adopter>& adopters);

}  // namespace egress::cli
