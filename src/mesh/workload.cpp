#include "egress/mesh/workload.hpp"

#include <algorithm>
#include <array>

#include "egress/mesh/host_name.hpp"

namespace egress::mesh {
namespace {

constexpr std::array log_levels{"trace", "debug", "info", "warning", "error", "critical", "off"};
constexpr std::array service_types{"ClusterIP", "NodePort", "LoadBalancer"};

/// By these the mesh and this tool know the pods. `security.istio.io/tlsMode` would send callers' TLS to a
/// listener that has its own.
constexpr std::array reserved_labels{
    "app",
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "istio.io/dataplane-mode",
    "istio.io/rev",
    "kubectl-egress/gateway",
    "security.istio.io/tlsMode",
    "service.istio.io/canonical-name",
    "sidecar.istio.io/inject",
};
constexpr std::array reserved_annotations{"inject.istio.io/templates", "sidecar.istio.io/inject"};

template <typename Words>
bool is_one_of(const Words& words, const std::string& text) {
  return std::ranges::find(words, text) != words.end();
}

template <typename Words>
void check_reserved(const std::string& noun, const Json& given, const Words& reserved, Faults& faults) {
  for (const auto& [key, value] : given.members())
    faults.unless(!is_one_of(reserved, key),
                  "the " + noun + " \"" + printable(key, 100) + "\" of the pods is not yours to choose");
}

/// An image's registry, name or tag: nothing that a shell or a YAML reader would stumble over.
bool is_image_part(const std::string& text) {
  return text.size() <= 255 && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == '/' || c == ':' ||
                  c == '@';
         });
}

}  // namespace

void check_workload(const Workload& workload, Faults& faults) {
  faults.unless(workload.min_replicas >= 1, "a gateway needs at least one replica");
  faults.unless(workload.max_replicas >= workload.min_replicas,
                "max replicas (" + std::to_string(workload.max_replicas) + ") is below min replicas (" +
                    std::to_string(workload.min_replicas) + ")");
  faults.unless(is_image_part(workload.hub) && is_image_part(workload.tag),
                "the image's hub or tag holds characters that no image name has");
  for (const std::string& arch : workload.arch)
    faults.unless(is_label(arch),
                  "the architecture \"" + printable(arch, 100) + "\" is not one such as amd64 or arm64");
  faults.unless(workload.log_level.empty() || is_one_of(log_levels, workload.log_level),
                "the log level \"" + printable(workload.log_level, 100) +
                    "\" is none of trace, debug, info, warning, error, critical, off");
  faults.unless(is_one_of(service_types, workload.service_type),
                "the Service's type \"" + printable(workload.service_type, 100) +
                    "\" is none of ClusterIP, NodePort, LoadBalancer");
  check_reserved("label", workload.labels, reserved_labels, faults);
  check_reserved("annotation", workload.annotations, reserved_annotations, faults);
}

}  // namespace egress::mesh
