#pragma once

#include <optional>
#include <string>

#include "egress/base/json.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/revisions.hpp"

namespace egress::mesh {

/// The properties of a gateway's pods and namespace on which Istio's injection depends.
struct Placement {
  std::string ns;
  std::optional<Json> labels;  ///< of the namespace; empty if this user may not read it
  std::string revision;        ///< requested revision or revision tag; empty: the one that injects
};

/// The revision of Istio that the gateway is generated for: the requested one, or the one that injects the
/// namespace's pods. Throws Error if it does not exist, or if there are several revisions and no default.
std::string revision_for(const Revisions& revisions, const Placement& placement);

/// The label `istio.io/rev` with which that revision injects the gateway's pods; empty if they need none,
/// because the namespace decides or the default revision injects them. Throws Error if no revision, or
/// another one, would inject them. Follows the webhooks' selectors of every Istio since 1.10
/// (istio-discovery/templates/mutatingwebhook.yaml, 1.30.3).
std::string revision_label(const Revisions& revisions, const Mesh& mesh, const Placement& placement);

/// A key that is equal for namespaces whose labels lead to the same injection.
std::string injection_key(const Placement& placement);

/// True if a namespace has both of Istio's injection labels, of which `istio-injection` takes precedence
/// (`istioctl analyze`: IST0123).
bool has_both_labels(const Json& namespace_labels);

}  // namespace egress::mesh
