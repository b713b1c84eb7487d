#pragma once

#include <string>
#include <vector>

#include "egress/mesh/finding.hpp"
#include "egress/render/colour.hpp"

namespace egress::cli {

/// The full name of the gateway that a finding concerns: "egressgateway/httpbin -n httpbin".
std::string gateway_name(const mesh::Finding& finding);

/// The report of `check`: the findings of the mesh, then those of each gateway, each with its message and
/// fix, and a line with their number.
std::string findings_text(const std::vector<mesh::Finding>& findings,
                          render::Palette palette = render::Palette());

/// The same as one JSON object, `kind: CheckResult`.
Json findings_json(const std::vector<mesh::Finding>& findings);

}  // namespace egress::cli
