#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/kube/kind.hpp"

namespace egress::kube {

/// The version of each kind that a cluster serves: the newest that this program also supports.
class ServedResources {
 public:
  ServedResources() = default;

  /// Every kind in its newest version, for manifests that are created without a cluster.
  static ServedResources newest(std::span<const Kind> kinds);

  /// The kinds in these groups and versions only: `networking.istio.io/v1beta1`, …
  static ServedResources only(std::span<const Kind> kinds, std::span<const std::string> group_versions);

  void add(Resource resource) { resources_.push_back(std::move(resource)); }

  /// The resource of a kind; empty if the cluster does not serve it.
  std::optional<Resource> find(const Kind& kind) const;
  /// The resource of a kind. Throws Error with the name of the kind if the cluster does not serve it.
  Resource at(const Kind& kind) const;

 private:
  std::vector<Resource> resources_;
};

}  // namespace egress::kube
