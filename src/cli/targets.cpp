#include "egress/cli/targets.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <set>
#include <utility>

#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/manifest_files.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/orphans.hpp"
#include "egress/kube/connection.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

bool is_record_of(const fleet::UnreadableRecord& record, const mesh::GatewayName& name) {
  return record.ns == name.first && record.name == mesh::object_name(name.second);
}

/// Adds the gateways without a record: those with objects to the records, the others to the missing ones.
void add_orphans(kube::Cluster& cluster, const std::vector<mesh::GatewayName>& without_record,
                 Targets::LookupResult& result) {
  auto records = fleet::find_orphan_records(cluster, without_record);
  for (const mesh::GatewayName& gateway : without_record)
    if (std::ranges::none_of(records, [&](const mesh::Record& record) {
          return mesh::GatewayName(record.egress.ns, record.egress.name) == gateway;
        }))
      result.missing.push_back({gateway, fleet::gateway_not_found(gateway.second, gateway.first)});
  std::ranges::move(records, std::back_inserter(result.records));
}

/// The name of a record is that of the gateway's objects.
Targets::LookupError lookup_error(const fleet::UnreadableRecord& record) {
  const std::string name = record.name.substr(0, record.name.rfind(mesh::object_name("")));
  return {{record.ns, name}, Error(record.why)};
}

/// Up to this number, records are read with one request each; beyond it, with lists.
constexpr std::size_t max_single_gets = 10;

/// The gateways with these names that match the selector.
Targets::LookupResult find_by_full_name(kube::Cluster& cluster, std::set<mesh::GatewayName> names,
                                        const kube::LabelSelector& selector) {
  const std::set<mesh::GatewayName> requested = names;
  fleet::Records records = fleet::list_named_records(cluster, requested, [&](const mesh::Record& record) {
    names.erase({record.egress.ns, record.egress.name});
    return selector.matches(record.labels);
  });
  Targets::LookupResult result;
  result.records = std::move(records.found);
  for (const fleet::UnreadableRecord& record : records.unreadable)
    if (std::erase_if(names, [&](const mesh::GatewayName& name) { return is_record_of(record, name); }) > 0)
      result.unreadable.push_back(lookup_error(record));
  add_orphans(cluster, {names.begin(), names.end()}, result);
  return result;
}

}  // namespace

void Targets::add(FlagSet& flags) {
  add_gateway_names(flags, names_, "Names of the gateways");
  flags.add("-f,--filename", files_, "File or folder with manifests, or - for stdin; repeatable")
      .type(value_type::manifest);
  flags.add_switch("-R,--recursive", recursive_, "Process the folders of -f recursively");
  flags.add("-l,--selector", selector_, "Label selector, such as a=b,c!=d,e in (f,g),!h");
  flags.add_switch("--all", all_, "Select all gateways in the namespace");
  flags.add_switch("-A,--all-namespaces", all_namespaces_, "With -l or --all: select in all namespaces");
}

bool Targets::reads_stdin() const {
  return std::ranges::find(files_, "-") != files_.end();
}

void Targets::check() const {
  const bool uses_selector = all_ || (selector_ && files_.empty());
  const int ways = int{!names_.empty()} + int{!files_.empty()} + int{uses_selector};
  if (ways == 0) throw UsageError("no gateways specified", "specify NAME, -f FILE, -l SELECTOR or --all");
  if (ways > 1 || (all_ && selector_))
    throw UsageError("specify gateways in only one way: NAME, -f, -l or --all");
  if (selector_ && trim(*selector_).empty())
    throw UsageError("--selector is empty and would match every gateway",
                     "use --all to select every gateway");
  if (all_namespaces_ && !uses_selector)
    throw UsageError("--all-namespaces can only be used with --all or -l",
                     "use -n NAMESPACE with the names of gateways");
}

Targets::LookupResult Targets::find(Session& session, const std::string& command) const {
  kube::Cluster& cluster = session.cluster(command);
  if (!names_.empty()) return find_by_name(session, cluster);
  return files_.empty() ? find_by_selector(session, cluster) : find_in_files(session, cluster);
}

Targets::LookupResult Targets::find_by_name(Session& session, kube::Cluster& cluster) const {
  const std::string ns = session.ns();
  if (names_.size() > max_single_gets) {
    std::set<mesh::GatewayName> names;
    for (const std::string& name : names_) names.emplace(ns, name);
    return find_by_full_name(cluster, std::move(names), {});
  }
  auto records = fleet::read_records(cluster, names_, ns);
  LookupResult result;
  std::vector<mesh::GatewayName> without_record;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (records[i])
      result.records.push_back(std::move(*records[i]));
    else
      without_record.emplace_back(ns, names_[i]);
  add_orphans(cluster, without_record, result);
  return result;
}

Targets::LookupResult Targets::find_in_files(Session& session, kube::Cluster& cluster) const {
  return find_by_full_name(cluster, read_gateway_names(session, read_documents(files_, recursive_)),
                           kube::LabelSelector::parse(selector_.value_or("")));
}

Targets::LookupResult Targets::find_by_selector(Session& session, kube::Cluster& cluster) const {
  const auto selector = kube::LabelSelector::parse(selector_.value_or(""));
  const std::string ns = all_namespaces_ ? "" : session.ns();
  const auto namespaces = all_namespaces_ ? std::set<std::string>() : std::set{ns};
  fleet::Records records = fleet::list_records(
      cluster, namespaces, [&](const mesh::Record& record) { return selector.matches(record.labels); });
  LookupResult result;
  result.records = std::move(records.found);
  for (const fleet::UnreadableRecord& record : records.unreadable)
    if (selector.matches(record.labels)) result.unreadable.push_back(lookup_error(record));
  if (result.records.empty() && result.unreadable.empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
  return result;
}

}  // namespace egress::cli
