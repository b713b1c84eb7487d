#pragma once

#include <string>

#include "egress/cli/session.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/mesh/design.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::cli {

/// Whether a gateway of that name may stand already.
enum class Standing { refused, updated };

/// How a gateway is to be prepared.
struct Preparing {
  std::string istio_namespace;
  bool may_make_namespace = false;
  Standing standing = Standing::updated;
};

/// A gateway as it is to be, on the cluster as it is: everything that is known before the server checks it.
struct Prepared {
  fleet::Survey survey;
  mesh::Design design;
  mesh::Plan plan;
  std::vector<mesh::Finding> findings;  ///< of what stands around it, and of its own settings
};

/// Surveys the cluster, plans the gateway and looks for what would stop or bypass it. Throws Error where it
/// cannot be made there.
Prepared prepare(Session& session, kube::Cluster& cluster, const mesh::Egress& egress,
                 const Preparing& preparing);

}  // namespace egress::cli
