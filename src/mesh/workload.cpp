#include "egress/mesh/workload.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "egress/base/text.hpp"
#include "egress/mesh/host_name.hpp"

namespace egress::mesh {
namespace {

const std::vector<std::string> log_levels{"trace", "debug", "info", "warning", "error", "critical", "off"};
const std::vector<std::string> service_types{"ClusterIP", "NodePort", "LoadBalancer"};

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
    faults.unless(!is_one_of(reserved, key), field_of("spec.gateway." + noun + "s", key),
                  "the " + noun + " \"" + printable(key, 100) + "\" of the pods is not yours to choose");
}

void check_word(const std::string& noun, const std::string& typed, const std::vector<std::string>& words,
                const std::string& field, Faults& faults) {
  if (is_one_of(words, typed)) return;
  const std::string meant = nearest(typed, words);
  faults.add(field, "the " + noun + " \"" + printable(typed, 100) + "\" is none of " + join(words, ", ") +
                        (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
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
  faults.unless(workload.min_replicas >= 1, "spec.gateway.replicas.min",
                "a gateway needs at least one replica");
  faults.unless(workload.max_replicas >= workload.min_replicas, "spec.gateway.replicas.max",
                "max replicas (" + std::to_string(workload.max_replicas) + ") is below min replicas (" +
                    std::to_string(workload.min_replicas) + ")");
  faults.unless(is_image_part(workload.hub) && is_image_part(workload.tag),
                is_image_part(workload.hub) ? "spec.gateway.image.tag" : "spec.gateway.image.hub",
                "the image's hub or tag holds characters that no image name has");
  for (std::size_t i = 0; i < workload.arch.size(); ++i)
    faults.unless(
        is_label(workload.arch[i]), item_of("spec.gateway.arch", i),
        "the architecture \"" + printable(workload.arch[i], 100) + "\" is not one such as amd64 or arm64");
  if (!workload.log_level.empty())
    check_word("log level", workload.log_level, log_levels, "spec.gateway.logLevel", faults);
  check_word("Service's type", workload.service_type, service_types, "spec.gateway.serviceType", faults);
  check_reserved("label", workload.labels, reserved_labels, faults);
  check_reserved("annotation", workload.annotations, reserved_annotations, faults);
}

}  // namespace egress::mesh
