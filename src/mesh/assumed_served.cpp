#include "egress/mesh/assumed_served.hpp"

#include "egress/mesh/parts.hpp"

namespace egress::mesh {

kube::Served assumed_served(Version version) {
  constexpr Version istio_v1{1, 22, 0};
  constexpr Version on_todays_kubernetes{1, 17, 0};
  kube::Served served;
  for (const kube::Kind& kind : all_kinds()) {
    const bool newest = version >= (kind.group.ends_with("istio.io") ? istio_v1 : on_todays_kubernetes);
    const std::string_view older = kind.versions[1];
    served.add({kind, std::string(newest || older.empty() ? kind.versions[0] : older)});
  }
  return served;
}

}  // namespace egress::mesh
