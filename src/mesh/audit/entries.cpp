#include <algorithm>
#include <map>

#include "egress/base/text.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/entry_port.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// True where a caller that sees both the entry and the gateway's route is not sent to the gateway.
bool passes_by(const Subject& subject, const EntryPort& port) {
  if (subject.egress.http()) return !port.http();
  return port.number != subject.egress.port || port.http();
}

/// The ports by which callers reach the host directly.
std::vector<std::string> open_ports(const Subject& subject, const Exported& entry) {
  const bool all_routed = subject.scope.includes(entry.scope);
  std::vector<std::string> ports;
  for (const Json& one : entry.spec()["ports"].items()) {
    const EntryPort port = read_entry_port(one);
    if (!all_routed || passes_by(subject, port)) ports.push_back(port.text());
  }
  return ports;
}

std::string keep_private(const Exported& entry) {
  if (!entry.scope.beyond_owner()) return edit_command(entry.reference);
  return merge_command(entry.reference, object({{"spec", object({{"exportTo", array({"."})}})}}));
}

void add_bypass(const Subject& subject, const Exported& entry, const std::vector<std::string>& hosts,
                std::vector<Finding>& found) {
  const std::vector<std::string> ports = open_ports(subject, entry);
  if (ports.empty()) return;
  found.push_back(subject.finding(Severity::warning, "Bypass", entry.reference,
                                  named(entry.reference) + " lets callers in " + entry.scope.text() +
                                      " reach " + listed(hosts) + " directly on port " + join(ports, ", ") +
                                      ", past this gateway",
                                  keep_private(entry)));
}

/// Two entries of one host: for the gateway itself, or for callers who must see its own.
void add_duplicate(const Subject& subject, const Exported& entry, const std::vector<std::string>& hosts,
                   std::vector<Finding>& found) {
  const bool beside = entry.reference.ns == subject.egress.ns;
  const bool seen_by_callers = !subject.egress.http() && entry.scope.beyond_owner();
  if (!beside && !seen_by_callers) return;
  const std::string where = beside ? "in the gateway's own namespace" : "where callers see it";
  found.push_back(subject.finding(Severity::warning, "DuplicateEntry", entry.reference,
                                  named(entry.reference) + " is for " + listed(hosts) + " too, " + where +
                                      ": Istio takes one of the two, and its ports and resolution",
                                  beside ? edit_command(entry.reference) : keep_private(entry)));
}

/// Other ServiceEntries for the gateway's hosts, each with those hosts: exact, by a wildcard, or one of which
/// the gateway's own wildcard speaks. Hosts of another gateway of this tool meet as routes.
std::map<const Exported*, std::vector<std::string>> others_for(const Subject& subject,
                                                               const Neighbourhood& around) {
  std::map<const Exported*, std::vector<std::string>> others;
  auto add = [&](const std::string& host, const Exported* entry) {
    if (subject.owns(*entry) || entry->managed) return;
    // An entry may name a host, and a wildcard that means it, too.
    auto& hosts = others[entry];
    if (hosts.empty() || hosts.back() != host) hosts.push_back(host);
  };
  for (const std::string& host : subject.egress.hosts) {
    for (const Exported* entry : around.entries_by_host.covering(host)) add(host, entry);
    if (!host.starts_with('*')) continue;
    for (const auto& [name, entry] : around.entries_by_host.within(host)) add(name, entry);
  }
  return others;
}

/// What is dialled by address belongs to whoever names the address.
void find_address_conflicts(const Subject& subject, const Neighbourhood& around,
                            std::vector<Finding>& found) {
  if (subject.egress.protocol != Protocol::tcp) return;
  std::map<const Exported*, std::vector<std::string>> others;
  for (const std::string& address : subject.egress.addresses)
    if (const auto at = around.entries_by_address.find(address); at != around.entries_by_address.end())
      for (const Exported* entry : at->second) others[entry].push_back(address);
  for (const auto& [entry, shared] : others) {
    if (subject.owns(*entry) || !entry->scope.beyond_owner()) continue;
    const auto& ports = entry->spec()["ports"].items();
    const bool same_port = std::ranges::any_of(
        ports, [&](const Json& port) { return port["number"].as_integer() == subject.egress.port; });
    if (!same_port) continue;
    found.push_back(subject.finding(Severity::warning, "AddressTaken", entry->reference,
                                    named(entry->reference) + " has the address " + listed(shared) +
                                        " and port " + std::to_string(subject.egress.port) +
                                        " too: bytes do not say which of the two they mean",
                                    keep_private(*entry)));
  }
}

}  // namespace

void find_bypasses(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const auto& [entry, hosts] : others_for(subject, around)) {
    add_bypass(subject, *entry, hosts, found);
    const bool by_name = std::ranges::any_of(hosts, [&entry = *entry](const std::string& host) {
      return std::ranges::find(entry.hosts, host) != entry.hosts.end();
    });
    if (by_name) add_duplicate(subject, *entry, hosts, found);
  }
  find_address_conflicts(subject, around, found);
}

}  // namespace egress::mesh
