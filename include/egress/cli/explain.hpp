#pragma once

#include <string>
#include <vector>

namespace egress::cli {

/// The documentation of a manifest's field in the layout of `kubectl explain`. `path` is "spec.tls.mode",
/// "tls.mode" or "egressgateway.spec.tls.mode"; empty for the whole manifest. With `recursive` it lists the
/// names and types of all fields below, without descriptions. Throws UsageError for an unknown field.
std::string explain_field(const std::string& path, bool recursive);

/// The documentation of a code of `check`. Throws UsageError for an unknown one.
std::string explain_finding(const std::string& code);

/// All codes of `check`, one line each.
std::string list_findings();

/// The arguments that `explain` accepts, for completion.
std::vector<std::string> explain_topics();

}  // namespace egress::cli
