#include <algorithm>
#include <map>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/istio_kinds.hpp"

namespace egress::mesh {
namespace {

/// Who meets whom in the sidecars of which namespaces, and which of two VirtualServices is kept there.
struct Contest {
  bool lost_everywhere = false;
  bool kept_everywhere = false;
  std::set<std::string> lost;
  std::set<std::string> kept;

  bool is_lost() const { return lost_everywhere || !lost.empty(); }
  bool is_kept() const { return kept_everywhere || !kept.empty(); }
  std::string lost_text() const { return lost_everywhere ? "every namespace" : namespaces_text(lost); }
};

/// A sidecar looks first at what is private to its namespace, then at what is exported to it by name, then
/// at what is exported to everyone (pilot/pkg/model/push_context.go, initVirtualServices).
int turn(const ExportScope& scope, const std::string& ns) {
  if (scope.everywhere()) return 2;
  return ns == scope.owner() ? 0 : 1;
}

Contest contest(const ExportScope& ours, const ExportScope& theirs, bool theirs_is_older) {
  Contest result;
  if (ours.everywhere() && theirs.everywhere()) {
    (theirs_is_older ? result.lost_everywhere : result.kept_everywhere) = true;
    return result;
  }
  std::set<std::string> places = ours.namespaces();
  places.insert(theirs.namespaces().begin(), theirs.namespaces().end());
  for (const std::string& ns : places) {
    if (!ours.reaches(ns) || !theirs.reaches(ns)) continue;
    const int difference = turn(theirs, ns) - turn(ours, ns);
    (difference < 0 || (difference == 0 && theirs_is_older) ? result.lost : result.kept).insert(ns);
  }
  return result;
}

/// The other's VirtualService is kept, and callers never come to this gateway.
Finding lost(const Subject& subject, const Exported& other, const std::vector<std::string>& hosts,
             const Contest& result) {
  const std::string what = other.managed ? other.manager() : named(other.reference);
  std::string fix = edit_command(other.reference);
  if (other.managed) fix = subject.stands ? delete_command(subject.egress.name, subject.egress.ns) : "";
  return subject.finding(
      Severity::error, "IST0109", other.reference,
      what + " has the host " + listed(hosts) + " on the mesh too, and comes first in " + result.lost_text() +
          ": of two for one host a sidecar drops the second whole, so callers there never reach this gateway",
      std::move(fix));
}

/// This gateway's is kept, and the other's routes are gone.
Finding kept(const Subject& subject, const Exported& other, const std::vector<std::string>& hosts) {
  if (!other.managed)
    return subject.finding(Severity::warning, "IST0109", other.reference,
                           named(other.reference) + " has the host " + listed(hosts) +
                               " on the mesh too, and comes second: sidecars that see this gateway's "
                               "VirtualService drop that one whole, its other routes with it",
                           edit_command(other.reference));
  return subject.finding(
      Severity::warning, "IST0109", other.reference,
      other.manager() + " is for the host " + listed(hosts) +
          " too, and comes second: callers are sent to this gateway, and none to that one",
      delete_command(other.labels()["app.kubernetes.io/instance"].as_string(), other.reference.ns));
}

/// A wildcard gateway loses single names to whoever names them.
void find_narrower(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const std::string& host : subject.egress.hosts) {
    if (!host.starts_with('*')) continue;
    for (const auto& [name, other] : around.routes_by_host.within(host)) {
      if (subject.owns(*other) || other->managed) continue;
      const Contest result = contest(subject.scope, other->scope, true);
      if (!result.is_lost() && !result.is_kept()) continue;
      found.push_back(subject.finding(
          Severity::warning, "NarrowerRoute", other->reference,
          named(other->reference) + " names " + quoted(name) + ", which the gateway's " + quoted(host) +
              " means too: a sidecar takes the narrower one, so those callers go another way",
          edit_command(other->reference)));
    }
  }
}

}  // namespace

void find_route_conflicts(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  std::map<const Exported*, std::vector<std::string>> others;
  for (const std::string& name : subject.names)
    for (const Exported* other : around.routes_by_host.naming(name))
      if (!subject.owns(*other)) others[other].push_back(name);
  for (const auto& [other, hosts] : others) {
    const bool older = subject.route == nullptr || other->before(*subject.route);
    const Contest result = contest(subject.scope, other->scope, older);
    if (result.is_lost())
      found.push_back(lost(subject, *other, hosts, result));
    else if (result.is_kept())
      found.push_back(kept(subject, *other, hosts));
  }
  find_narrower(subject, around, found);
}

/// Of gateways whose routes are both yet to be written nobody knows which comes first.
void find_shared_hosts(std::span<const Subject> subjects, const Neighbourhood&, std::vector<Finding>& found) {
  std::map<std::string, const Subject*> first;
  for (const Subject& subject : subjects) {
    if (subject.route != nullptr) continue;
    std::map<const Subject*, std::vector<std::string>> shared;
    for (const std::string& name : subject.names) {
      const Subject* other = first.try_emplace(name, &subject).first->second;
      if (other == &subject) continue;
      const Contest result = contest(subject.scope, other->scope, true);
      if (result.is_lost() || result.is_kept()) shared[other].push_back(name);
    }
    for (const auto& [other, hosts] : shared)
      found.push_back(
          subject.finding(Severity::error, "IST0109", gateway_reference(other->egress),
                          other->phrase() + " is for the host " + listed(hosts) +
                              " too: of two for one host a sidecar drops the second whole, so one of them "
                              "would get no callers",
                          subject.stands ? delete_command(subject.egress.name, subject.egress.ns) : ""));
  }
}

}  // namespace egress::mesh
