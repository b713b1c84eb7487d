#pragma once

#include <span>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/kube/served.hpp"
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
  std::string label() const { return resource.label() + "/" + name; }
  /// No two objects have the same: "httpbin/deployment.apps/httpbin-egress".
  std::string key() const { return ns + "/" + label(); }
  /// True where "TYPE/NAME", as kubectl's users write it, means it.
  bool is_called(const std::string& typed) const;
  bool operator==(const Reference& other) const {
    return resource.kind == other.resource.kind && ns == other.ns && name == other.name;
  }
};

/// An object to be written.
struct Object {
  Stage stage;
  Reference reference;
  Json json;
  Json standing{};             ///< as it stood before this command; null where it did not
  Json tried{};                ///< as the server would store it, by its dry run
  bool forced = false;         ///< fields of others are taken from them, which was agreed to
  Json remains{};              ///< a JSON Patch that removes what applying would leave behind; mostly null
  bool unchanged = false;      ///< writing it would change nothing
  bool adopted = false;        ///< it is somebody else's, and to be taken over
  Json seen{};                 ///< its metadata as this command, once it writes, last saw it
  bool made = false;           ///< a write of this command made it
  bool replicas_kept = false;  ///< it says as many pods as there are, and nobody asks for a number
};

/// All objects of a gateway, in the order of creation, in the versions that are served. Throws Error where a
/// kind is not served at all.
std::vector<Object> manifests(const Design& design, const kube::Served& served);
/// Those of the kinds that are served; the others are named, each once. Throws Error where Istio's are not
/// served at all.
std::vector<Object> manifests(const Design& design, const kube::Served& served,
                              std::vector<kube::Kind>& unserved);
/// In kubectl's words: `the server doesn't have a resource type "…"`.
std::string unserved_fault(const kube::Kind& kind);

/// The stage at which that object of the gateway is written.
Stage stage_of(const Reference& reference, const Egress& egress);

}  // namespace egress::mesh
