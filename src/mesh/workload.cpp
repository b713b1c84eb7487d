#include "egress/mesh/workload.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "egress/base/text.hpp"
#include "egress/mesh/host_name.hpp"

namespace egress::mesh {
namespace {

/// Labels by which the mesh and this tool identify the pods. `security.istio.io/tlsMode` would make callers
/// use TLS for a listener that has its own.
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
void check_reserved(const std::string& noun, const Json& labels, const Words& reserved, FieldErrors& errors) {
  for (const auto& [key, value] : labels.members())
    errors.require(!is_one_of(reserved, key), field_path("spec.gateway." + noun + "s", key),
                   "the " + noun + " \"" + printable(key, 100) +
                       "\" of the pods is reserved for Istio and kubectl egress");
}

/// True for a registry, name or tag of an image, without characters that are special in a shell or in YAML.
bool is_image_part(const std::string& text) {
  return text.size() <= 255 && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == '/' || c == ':' ||
                  c == '@';
         });
}

}  // namespace

void check_workload(const Workload& workload, FieldErrors& errors) {
  errors.require(workload.min_replicas >= 1, "spec.gateway.replicas.min",
                 "a gateway needs at least one replica");
  errors.require(workload.max_replicas >= workload.min_replicas, "spec.gateway.replicas.max",
                 "replicas.max (" + std::to_string(workload.max_replicas) + ") is lower than replicas.min (" +
                     std::to_string(workload.min_replicas) + ")");
  errors.require(is_image_part(workload.hub) && is_image_part(workload.tag),
                 is_image_part(workload.hub) ? "spec.gateway.image.tag" : "spec.gateway.image.hub",
                 "the image's hub or tag has an invalid character");
  for (std::size_t i = 0; i < workload.arch.size(); ++i)
    errors.require(
        is_dns_label(workload.arch[i]), item_path("spec.gateway.arch", i),
        "\"" + printable(workload.arch[i], 100) + "\" is not an architecture such as amd64 or arm64");
  check_reserved("label", workload.labels, reserved_labels, errors);
  check_reserved("annotation", workload.annotations, reserved_annotations, errors);
}

}  // namespace egress::mesh
