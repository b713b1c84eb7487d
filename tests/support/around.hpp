#pragma once

#include <functional>
#include <string>
#include <vector>

#include "egress/mesh/audit.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/surroundings.hpp"

namespace egress::testing {

/// An object as a list brings it: made on that day of November 2026.
Json listed(const std::string& ns, const std::string& name, Json spec, int day = 10);
/// A namespace as a list brings it.
Json listed_namespace(const std::string& name, Json labels = {});

/// Changes an object of the surroundings.
void change(PackedJson& packed, const std::function<void(Json& object)>& how);

/// A mesh that holds its callers back, with the namespaces "httpbin" and "shop", and nothing else: an audit
/// of modest() finds nothing there.
mesh::Surroundings quiet_surroundings();
/// The gateway httpbin for the callers of "shop" alone.
mesh::Egress modest();

/// Puts the gateway's objects into the surroundings, as made on the 5th, with one ready pod.
void stand(mesh::Surroundings& surroundings, const mesh::Egress& egress);

/// Adds objects of another team, each of a kind that an audit reads, that touch no gateway of modest()'s
/// kind; `number` tells them from other teams' objects.
void add_unrelated(mesh::Surroundings& surroundings, int number);

/// What an audit of one gateway finds under that code.
std::vector<mesh::Finding> found(const std::string& code, const mesh::Egress& egress,
                                 const mesh::Surroundings& surroundings);
/// The codes of all that it finds.
std::vector<std::string> codes(const std::vector<mesh::Finding>& findings);

}  // namespace egress::testing
