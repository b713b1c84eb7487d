#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "egress/cli/session.hpp"
#include "egress/fleet/standing.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/mesh/design.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::cli {

/// Whether a gateway of that name may stand already.
enum class Standing { refused, updated };

/// How a gateway is to be prepared.
struct Preparing {
  std::string istio_namespace;
  bool may_make_namespace = false;
  Standing standing = Standing::updated;
};

/// A gateway as it is to be, on the cluster as it is: everything that is known before the server checks it.
struct Prepared {
  fleet::Survey survey;
  mesh::Design design;
  mesh::Plan plan;
  std::vector<mesh::Finding> findings;  ///< of what stands around it, of its own settings, and the refusals
  std::vector<mesh::Finding> refusals;  ///< why it cannot be as it is asked for: each is an error
  bool stands = false;  ///< it is known to be as it should be: nothing is to be checked or written
};

/// Several gateways being prepared together: the cluster is looked at once for all of them.
class Preparation {
 public:
  /// Surveys the cluster, and looks for what would stop or bypass the gateways, each other included.
  Preparation(Session& session, kube::Cluster& cluster, std::vector<mesh::Egress> gateways,
              const Preparing& preparing);

  const std::vector<mesh::Egress>& gateways() const { return gateways_; }

  /// Of all of them, and of what stands around them.
  const std::vector<mesh::Finding>& findings() const { return findings_; }

  /// The i-th of them. Throws Error where it cannot be planned at all, for want of Istio, or stands and may
  /// not; what else speaks against it is among its findings.
  Prepared of(std::size_t i);

  /// Warns of what is the same for all of them once, and of very much only of the first.
  void warn(const std::string& sentence);
  /// How many warnings were not told, if any.
  void tell_untold() const;

 private:
  std::vector<mesh::Finding> audited(std::vector<kube::Listed> listed);
  fleet::Standing standing() const;
  void add_unexpected(Prepared& made) const;
  void design(Prepared& made, const mesh::Egress& egress);
  void plan(Prepared& made, const mesh::Egress& egress) const;

  Session& session_;
  kube::Cluster& cluster_;
  std::vector<mesh::Egress> gateways_;
  Preparing preparing_;
  kube::Pages pages_;
  fleet::FleetSurvey survey_;
  std::vector<mesh::Finding> findings_;
  std::map<std::string, std::vector<std::size_t>> findings_of_;  ///< by the gateway; empty: of the mesh
  fleet::Standing standing_;
  std::set<std::string> warned_;
};

/// Throws Error where two of them that are yet to be made are for one host, as findings of an audit say:
/// nobody knows which is meant.
void refuse_shared_hosts(const std::vector<mesh::Egress>& gateways, std::span<const mesh::Finding> findings);

}  // namespace egress::cli
