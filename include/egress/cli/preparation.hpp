#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "egress/cli/session.hpp"
#include "egress/fleet/live_state.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/mesh/design.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::cli {

/// What to do if the gateway exists.
enum class IfExists { fail, update };

/// How to prepare gateways.
struct PrepareOptions {
  std::string istio_namespace;
  bool create_namespace = false;
  IfExists if_exists = IfExists::update;
};

/// A planned gateway and everything known about it before the server's dry run.
struct PreparedGateway {
  fleet::Survey survey;
  mesh::Design design;
  mesh::Plan plan;
  std::vector<mesh::Finding> findings;  ///< of the audit, including the problems
  std::vector<mesh::Finding> problems;  ///< errors that prevent the gateway from being written
  bool is_up_to_date = false;           ///< nothing needs to be checked or written
};

/// Prepares several gateways with one survey of the cluster.
class Preparation {
 public:
  /// Surveys the cluster and audits the gateways, also against each other.
  Preparation(Session& session, kube::Cluster& cluster, std::vector<mesh::Egress> gateways,
              const PrepareOptions& options);

  const std::vector<mesh::Egress>& gateways() const { return gateways_; }

  /// The findings of the audit for all gateways and the mesh.
  const std::vector<mesh::Finding>& findings() const { return findings_; }

  /// Prepares the i-th gateway. Throws Error if it cannot be planned because Istio was not found, or exists
  /// although it must not. Other problems are in its findings.
  PreparedGateway prepare(std::size_t i);

  /// Prints a warning once, up to max_reported different warnings.
  void warn(const std::string& sentence);
  /// Prints the number of omitted warnings, if any.
  void warn_omitted() const;

 private:
  std::vector<mesh::Finding> audit(std::vector<kube::ListResult> listed);
  fleet::LiveState read_live_state() const;
  void add_extra_members(PreparedGateway& prepared) const;
  void design(PreparedGateway& prepared, const mesh::Egress& egress);
  void plan(PreparedGateway& prepared, const mesh::Egress& egress) const;

  Session& session_;
  kube::Cluster& cluster_;
  std::vector<mesh::Egress> gateways_;
  PrepareOptions options_;
  kube::Pages pages_;
  fleet::FleetSurvey survey_;
  std::vector<mesh::Finding> findings_;
  std::map<std::string, std::vector<std::size_t>> findings_by_gateway_;  ///< indices; the mesh's under ""
  fleet::LiveState live_state_;
  std::set<std::string> warnings_;
};

/// Throws Error if the findings of an audit show that two of the gateways share a host, because Istio would
/// ignore one gateway.
void check_shared_hosts(const std::vector<mesh::Egress>& gateways, std::span<const mesh::Finding> findings);

}  // namespace egress::cli
