#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "egress/fleet/mesh_flags.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/injection.hpp"

namespace egress::fleet {

/// A gateway to look for, and what the user says of its mesh.
struct GatewayRequest {
  std::string gateway;
  std::string ns;
  MeshFlags flags{};
};

/// A namespace of gateways, as far as it is there.
struct NamespaceState {
  bool exists = false;      ///< one that may not be looked at is taken to be there
  std::string get_error{};  ///< why it may not be looked at; mostly empty
  Json labels{};
};

/// The namespaces and records of gateways: of few each is asked for, of many they are listed.
class TargetLookup {
 public:
  explicit TargetLookup(std::vector<GatewayRequest> wanted);

  const std::vector<GatewayRequest>& wanted() const { return wanted_; }
  /// The i-th gateway's namespace.
  const NamespaceState& namespace_state(std::size_t i) const { return namespaces_.at(wanted_[i].ns); }
  /// The ConfigMap of the name of its record: whosever it is, where it was asked for.
  const std::optional<JsonText>& record(std::size_t i) const { return records_[i]; }
  /// Where its pods are to run, as Istio's injector asks.
  mesh::Placement placement(std::size_t i) const;

  /// What to ask.
  std::vector<kube::Call> calls() const;
  std::vector<kube::Listing> listings() const;

  /// Takes the answers to the calls, in their order. Throws ApiError where the server cannot tell.
  void take(std::vector<kube::Answer> answers);
  /// Takes the lists, in their order; asks for each record where this user may not list them.
  void take(kube::Cluster& cluster, std::vector<kube::ListResult> listed);

 private:
  bool lists_namespaces() const;
  bool lists_records() const;
  void take_namespace(NamespaceState& state, const kube::Answer& answer) const;
  void take_namespaces(const kube::ListResult& listed);
  void take_records(const std::vector<JsonText>& records);
  void ask_for_records(kube::Cluster& cluster);

  std::vector<GatewayRequest> wanted_;
  std::map<std::string, NamespaceState> namespaces_;  ///< by the namespace's name
  std::vector<std::optional<JsonText>> records_;
};

}  // namespace egress::fleet
