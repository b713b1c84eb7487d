#include "egress/cli/cluster_names.hpp"

#include <algorithm>
#include <set>

#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::cli::cluster_names {
namespace {

/// Above this a list helps nobody who types a name, and takes its time.
constexpr int most = 500;

kube::Call listing(const kube::Resource& resource, const std::string& ns, const std::string& labels = {}) {
  return kube::list(resource, ns, {.labels = labels, .limit = most, .metadata_only = true});
}

std::vector<std::string> names_in(const Json& list) {
  std::vector<std::string> names;
  for (const Json& one : list["items"].items()) names.push_back(one["metadata"]["name"].as_string());
  return names;
}

std::vector<std::string> names(kube::Cluster& cluster, const kube::Kind& kind, const std::string& ns) {
  return names_in(cluster.send(listing({kind}, ns)).value());
}

}  // namespace

std::vector<std::string> namespaces(kube::Cluster& cluster) {
  return names(cluster, kube::kinds::namespaces, "");
}

std::vector<std::string> gateways(kube::Cluster& cluster, const std::string& ns) {
  const std::string suffix = mesh::object_name("");
  std::vector<std::string> found;
  const auto answer = cluster.send(listing({kube::kinds::config_map}, ns, mesh::record_selector()));
  for (const std::string& name : names_in(answer.value()))
    if (name.size() > suffix.size() && name.ends_with(suffix))
      found.push_back(name.substr(0, name.size() - suffix.size()));
  return found;
}

std::vector<std::string> secrets(kube::Cluster& cluster, const std::string& ns) {
  return names(cluster, kube::kinds::secret, ns);
}

std::vector<std::string> config_maps(kube::Cluster& cluster, const std::string& ns) {
  return names(cluster, kube::kinds::config_map, ns);
}

std::vector<std::string> service_accounts(kube::Cluster& cluster, const std::string& ns) {
  return names(cluster, kube::kinds::service_account, ns);
}

std::vector<std::string> revisions(kube::Cluster& cluster) {
  // istio-discovery/templates/mutatingwebhook.yaml and revision-tags-mwc.yaml, 1.30.3.
  constexpr const char* revision = "istio.io/rev";
  constexpr const char* tag = "istio.io/tag";
  std::set<std::string> found;
  const auto answer = cluster.send(listing({kube::kinds::mutating_webhooks}, "", revision));
  for (const Json& one : answer.value()["items"].items())
    for (const char* label : {revision, tag}) found.insert(one["metadata"]["labels"][label].as_string());
  found.erase("");
  return {found.begin(), found.end()};
}

std::vector<std::string> objects(kube::Cluster& cluster, const std::string& type, const std::string& ns) {
  const auto kinds = mesh::all_kinds();
  const auto kind =
      std::ranges::find_if(kinds, [&](const kube::Kind& one) { return kube::Resource{one}.label() == type; });
  if (kind == kinds.end()) return {};
  std::vector<kube::Call> wave;
  for (const std::string_view version : kind->versions)
    if (!version.empty()) wave.push_back(listing({*kind, std::string(version)}, ns));
  for (const kube::Answer& answer : cluster.send(wave))
    if (answer.ok()) return names_in(answer.body);
  return {};
}

}  // namespace egress::cli::cluster_names
