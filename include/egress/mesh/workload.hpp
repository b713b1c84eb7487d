#pragma once

#include "egress/mesh/egress.hpp"
#include "egress/mesh/field_errors.hpp"

namespace egress::mesh {

/// What is wrong with the settings of the pods: numbers, words that there are not, and labels and annotations
/// by which the mesh or this tool knows the pods.
void check_workload(const Workload& workload, FieldErrors& errors);

}  // namespace egress::mesh
