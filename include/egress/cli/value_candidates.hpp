#pragma once

#include "egress/cli/candidate.hpp"
#include "egress/cli/session.hpp"
#include "egress/cli/typed_line.hpp"

namespace egress::cli {

/// What may stand as the value of an option whose type name is `type` (cli/value_type.hpp): from the
/// kubeconfig, or from the cluster where that answers at once. Never throws an Error, never tells of one.
Completion complete_value(Session& session, const TypedLine& line, const std::string& type);

}  // namespace egress::cli
