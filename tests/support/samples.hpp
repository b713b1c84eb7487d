#pragma once

#include <functional>
#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"
#include "support/gateway_generator.hpp"

namespace egress::testing {

/// A gateway made at random, and all that is written for it.
struct Sample {
  unsigned number = 0;
  RandomDesign random;
  mesh::Plan plan;

  const mesh::Egress& egress() const { return random.design.egress; }
  const mesh::Design& design() const { return random.design; }

  /// The objects of that kind, in their order.
  std::vector<const Json*> objects(std::string_view kind) const;
  /// The one of that kind and name; null where there is none.
  const Json& object(std::string_view kind, const std::string& name) const;
  /// The one that bears the gateway's own name.
  const Json& own(std::string_view kind) const;

  /// Which one it is, for a message: seed, number, version and form.
  std::string text() const;
};

/// Some hundred of them, made once.
const std::vector<Sample>& samples();

/// The texts of a list; nothing where it is none.
std::vector<std::string> strings(const Json& list);

/// True where the name is the host, or one that the wildcard stands for.
bool matches_host(const std::string& host, const std::string& name);

}  // namespace egress::testing
