#pragma once

#include "egress/cli/candidate.hpp"
#include "egress/cli/command_line.hpp"
#include "egress/cli/session.hpp"

namespace egress::cli {

/// The completions of a value of type `type` (cli/value_type.hpp), from the kubeconfig or the cluster. An
/// unreachable or slow cluster gives none. Neither throws nor prints errors.
Completion complete_value(Session& session, const CommandLine& line, const std::string& type);

}  // namespace egress::cli
