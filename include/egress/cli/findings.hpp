#pragma once

#include <string>
#include <vector>

#include "egress/mesh/finding.hpp"
#include "egress/render/colour.hpp"

namespace egress::cli {

/// Findings for people: the mesh's first, then each gateway's, below each its sentence and what mends it; the
/// last line counts them.
std::string findings_text(const std::vector<mesh::Finding>& findings,
                          render::Palette palette = render::Palette());

/// The same as one object, `kind: CheckResult`.
Json findings_json(const std::vector<mesh::Finding>& findings);

}  // namespace egress::cli
