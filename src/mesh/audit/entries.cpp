#include <algorithm>
#include <map>

#include "egress/base/text.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/entry_port.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// True if a caller that sees both the entry and the gateway's route is not routed to the gateway.
bool bypasses_gateway(const AuditedGateway& gateway, const EntryPort& port) {
  if (gateway.egress.is_http()) return !port.is_http();
  return port.number != gateway.egress.port || port.is_http();
}

/// The ports on which callers reach the host directly.
std::vector<std::string> open_ports(const AuditedGateway& gateway, const ExportedObject& entry) {
  const bool is_always_routed = gateway.scope.includes(entry.scope);
  std::vector<std::string> ports;
  for (const Json& item : entry.spec()["ports"].items()) {
    const EntryPort port = read_entry_port(item);
    if (!is_always_routed || bypasses_gateway(gateway, port)) ports.push_back(port.text());
  }
  return ports;
}

std::string restrict_export_command(const ExportedObject& entry) {
  if (!entry.scope.is_visible_outside_owner()) return edit_command(entry.reference);
  return merge_command(entry.reference, object({{"spec", object({{"exportTo", array({"."})}})}}));
}

void add_bypass(const AuditedGateway& gateway, const ExportedObject& entry,
                const std::vector<std::string>& hosts, std::vector<Finding>& findings) {
  const std::vector<std::string> ports = open_ports(gateway, entry);
  if (ports.empty()) return;
  findings.push_back(gateway.finding(Severity::warning, "Bypass", entry.reference,
                                     full_name(entry.reference) + " lets callers in " + entry.scope.text() +
                                         " reach " + quoted_list(hosts) + " directly on port " +
                                         join(ports, ", ") + ", bypassing this gateway",
                                     restrict_export_command(entry)));
}

/// Reports a second entry for the gateway's host that the gateway or its callers see.
void add_duplicate(const AuditedGateway& gateway, const ExportedObject& entry,
                   const std::vector<std::string>& hosts, std::vector<Finding>& findings) {
  const bool is_in_gateway_namespace = entry.reference.ns == gateway.egress.ns;
  const bool is_visible_to_callers = !gateway.egress.is_http() && entry.scope.is_visible_outside_owner();
  if (!is_in_gateway_namespace && !is_visible_to_callers) return;
  const std::string where =
      is_in_gateway_namespace ? "in the gateway's own namespace" : "where callers see it";
  findings.push_back(gateway.finding(
      Severity::warning, "DuplicateEntry", entry.reference,
      full_name(entry.reference) + " has the gateway's host " + quoted_list(hosts) + " " + where +
          ": Istio uses the ports and resolution of only one of the two",
      is_in_gateway_namespace ? edit_command(entry.reference) : restrict_export_command(entry)));
}

/// Other ServiceEntries that match a host of the gateway, by name or wildcard, with the hosts that match.
/// Conflicts with another gateway of this tool are reported as route conflicts instead.
std::map<const ExportedObject*, std::vector<std::string>> other_entries(const AuditedGateway& gateway,
                                                                        const AuditIndex& index) {
  std::map<const ExportedObject*, std::vector<std::string>> others;
  auto add = [&](const std::string& host, const ExportedObject* entry) {
    if (gateway.owns(*entry) || entry->is_managed) return;
    // An entry may have both a host and a wildcard that matches it.
    auto& hosts = others[entry];
    if (hosts.empty() || hosts.back() != host) hosts.push_back(host);
  };
  for (const std::string& host : gateway.egress.hosts) {
    for (const ExportedObject* entry : index.entries_by_host.matches(host)) add(host, entry);
    if (!host.starts_with('*')) continue;
    for (const auto& [name, entry] : index.entries_by_host.subdomain_matches(host)) add(name, entry);
  }
  return others;
}

/// Reports other entries with the address and port of a TCP gateway.
void find_address_conflicts(const AuditedGateway& gateway, const AuditIndex& index,
                            std::vector<Finding>& findings) {
  if (gateway.egress.protocol != Protocol::tcp) return;
  std::map<const ExportedObject*, std::vector<std::string>> others;
  for (const std::string& address : gateway.egress.addresses)
    if (const auto at = index.entries_by_address.find(address); at != index.entries_by_address.end())
      for (const ExportedObject* entry : at->second) others[entry].push_back(address);
  for (const auto& [entry, shared] : others) {
    if (gateway.owns(*entry) || !entry->scope.is_visible_outside_owner()) continue;
    const auto& ports = entry->spec()["ports"].items();
    const bool has_same_port = std::ranges::any_of(
        ports, [&](const Json& port) { return port["number"].as_integer() == gateway.egress.port; });
    if (!has_same_port) continue;
    findings.push_back(gateway.finding(
        Severity::warning, "AddressTaken", entry->reference,
        full_name(entry->reference) + " has the gateway's address " + quoted_list(shared) + " and port " +
            std::to_string(gateway.egress.port) + ": TCP connections may reach either service",
        restrict_export_command(*entry)));
  }
}

}  // namespace

void find_bypasses(const AuditedGateway& gateway, const AuditIndex& index, std::vector<Finding>& findings) {
  for (const auto& [entry, hosts] : other_entries(gateway, index)) {
    add_bypass(gateway, *entry, hosts, findings);
    const bool has_host = std::ranges::any_of(hosts, [&entry = *entry](const std::string& host) {
      return std::ranges::find(entry.hosts, host) != entry.hosts.end();
    });
    if (has_host) add_duplicate(gateway, *entry, hosts, findings);
  }
  find_address_conflicts(gateway, index, findings);
}

}  // namespace egress::mesh
