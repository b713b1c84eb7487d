#pragma once

#include <string>

#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

// The one line that mends what a finding is about.

/// " -n shop"; nothing for a kind without namespaces.
std::string in_namespace(const std::string& ns);
/// "kubectl edit virtualservice.networking.istio.io/old -n shop": for objects of others, of which only they
/// know what must stay.
std::string edit_command(const Reference& reference);
/// "kubectl patch … --type=merge -p '…'".
std::string merge_command(const Reference& reference, const Json& patch);
/// "kubectl patch … --type=json -p '…'".
std::string json_patch_command(const Reference& reference, const Json& operations);
/// "kubectl label namespace shop istio-injection=enabled"; `changes` as kubectl takes them.
std::string label_command(const std::string& ns, const std::string& changes);
/// Makes the gateway's objects anew of what it is asked to be.
std::string apply_command(const Egress& egress);
/// The same, after what it is asked to be was edited.
std::string change_command(const Egress& egress);
std::string delete_command(const std::string& name, const std::string& ns);

}  // namespace egress::mesh
