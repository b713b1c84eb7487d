#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/fleet/mesh_flags.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/injection.hpp"

namespace egress::fleet {

/// A gateway to look for, and what the user says of its mesh.
struct Wanted {
  std::string gateway;
  std::string ns;
  MeshFlags flags{};
};

/// One of them, as far as it is there.
struct Place {
  bool exists = false;         ///< its namespace; one that may not be looked at is taken to be there
  std::string why_hidden{};    ///< why its namespace may not be looked at; mostly empty
  Json labels{};               ///< the namespace's
  std::optional<Json> record;  ///< the ConfigMap of its record's name, whosever it is where one is looked for
};

/// The namespaces and records of gateways: of one by two calls of their own, of several by lists.
class Places {
 public:
  explicit Places(std::vector<Wanted> wanted);

  const std::vector<Wanted>& wanted() const { return wanted_; }
  const Place& at(std::size_t i) const { return places_[i]; }
  /// Where the i-th gateway's pods are to run, as Istio's injector asks.
  mesh::Placement placement(std::size_t i) const;

  /// What to ask: either of the two is empty.
  std::vector<kube::Call> calls() const;
  std::vector<kube::Listing> listings() const;

  /// Takes the answers to the calls. Throws ApiError where the server cannot tell.
  void take(std::span<const kube::Answer> answers);
  /// Takes the lists; asks for each record where this user may not list them.
  void take(kube::Cluster& cluster, std::vector<kube::Listed> listed);

 private:
  void take_namespaces(const kube::Listed& listed);
  void take_records(std::vector<Json> records);
  void ask_for_records(kube::Cluster& cluster);

  std::vector<Wanted> wanted_;
  std::vector<Place> places_;
};

}  // namespace egress::fleet
