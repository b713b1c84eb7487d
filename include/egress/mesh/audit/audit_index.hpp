#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "egress/mesh/audit/audited_object.hpp"
#include "egress/mesh/audit/host_index.hpp"
#include "egress/mesh/audit/label_index.hpp"
#include "egress/mesh/audit_snapshot.hpp"

namespace egress::mesh {

/// A snapshot's objects, parsed once and indexed for the audit of many gateways. Objects that belong to
/// another Istio revision are left out (label istio.io/rev; pilot/pkg/model, LabelsInRevision).
struct AuditIndex {
  /// The snapshot must outlive it.
  explicit AuditIndex(const AuditSnapshot& source);
  AuditIndex(const AuditIndex&) = delete;
  AuditIndex& operator=(const AuditIndex&) = delete;

  const AuditSnapshot& snapshot;
  const Mesh& mesh;
  const Revisions& revisions;

  std::vector<ExportedObject> routes;  ///< VirtualServices that apply to sidecars
  std::vector<ExportedObject> entries;
  std::vector<DestinationRule> rules;
  std::vector<WorkloadSelector> gateways;
  std::vector<WorkloadSelector> policies;
  std::vector<WorkloadSelector> filters;
  std::vector<SidecarScope> sidecars;
  std::vector<WorkloadSelector> budgets;

  HostIndex<ExportedObject> routes_by_host;
  HostIndex<ExportedObject> entries_by_host;
  HostIndex<DestinationRule> rules_by_host;
  std::unordered_map<std::string, std::vector<const ExportedObject*>> entries_by_address;
  LabelIndex<WorkloadSelector> gateways_by_label;
  std::unordered_map<std::string, std::vector<const WorkloadSelector*>>
      gateways_by_host;  ///< by the hosts of their servers on port 443
  LabelIndex<WorkloadSelector> policies_by_label;
  LabelIndex<WorkloadSelector> filters_by_label;

  std::unordered_set<std::string>
      namespaces_with_sidecar;  ///< namespaces with a Sidecar for all of their proxies
  std::unordered_map<std::string, Json> namespace_labels;
  std::unordered_map<std::string, const JsonText*> deployments;  ///< by ApplySet ID
  std::unordered_map<std::string, const ExportedObject*> routes_by_set;
  std::unordered_set<std::string> managed_keys;   ///< "NS/deployment.apps/NAME" of the objects of gateways
  std::unordered_set<std::string> existing_sets;  ///< IDs of ApplySets with at least one live object
  std::unordered_map<std::string, std::vector<const JsonText*>>
      pods;  ///< by the value of the gateway's label
  std::unordered_map<std::string, LabelIndex<WorkloadSelector>> budgets_by_label;  ///< by namespace

  /// The labels of a namespace; null if it does not exist or could not be read.
  const Json* find_namespace_labels(const std::string& ns) const;

 private:
  template <typename T, typename Read>
  std::vector<T> read_all(const std::vector<JsonText>& objects, const kube::Resource& resource, Read read);
  void read_routes();
  void index_hosts();
  void index_selectors();
  void index_budgets();
  void index_members();
  void index_pods();
  void add_member(const AuditedObject& object);
};

}  // namespace egress::mesh
