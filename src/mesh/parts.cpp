#include "egress/mesh/parts.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/istio_kinds.hpp"

namespace egress::mesh {
namespace {

/// The name and namespace that an object gets.
enum class Naming { object, upstream, server, roots, policy, ingress };

/// The function that builds an object's body: one for the gateway, or one for each host.
using Body = std::variant<Json (*)(const Design&), Json (*)(const Design&, const std::string& host)>;

/// One row of the table of all objects of a gateway.
struct Part {
  Stage stage;
  kube::Kind kind;
  Naming naming;
  Body body;
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
bool has_root_certificates(const Design& design) {
  return needs_root_certificates(design.egress, design.mesh);
}
bool uses_mesh_tls(const Design& design) {
  return design.egress.mesh.mutual;
}
bool originates_tls(const Design& design) {
  return design.egress.originates_tls();
}
/// The callers' ServiceEntry and VirtualService together route TLS and TCP connections to the gateway. With
/// only one of them connections would bypass the gateway, so both are in the same stage.
bool is_not_http(const Design& design) {
  return !design.egress.is_http();
}
bool is_http(const Design& design) {
  return design.egress.is_http();
}
/// TLS callers need a ServiceEntry of the wildcard, and the gateway one of its server. HTTP callers need
/// neither.
bool needs_server_entry(const Design& design) {
  return design.egress.has_wildcard_host() && !design.egress.is_http();
}
/// Until 1.9 Istio ignores a server's `bind` (pilot/pkg/networking/core/v1alpha3/gateway.go, 1.9.0 and
/// 1.10.0). Only a policy then limits the probe's listener, which requires no certificate, to the pod itself.
bool needs_authorization_policy(const Design& design) {
  const bool has_open_probe_port = design.egress.probe && design.mesh.version < Version{1, 10, 0};
  return !design.egress.mesh.allow.empty() || has_open_probe_port;
}
bool has_network_policy(const Design& design) {
  return design.egress.network_policy;
}
bool is_exposed(const Design& design) {
  return design.egress.ingress.has_value();
}
bool is_self_signed(const Design& design) {
  return design.self_signed.has_value();
}
bool has_opa(const Design& design) {
  return design.egress.opa.has_value();
}
bool has_inline_policy(const Design& design) {
  return design.egress.opa && design.egress.opa->config_map.empty();
}

/// The table, in the order of creation. A new kind of object is one row, one body and its golden file.
constexpr std::array table{
    Part{Stage::foundation, kube::kinds::service_account, Naming::object, service_account, always},
    Part{Stage::foundation, role, Naming::object, secret_reader_role, always},
    Part{Stage::foundation, secret, Naming::roots, root_certificates_secret, has_root_certificates},
    Part{Stage::foundation, secret, Naming::ingress, ingress_secret, is_self_signed},
    Part{Stage::foundation, config_map, Naming::policy, opa_policy_config_map, has_inline_policy},
    Part{Stage::routing, kube::kinds::service, Naming::object, service, always},
    Part{Stage::routing, kube::kinds::network_policy, Naming::object, mesh::network_policy,
         has_network_policy},
    Part{Stage::routing, kinds::authorization_policy, Naming::object, mesh::authorization_policy,
         needs_authorization_policy},
    Part{Stage::routing, kinds::envoy_filter, Naming::object, opa_envoy_filter, has_opa},
    Part{Stage::routing, kinds::gateway, Naming::object, gateway, always},
    Part{Stage::routing, kinds::service_entry, Naming::server, server_service_entry, needs_server_entry},
    Part{Stage::routing, kinds::service_entry, Naming::object, service_entry, is_http},
    Part{Stage::routing, kinds::virtual_service, Naming::upstream, upstream_virtual_service, always},
    Part{Stage::routing, kinds::destination_rule, Naming::upstream, upstream_destination_rule,
         originates_tls},
    Part{Stage::routing, kinds::destination_rule, Naming::object, callers_destination_rule, uses_mesh_tls},
    Part{Stage::routing, kinds::peer_authentication, Naming::object, peer_authentication, uses_mesh_tls},
    Part{Stage::routing, kinds::gateway, Naming::ingress, ingress_gateway, is_exposed},
    Part{Stage::workload, role_binding, Naming::object, secret_reader_binding, always},
    Part{Stage::workload, kube::kinds::deployment, Naming::object, deployment, always},
    Part{Stage::workload, autoscaler, Naming::object, mesh::autoscaler, is_autoscaled},
    Part{Stage::workload, disruption_budget, Naming::object, mesh::disruption_budget, always},
    Part{Stage::callers, kinds::service_entry, Naming::object, service_entry, is_not_http},
    Part{Stage::callers, kinds::virtual_service, Naming::object, callers_virtual_service, always},
};

std::string name_of(Naming naming, const Egress& egress) {
  switch (naming) {
    case Naming::object:
      return object_name(egress.name);
    case Naming::upstream:
    case Naming::server:
      return upstream_name(egress.name);
    case Naming::roots:
      return root_certificates_name(egress.name);
    case Naming::policy:
      return egress.opa ? policy_name(egress) : std::string();
    case Naming::ingress:
      return ingress_name(egress);
  }
  return {};
}

bool has_name(const Reference& reference, Naming naming, const Egress& egress) {
  const std::string name = name_of(naming, egress);
  return naming == Naming::upstream ? reference.name.starts_with(name) : reference.name == name;
}

Json object_manifest(const Reference& reference, const Egress& egress, const Json& body) {
  Json manifest = object({
      {"apiVersion", reference.resource.api_version()},
      {"kind", reference.resource.kind.name},
      {"metadata", object({
                       {"name", reference.name},
                       {"namespace", reference.ns},
                       {"labels", object_labels(egress.name, record_id(egress.name, egress.ns))},
                   })},
  });
  for (const auto& [key, value] : body.members())
    key == "annotations" ? manifest.edit("metadata").set(key, value) : manifest.set(key, value);
  return manifest;
}

/// Empty if the cluster does not serve a kind of Kubernetes.
std::optional<kube::Resource> served_resource(const kube::Kind& kind, const kube::ServedResources& served) {
  auto resource = served.find(kind);
  if (!resource && kind.group.ends_with("istio.io"))
    throw Error(
        "Istio is not installed on this cluster: the server does not have the kind " + kube::group_kind(kind),
        "install Istio (https://istio.io/latest/docs/setup/), or choose another cluster with --context");
  return resource;
}

}  // namespace

bool Reference::matches(const std::string& type_and_name) const {
  const std::size_t slash = type_and_name.find('/');
  return slash != std::string::npos && type_and_name.substr(slash + 1) == name &&
         resource.kind.matches(to_lower(type_and_name.substr(0, slash)));
}

std::span<const kube::Kind> all_kinds() {
  static const auto kinds = [] {
    std::vector<kube::Kind> found{config_map};
    for (const Part& part : table)
      if (std::ranges::find(found, part.kind) == found.end()) found.push_back(part.kind);
    return found;
  }();
  return kinds;
}

std::vector<Object> manifests(const Design& design, const kube::ServedResources& served,
                              std::vector<kube::Kind>& unserved) {
  const Egress& egress = design.egress;
  std::vector<Object> objects;
  auto add = [&](const Part& part, const kube::Resource& resource, const std::string& name,
                 const Json& body) {
    const std::string& ns = part.naming == Naming::ingress ? egress.ingress->ns : egress.ns;
    Reference reference{resource, ns, name};
    Json json = object_manifest(reference, egress, body);
    objects.push_back({part.stage, std::move(reference), std::move(json)});
  };
  for (const Part& part : table) {
    if (!part.applies(design)) continue;
    const auto resource = served_resource(part.kind, served);
    if (!resource) {
      if (std::ranges::find(unserved, part.kind) == unserved.end()) unserved.push_back(part.kind);
    } else if (const auto* gateway_body = std::get_if<0>(&part.body)) {
      add(part, *resource, name_of(part.naming, egress), (*gateway_body)(design));
    } else {
      for (const std::string& host : egress.hosts)
        add(part, *resource, upstream_name(egress, host), std::get<1>(part.body)(design, host));
    }
  }
  return objects;
}

std::vector<Object> manifests(const Design& design, const kube::ServedResources& served) {
  std::vector<kube::Kind> unserved;
  auto objects = manifests(design, served, unserved);
  if (!unserved.empty()) throw Error(unserved_message(unserved.front()));
  return objects;
}

std::string unserved_message(const kube::Kind& kind) {
  return "the server doesn't have a resource type \"" + std::string(kind.plural) + "\"";
}

Stage stage_of(const Reference& reference, const Egress& egress) {
  const Design design{egress, {}};
  const Part* found = nullptr;
  for (const Part& part : table) {
    const bool matches = part.kind == reference.resource.kind && has_name(reference, part.naming, egress);
    if (matches && (found == nullptr || part.applies(design))) found = &part;
  }
  return found == nullptr ? Stage::foundation : found->stage;
}

}  // namespace egress::mesh
