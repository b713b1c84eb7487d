#pragma once

#include <vector>

#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// What is to stand on the cluster when a command is done: the record, and the objects in the order of
/// creation.
struct Plan {
  Record record;
  std::vector<Object> objects;
  bool begun = false;  ///< an earlier command began it, and this one goes on

  /// The objects of one stage.
  std::vector<Object> wave(Stage stage) const;
  /// The object of that kind that the gateway's pods come from.
  const Object& deployment() const;
};

/// Goes on with a gateway that was begun: its record is kept, and names what it named and what is to be made.
void take_over(Plan& plan, const Record& begun);

/// Throws Error where the cluster does not serve a kind that is needed.
Plan plan(const Design& design, const kube::Served& served);

}  // namespace egress::mesh
