#include "egress/mesh/assumed_served_resources.hpp"

#include "egress/mesh/parts.hpp"

namespace egress::mesh {

kube::ServedResources assumed_served_resources(Version version) {
  constexpr Version istio_v1{1, 22, 0};
  constexpr Version kubernetes_1_23{1, 17, 0};
  kube::ServedResources served;
  for (const kube::Kind& kind : all_kinds()) {
    const bool is_newest = version >= (kind.group.ends_with("istio.io") ? istio_v1 : kubernetes_1_23);
    const std::string_view older_version = kind.versions[1];
    served.add({kind, std::string(is_newest || older_version.empty() ? kind.versions[0] : older_version)});
  }
  return served;
}

}  // namespace egress::mesh
