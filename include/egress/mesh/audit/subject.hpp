#pragma once

#include <span>
#include <string>
#include <vector>

#include "egress/mesh/audit/neighbourhood.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/finding.hpp"

namespace egress::mesh {

/// One gateway under audit, with what is its own of what stands around it.
struct Subject {
  const Egress& egress;
  std::string set;                  ///< its objects' ApplySet
  std::string service;              ///< its Service's full name
  Json labels;                      ///< of its pods
  std::vector<std::string> names;   ///< by which callers ask
  ExportScope scope;                ///< of its callers' route
  bool stands = false;              ///< any of its objects was seen
  const Exported* route = nullptr;  ///< its callers' VirtualService; null: callers are not sent to it yet
  const PackedJson* deployment = nullptr;
  std::vector<const PackedJson*> pods;

  /// "NS/NAME".
  std::string text() const { return egress.ns + "/" + egress.name; }
  /// `egressgateway "NS/NAME"`.
  std::string phrase() const;
  /// True where callers of that namespace may use it, as far as its settings say.
  bool admits(const std::string& ns) const;
  /// Namespaces that its settings name as callers', each once, in their order.
  std::vector<std::string> callers() const;
  bool owns(const Neighbour& neighbour) const { return neighbour.set == set; }
  /// Of its own Deployment: "deployment.apps/httpbin-egress".
  Reference workload() const;
  /// The line that edits its settings; empty where it only is planned: then they are being written anyway.
  std::string change() const;

  Finding finding(Severity severity, std::string code, Reference object, std::string message,
                  std::string fix) const;
  /// The same, about how it stands now.
  Finding finding_at_present(Severity severity, std::string code, Reference object, std::string message,
                             std::string fix) const;
};

/// The gateways, each with its own. They and the neighbourhood must outlive what is returned.
std::vector<Subject> subjects(std::span<const Egress> gateways, const Neighbourhood& around);

}  // namespace egress::mesh
