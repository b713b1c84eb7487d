#pragma once

#include <string>

#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

// Commands that fix a finding, each in one line.

/// " -n shop"; empty for an empty namespace.
std::string in_namespace(const std::string& ns);
/// "kubectl edit virtualservice.networking.istio.io/old -n shop", for objects that this tool does not own.
std::string edit_command(const Reference& reference);
/// "kubectl patch … --type=merge -p '…'".
std::string merge_command(const Reference& reference, const Json& patch);
/// "kubectl patch … --type=json -p '…'".
std::string json_patch_command(const Reference& reference, const Json& operations);
/// "kubectl label namespace shop istio-injection=enabled"; `changes` are arguments of kubectl label.
std::string label_command(const std::string& ns, const std::string& changes);
/// Applies the gateway's recorded settings again.
std::string apply_command(const Egress& egress);
/// The same, after editing the settings.
std::string change_command(const Egress& egress);
std::string delete_command(const std::string& name, const std::string& ns);

}  // namespace egress::mesh
