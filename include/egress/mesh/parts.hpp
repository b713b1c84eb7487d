#pragma once

#include <span>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {

/// A group of objects that are written together. Creation goes through the stages forwards, deletion
/// backwards: traffic is routed to a gateway last and away from it first. An apply also keeps the routing of
/// an existing gateway until its new pods are ready.
enum class Stage { foundation, routing, workload, callers };

/// Every kind of object that a gateway can have, including its record, without duplicates.
std::span<const kube::Kind> all_kinds();

/// Identifies an object by kind, namespace and name.
struct Reference {
  kube::Resource resource;
  std::string ns;
  std::string name;

  /// "deployment.apps/httpbin-egress", as kubectl prints it.
  std::string display_name() const { return resource.type_name() + "/" + name; }
  /// A unique key: "httpbin/deployment.apps/httpbin-egress".
  std::string key() const { return ns + "/" + display_name(); }
  /// True if "TYPE/NAME", with any name of the type that kubectl knows, refers to this object.
  bool matches(const std::string& type_and_name) const;
  bool operator==(const Reference& other) const {
    return resource.kind == other.resource.kind && ns == other.ns && name == other.name;
  }
};

/// An object to write.
struct Object {
  Stage stage;
  Reference reference;
  Json json;
  Json live{};                       ///< the object before this command; null if it did not exist
  Json dry_run{};                    ///< the result of the server's dry run
  bool force = false;                ///< take over fields of other managers, as the user confirmed
  Json leftovers{};                  ///< JSON Patch that removes fields which apply leaves; mostly null
  bool unchanged = false;            ///< a write would change nothing
  bool adopted = false;              ///< it has another owner and is taken over
  Json last_seen{};                  ///< metadata that this command read last, after it began to write
  bool created = false;              ///< a write of this command created it
  bool keeps_live_replicas = false;  ///< spec.replicas is the live number, which no setting determines
};

/// All objects of a gateway in the order of creation, in API versions that the cluster serves. Throws Error
/// if it does not serve a kind.
std::vector<Object> manifests(const Design& design, const kube::ServedResources& served);
/// The objects whose kinds the cluster serves; each other kind is added to `unserved` once. Throws Error if
/// the cluster does not serve one of Istio's kinds.
std::vector<Object> manifests(const Design& design, const kube::ServedResources& served,
                              std::vector<kube::Kind>& unserved);
/// kubectl's message: `the server doesn't have a resource type "…"`.
std::string unserved_message(const kube::Kind& kind);

/// The stage in which that object of the gateway is written.
Stage stage_of(const Reference& reference, const Egress& egress);

}  // namespace egress::mesh
