#include "egress/cli/targets.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <set>
#include <utility>

#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/files.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/abandoned.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/kube/access.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

bool is_of(const fleet::UnreadableRecord& record, const mesh::GatewayName& name) {
  return record.ns == name.first && record.name == mesh::object_name(name.second);
}

/// Of gateways without a record, those of which something stands; the others are missing.
void add_abandoned(kube::Cluster& cluster, const std::vector<mesh::GatewayName>& nowhere,
                   Targets::Found& found) {
  auto records = fleet::abandoned(cluster, nowhere);
  for (const mesh::GatewayName& one : nowhere)
    if (std::ranges::none_of(records, [&](const mesh::Record& record) {
          return mesh::GatewayName(record.egress.ns, record.egress.name) == one;
        }))
      found.missing.push_back({one, fleet::not_found(one.second, one.first)});
  std::ranges::move(records, std::back_inserter(found.records));
}

/// A record is called as its objects are.
Targets::Missed missed(const fleet::UnreadableRecord& record) {
  const std::string name = record.name.substr(0, record.name.rfind(mesh::object_name("")));
  return {{record.ns, name}, Error(record.why)};
}

/// Each of so few is asked for by itself.
constexpr std::size_t most_asked_for = 10;

/// Those of the gateways of those names that the selector lets through.
Targets::Found among(kube::Cluster& cluster, std::set<mesh::GatewayName> named,
                     const kube::LabelSelector& selector) {
  const std::set<mesh::GatewayName> all = named;
  fleet::Records records = fleet::records_of(cluster, all, [&](const mesh::Record& one) {
    named.erase({one.egress.ns, one.egress.name});
    return selector.matches(one.labels);
  });
  Targets::Found found;
  found.records = std::move(records.found);
  for (const fleet::UnreadableRecord& one : records.unreadable)
    if (std::erase_if(named, [&](const mesh::GatewayName& name) { return is_of(one, name); }) > 0)
      found.unreadable.push_back(missed(one));
  add_abandoned(cluster, {named.begin(), named.end()}, found);
  return found;
}

}  // namespace

void Targets::add(FlagSet& flags) {
  add_names(flags, names_, "The gateways");
  flags.add("-f,--filename", files_, "Those of a file, a folder, or - for stdin; may be repeated")
      .type(value_type::manifest);
  flags.add_switch("-R,--recursive", recursive_, "Take the files below a folder, too");
  flags.add("-l,--selector", selector_, "Those with such labels: a=b,c!=d,e in (f,g),!h");
  flags.add_switch("--all", all_, "Every one of the namespace");
  flags.add_switch("-A,--all-namespaces", all_namespaces_, "With -l or --all: of every namespace");
}

bool Targets::reads_stdin() const {
  return std::ranges::find(files_, "-") != files_.end();
}

void Targets::check() const {
  const bool chosen = all_ || (selector_ && files_.empty());
  const int ways = int{!names_.empty()} + int{!files_.empty()} + int{chosen};
  if (ways == 0)
    throw UsageError("it is not said which gateways",
                     "Name them, or use one of -f FILE, -l SELECTOR and --all.");
  if (ways > 1 || (all_ && selector_))
    throw UsageError("which gateways is said in more than one way",
                     "Name them, or use one of -f FILE, -l SELECTOR and --all.");
  if (selector_ && trimmed(*selector_).empty())
    throw UsageError("--selector is empty, and would let everything through", "Use --all for that.");
  if (all_namespaces_ && !chosen)
    throw UsageError("--all-namespaces goes with --all or a selector only",
                     "Use -n NAMESPACE for gateways that are named.");
}

Targets::Found Targets::find(Session& session, const std::string& command) const {
  kube::Cluster& cluster = session.cluster(command);
  if (!names_.empty()) return by_name(session, cluster);
  return files_.empty() ? chosen(session, cluster) : in_files(session, cluster);
}

Targets::Found Targets::by_name(Session& session, kube::Cluster& cluster) const {
  const std::string ns = session.ns();
  if (names_.size() > most_asked_for) {
    std::set<mesh::GatewayName> named;
    for (const std::string& name : names_) named.emplace(ns, name);
    return among(cluster, std::move(named), {});
  }
  auto records = fleet::read_records(cluster, names_, ns);
  Found found;
  std::vector<mesh::GatewayName> nowhere;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (records[i])
      found.records.push_back(std::move(*records[i]));
    else
      nowhere.emplace_back(ns, names_[i]);
  add_abandoned(cluster, nowhere, found);
  return found;
}

Targets::Found Targets::in_files(Session& session, kube::Cluster& cluster) const {
  return among(cluster, read_gateway_names(session, read_documents(files_, recursive_)),
               kube::LabelSelector::parse(selector_.value_or("")));
}

Targets::Found Targets::chosen(Session& session, kube::Cluster& cluster) const {
  const auto selector = kube::LabelSelector::parse(selector_.value_or(""));
  const std::string ns = all_namespaces_ ? "" : session.ns();
  const auto namespaces = all_namespaces_ ? std::set<std::string>() : std::set{ns};
  fleet::Records records = fleet::records_in(
      cluster, namespaces, [&](const mesh::Record& one) { return selector.matches(one.labels); });
  Found found;
  found.records = std::move(records.found);
  for (const fleet::UnreadableRecord& one : records.unreadable)
    if (selector.matches(one.labels)) found.unreadable.push_back(missed(one));
  if (found.records.empty() && found.unreadable.empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
  return found;
}

}  // namespace egress::cli
