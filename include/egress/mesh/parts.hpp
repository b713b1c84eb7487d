#pragma once

#include <span>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {

/// What may be written together. Creation walks the stages forward, deletion backward: callers are sent to a
/// gateway last and away from it first. A change of one that stands leaves its routing, too, as it is until
/// its pods are ready for the new one.
enum class Stage { foundation, routing, workload, callers };

/// Every kind that a gateway may be made of, once, and the record's.
std::span<const kube::Kind> all_kinds();

/// Which object is meant: kind, namespace and name.
struct Reference {
  kube::Resource resource;
  std::string ns;
  std::string name;

  /// "deployment.apps/httpbin-egress", as kubectl prints it.
  std::string display_name() const { return resource.type_name() + "/" + name; }
  /// No two objects have the same: "httpbin/deployment.apps/httpbin-egress".
  std::string key() const { return ns + "/" + display_name(); }
  /// True where "TYPE/NAME", as kubectl's users write it, means it.
  bool matches(const std::string& type_and_name) const;
  bool operator==(const Reference& other) const {
    return resource.kind == other.resource.kind && ns == other.ns && name == other.name;
  }
};

/// An object to be written.
struct Object {
  Stage stage;
  Reference reference;
  Json json;
  Json live{};             ///< as it stood before this command; null where it did not
  Json dry_run{};          ///< as the server would store it, by its dry run
  bool force = false;      ///< fields of others are taken from them, which was agreed to
  Json leftovers{};        ///< a JSON Patch that removes what applying would leave behind; mostly null
  bool unchanged = false;  ///< writing it would change nothing
  bool adopted = false;    ///< it is somebody else's, and to be taken over
  Json last_seen{};        ///< its metadata as this command, once it writes, last saw it
  bool created = false;    ///< a write of this command made it
  bool keeps_live_replicas = false;  ///< it says as many pods as there are, and nobody asks for a number
};

/// All objects of a gateway, in the order of creation, in the versions that are served. Throws Error where a
/// kind is not served at all.
std::vector<Object> manifests(const Design& design, const kube::ServedResources& served);
/// Those of the kinds that are served; the others are named, each once. Throws Error where Istio's are not
/// served at all.
std::vector<Object> manifests(const Design& design, const kube::ServedResources& served,
                              std::vector<kube::Kind>& unserved);
/// In kubectl's words: `the server doesn't have a resource type "…"`.
std::string unserved_message(const kube::Kind& kind);

/// The stage at which that object of the gateway is written.
Stage stage_of(const Reference& reference, const Egress& egress);

}  // namespace egress::mesh
