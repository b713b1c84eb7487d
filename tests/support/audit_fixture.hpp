#pragma once

#include <functional>
#include <string>
#include <vector>

#include "egress/mesh/audit.hpp"
#include "egress/mesh/audit_snapshot.hpp"
#include "egress/mesh/finding.hpp"

namespace egress::testing {

/// An object as a list brings it: made on that day of November 2026.
Json listed_object(const std::string& ns, const std::string& name, Json spec, int day = 10);
/// A namespace as a list brings it.
Json listed_namespace(const std::string& name, Json labels = {});

/// Changes an object of the snapshot.
void modify(JsonText& packed, const std::function<void(Json& object)>& edit);

/// A mesh that holds its callers back, with the namespaces "httpbin" and "shop", and nothing else: an audit
/// of restricted_gateway() finds nothing there.
mesh::AuditSnapshot clean_snapshot();
/// The gateway httpbin for the callers of "shop" alone.
mesh::Egress restricted_gateway();

/// Puts the gateway's objects into the snapshot, as made on the 5th, with one ready pod.
void add_gateway(mesh::AuditSnapshot& snapshot, const mesh::Egress& egress);

/// Adds objects of another team, each of a kind that an audit reads, that touch no gateway of
/// restricted_gateway()'s kind; `number` tells them from other teams' objects.
void add_unrelated_objects(mesh::AuditSnapshot& snapshot, int number);

/// What an audit of one gateway finds under that code.
std::vector<mesh::Finding> findings_with_code(const std::string& code, const mesh::Egress& egress,
                                              const mesh::AuditSnapshot& snapshot);
/// The codes of all that it finds.
std::vector<std::string> finding_codes(const std::vector<mesh::Finding>& findings);

}  // namespace egress::testing
