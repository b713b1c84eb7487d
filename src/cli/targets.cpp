#include "egress/cli/targets.hpp"

#include <map>
#include <ostream>
#include <set>
#include <utility>

#include "egress/cli/files.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/kube/access.hpp"
#include "egress/kube/label_selector.hpp"

namespace egress::cli {

void Targets::add(CLI::App& app) {
  app.add_option("NAME", names_, "The gateways")->type_name(value_type::gateway)->take_all();
  app.add_option("-f,--filename", files_, "Those of a file, a folder, or - for stdin; may be repeated")
      ->type_name(value_type::manifest)
      ->allow_extra_args(false)
      ->take_all();
  app.add_flag("-R,--recursive", recursive_, "Take the files below a folder, too");
  app.add_option("-l,--selector", selector_, "Those with such labels: a=b,c!=d,e in (f,g),!h")->type_name("");
  app.add_flag("--all", all_, "Every one of the namespace");
  app.add_flag("-A,--all-namespaces", all_namespaces_, "With -l or --all: of every namespace");
}

void Targets::check() const {
  const int ways = int{!names_.empty()} + int{!files_.empty()} + int{!selector_.empty()} + int{all_};
  if (ways != 1)
    throw UsageError(
        ways == 0 ? "it is not said which gateways" : "which gateways is said in more than one way",
        "Name them, or use one of -f FILE, -l SELECTOR and --all.");
  if (all_namespaces_ && !all_ && selector_.empty())
    throw UsageError("--all-namespaces goes with --all or a selector only",
                     "Use -n NAMESPACE for gateways that are named.");
}

Targets::Found Targets::find(Session& session, const std::string& command) const {
  if (!files_.empty()) return in_files(session, session.cluster(command));
  return names_.empty() ? chosen(session, session.cluster(command))
                        : by_name(session, session.cluster(command));
}

Targets::Found Targets::by_name(Session& session, kube::Cluster& cluster) const {
  const std::string ns = session.ns();
  auto records = fleet::read_records(cluster, names_, ns);
  Found found;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (records[i])
      found.records.push_back(std::move(*records[i]));
    else
      found.missing.push_back(fleet::not_found(names_[i], ns));
  return found;
}

Targets::Found Targets::in_files(Session& session, kube::Cluster& cluster) const {
  const auto gateways = read_gateways(session, read_documents(files_, recursive_));
  std::set<std::string> namespaces;
  for (const mesh::Egress& one : gateways) namespaces.insert(one.ns);
  fleet::Records records = fleet::records_in(cluster, namespaces);
  std::map<std::pair<std::string, std::string>, mesh::Record> standing;
  for (mesh::Record& one : records.found)
    standing.emplace(std::pair(one.egress.ns, one.egress.name), std::move(one));
  Found found{.records = {}, .missing = {}, .unreadable = std::move(records.unreadable)};
  for (const mesh::Egress& one : gateways)
    if (auto record = standing.extract({one.ns, one.name}); !record.empty())
      found.records.push_back(std::move(record.mapped()));
    else
      found.missing.push_back(fleet::not_found(one.name, one.ns));
  return found;
}

Targets::Found Targets::chosen(Session& session, kube::Cluster& cluster) const {
  const auto selector = kube::LabelSelector::parse(selector_);
  const std::string ns = all_namespaces_ ? "" : session.ns();
  fleet::Records records = fleet::records_in(cluster, {ns});
  std::erase_if(records.found, [&](const mesh::Record& one) { return !selector.matches(one.labels); });
  if (records.found.empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
  return {std::move(records.found), {}, std::move(records.unreadable)};
}

}  // namespace egress::cli
