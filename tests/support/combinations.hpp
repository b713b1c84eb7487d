#pragma once

#include <functional>
#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"

namespace egress::testing {

/// What a gateway may be asked to be, under a name.
struct Mode {
  std::string name;
  std::string spec;                               ///< of the file form, in YAML
  std::vector<std::string> versions;              ///< of Istio that it is written for
  std::function<void(mesh::Design&)> facts = {};  ///< what the cluster says beside its version
};

/// A mode on one version of Istio: what the file tests/golden/VERSION/MODE.yaml holds.
struct Combination {
  const Mode& mode;
  std::string version;

  /// "1.7.0/plain".
  std::string name() const { return version + "/" + mode.name; }
  mesh::Design design() const;
  mesh::Plan plan() const;
};

const std::vector<Mode>& modes();
std::vector<Combination> combinations();

/// A design as it would be on a cluster with that Istio: with what only a clock, a file or the cluster can
/// say, in fixed texts that are no keys.
mesh::Design design_for(const mesh::Egress& egress, mesh::Version version);

/// What such a cluster serves: Kubernetes 1.20 with an Istio from before gateway injection, else today's; the
/// mesh's own kinds as v1 since 1.22.
kube::ServedResources served_resources_for(mesh::Version version);

}  // namespace egress::testing
