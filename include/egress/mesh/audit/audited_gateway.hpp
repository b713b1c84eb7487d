#pragma once

#include <span>
#include <string>
#include <vector>

#include "egress/mesh/audit/audit_index.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/finding.hpp"

namespace egress::mesh {

/// A gateway under audit, with its own objects on the cluster.
struct AuditedGateway {
  const Egress& egress;
  std::string set;                 ///< the ID of its ApplySet
  std::string service;             ///< its Service's full name
  Json labels;                     ///< of its pods
  std::vector<std::string> names;  ///< host names that callers use
  ExportScope scope;               ///< where its callers' route is visible
  bool exists = false;             ///< one of its objects exists on the cluster
  const ExportedObject* route =
      nullptr;  ///< its callers' VirtualService; null if no traffic is routed to it yet
  const JsonText* deployment = nullptr;
  std::vector<const JsonText*> pods;

  /// "NS/NAME".
  std::string text() const { return egress.ns + "/" + egress.name; }
  /// "egressgateway/NAME -n NS".
  std::string full_name() const;
  /// True if its settings allow callers of that namespace.
  bool allows_namespace(const std::string& ns) const;
  /// The namespaces in spec.mesh.allow, each once, in their order.
  std::vector<std::string> callers() const;
  bool owns(const AuditedObject& object) const { return object.set == set; }
  /// Its Deployment.
  Reference workload() const;
  /// The command that edits its settings; empty for a planned gateway, whose settings are being written
  /// anyway.
  std::string settings_fix() const;

  Finding finding(Severity severity, std::string code, Reference object, std::string message,
                  std::string fix) const;
  /// The same, for a problem of the live objects and not of the settings.
  Finding live_finding(Severity severity, std::string code, Reference object, std::string message,
                       std::string fix) const;
};

/// Looks up the objects of each gateway. The arguments must outlive the result.
std::vector<AuditedGateway> audited_gateways(std::span<const Egress> gateways, const AuditIndex& index);

}  // namespace egress::mesh
