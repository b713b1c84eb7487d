#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/kube/kind.hpp"

namespace egress::kube {

/// Which version of each kind a cluster serves: the newest that both sides know.
class ServedResources {
 public:
  ServedResources() = default;

  /// As if every kind were served in its newest version: for manifests made without a cluster.
  static ServedResources newest(std::span<const Kind> kinds);

  /// As if those groups and versions were served, and no others: `networking.istio.io/v1beta1`, …
  static ServedResources only(std::span<const Kind> kinds, std::span<const std::string> group_versions);

  void add(Resource resource) { resources_.push_back(std::move(resource)); }

  /// The kind as it is served, or nothing where the cluster does not serve it.
  std::optional<Resource> find(const Kind& kind) const;
  /// The same. Throws Error naming the kind.
  Resource at(const Kind& kind) const;

 private:
  std::vector<Resource> resources_;
};

}  // namespace egress::kube
