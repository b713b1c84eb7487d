#include "egress/mesh/parts.hpp"

#include <algorithm>
#include <array>

#include "egress/base/error.hpp"
#include "egress/mesh/istio_kinds.hpp"

namespace egress::mesh {
namespace {

/// Which of the gateway's names an object bears.
enum class Naming { object, upstream, roots };

/// One row of the table of everything that a gateway is made of.
struct Part {
  Stage stage;
  kube::Kind kind;
  Naming naming;
  Json (*body)(const Design&);
  bool (*applies)(const Design&);
};

using kube::kinds::autoscaler;
using kube::kinds::config_map;
using kube::kinds::disruption_budget;
using kube::kinds::role;
using kube::kinds::role_binding;
using kube::kinds::secret;

bool always(const Design&) {
  return true;
}
bool with_roots(const Design& design) {
  return needs_roots(design.mesh);
}

/// The table, in the order of creation. A new kind of object is one row, one body and its golden file.
constexpr std::array table{
    Part{Stage::foundation, kube::kinds::service_account, Naming::object, service_account, always},
    Part{Stage::foundation, role, Naming::object, secret_reader_role, always},
    Part{Stage::foundation, secret, Naming::roots, roots_secret, with_roots},
    Part{Stage::foundation, kube::kinds::service, Naming::object, service, always},
    Part{Stage::foundation, kinds::gateway, Naming::object, gateway, always},
    Part{Stage::foundation, kinds::service_entry, Naming::object, service_entry, always},
    Part{Stage::foundation, kinds::virtual_service, Naming::upstream, upstream_route, always},
    Part{Stage::foundation, kinds::destination_rule, Naming::upstream, upstream_policy, always},
    Part{Stage::foundation, kinds::destination_rule, Naming::object, callers_policy, always},
    Part{Stage::foundation, kinds::peer_authentication, Naming::object, peer_authentication, always},
    Part{Stage::workload, role_binding, Naming::object, secret_reader_binding, always},
    Part{Stage::workload, kube::kinds::deployment, Naming::object, deployment, always},
    Part{Stage::workload, autoscaler, Naming::object, mesh::autoscaler, always},
    Part{Stage::workload, disruption_budget, Naming::object, mesh::disruption_budget, always},
    Part{Stage::callers, kinds::virtual_service, Naming::object, callers_route, always},
};

std::string name_of(Naming naming, const std::string& gateway) {
  switch (naming) {
    case Naming::object:
      return object_name(gateway);
    case Naming::upstream:
      return upstream_name(gateway);
    case Naming::roots:
      return object_name(gateway) + "-cacert";
  }
  return {};
}

Json manifest(const Part& part, const Design& design, const Reference& reference) {
  Json made = object({
      {"apiVersion", reference.resource.api_version()},
      {"kind", reference.resource.kind.name},
      {"metadata",
       object({
           {"name", reference.name},
           {"namespace", reference.ns},
           {"labels", object_labels(design.egress.name, record_id(design.egress.name, reference.ns))},
       })},
  });
  const Json body = part.body(design);
  for (const auto& [key, value] : body.members())
    key == "annotations" ? made.edit("metadata").set(key, value) : made.set(key, value);
  return made;
}

kube::Resource served_version(const kube::Kind& kind, const kube::Served& served) {
  if (auto resource = served.find(kind)) return *resource;
  if (kind.group.ends_with("istio.io"))
    throw Error("Istio's CustomResourceDefinitions are not installed on this cluster: it serves no " +
                    kube::group_kind(kind),
                "Install Istio first (https://istio.io/latest/docs/setup/), or choose another cluster with "
                "--context.");
  throw Error("the server doesn't have a resource type \"" + std::string(kind.plural) + "\"");
}

}  // namespace

std::span<const kube::Kind> all_kinds() {
  static const auto kinds = [] {
    std::vector<kube::Kind> found{config_map};
    for (const Part& part : table)
      if (std::ranges::find(found, part.kind) == found.end()) found.push_back(part.kind);
    return found;
  }();
  return kinds;
}

std::vector<Object> manifests(const Design& design, const kube::Served& served) {
  std::vector<Object> objects;
  for (const Part& part : table) {
    if (!part.applies(design)) continue;
    Reference reference{served_version(part.kind, served), design.egress.ns,
                        name_of(part.naming, design.egress.name)};
    Json json = manifest(part, design, reference);
    objects.push_back({part.stage, std::move(reference), std::move(json)});
  }
  return objects;
}

Stage stage_of(const Reference& reference, const std::string& gateway) {
  const auto part = std::ranges::find_if(table, [&](const Part& one) {
    return one.kind == reference.resource.kind && name_of(one.naming, gateway) == reference.name;
  });
  return part == table.end() ? Stage::foundation : part->stage;
}

}  // namespace egress::mesh
