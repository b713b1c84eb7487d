#pragma once

#include <optional>
#include <string>

#include "egress/base/json.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/revisions.hpp"

namespace egress::mesh {

/// Where a gateway's pods are to run, as far as Istio's injector asks.
struct Placement {
  std::string ns;
  std::optional<Json> labels;  ///< the namespace's; nothing where this user may not look at it
  std::string revision;        ///< the wished one, or a revision tag; empty: whichever injects there
};

/// The revision whose istiod the gateway is made for: the wished one, or the one that injects the namespace's
/// pods. Throws Error where there is no such revision, or several and none is meant.
std::string revision_for(const Revisions& revisions, const Placement& placement);

/// What the label `istio.io/rev` of the gateway's pods has to say for that revision to make a gateway of
/// them; empty where they need none, for the namespace decides or the default revision injects. Throws Error
/// where nobody, or another one, would inject them: the webhooks' selectors of every Istio since 1.10
/// (istio-discovery/templates/mutatingwebhook.yaml, 1.30.3).
std::string revision_label(const Revisions& revisions, const Mesh& mesh, const Placement& placement);

/// The same for all namespaces whose pods the same ones inject, as far as their labels say it.
std::string injection_key(const Placement& placement);

/// True where both of Istio's labels stand on a namespace, of which `istio-injection` wins
/// (`istioctl analyze`: IST0123).
bool has_both_labels(const Json& namespace_labels);

}  // namespace egress::mesh
