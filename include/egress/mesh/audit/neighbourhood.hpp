#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "egress/mesh/audit/host_index.hpp"
#include "egress/mesh/audit/label_index.hpp"
#include "egress/mesh/audit/neighbour.hpp"
#include "egress/mesh/surroundings.hpp"

namespace egress::mesh {

/// The surroundings, read once and indexed by what an audit of many gateways asks for. Objects that another
/// revision's istiod alone looks at are left out (label istio.io/rev; pilot/pkg/model, LabelsInRevision).
struct Neighbourhood {
  /// The surroundings must outlive it.
  explicit Neighbourhood(const Surroundings& surroundings);
  Neighbourhood(const Neighbourhood&) = delete;
  Neighbourhood& operator=(const Neighbourhood&) = delete;

  const Surroundings& all;
  const Mesh& mesh;
  const Revisions& revisions;

  std::vector<Exported> routes;  ///< VirtualServices on the mesh
  std::vector<Exported> entries;
  std::vector<TrafficRule> rules;
  std::vector<PodRule> gateways;
  std::vector<PodRule> policies;
  std::vector<PodRule> filters;
  std::vector<Imports> sidecars;
  std::vector<PodRule> budgets;

  HostIndex<Exported> routes_by_host;
  HostIndex<Exported> entries_by_host;
  HostIndex<TrafficRule> rules_by_host;
  std::unordered_map<std::string, std::vector<const Exported*>> entries_by_address;
  LabelIndex<PodRule> gateways_by_label;
  std::unordered_map<std::string, std::vector<const PodRule*>> gateways_by_host;  ///< of a server on 443
  LabelIndex<PodRule> policies_by_label;
  LabelIndex<PodRule> filters_by_label;

  std::unordered_set<std::string> settled;  ///< namespaces with a Sidecar for all of their proxies
  std::unordered_map<std::string, Json> namespace_labels;
  std::unordered_map<std::string, const PackedJson*> deployments;  ///< by their ApplySet
  std::unordered_map<std::string, const Exported*> own_routes;
  std::unordered_set<std::string> managed;   ///< "NS/deployment.apps/NAME" of the objects of gateways
  std::unordered_set<std::string> standing;  ///< ApplySets of which any object was seen
  std::unordered_map<std::string, std::vector<const PackedJson*>> pods;   ///< by the gateway's own label
  std::unordered_map<std::string, LabelIndex<PodRule>> budgets_by_label;  ///< by namespace

  /// The labels of a namespace; null where it is not there, or was not seen.
  const Json* labels_of(const std::string& ns) const;

 private:
  template <typename T, typename Read>
  std::vector<T> read_all(const std::vector<PackedJson>& objects, const kube::Resource& resource,
                          Read read_one);
  void read_routes();
  void index_hosts();
  void index_pod_rules();
  void index_budgets();
  void index_own();
  void index_pods();
  void note(const Neighbour& one);
};

}  // namespace egress::mesh
