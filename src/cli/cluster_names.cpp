#include "egress/cli/cluster_names.hpp"

#include <algorithm>
#include <set>

#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::cli::cluster_names {
namespace {

/// A longer list is slow and of no use for completion.
constexpr int max_results = 500;

kube::Call list_call(const kube::Resource& resource, const std::string& ns, const std::string& labels = {}) {
  return kube::list(resource, ns, {.label_selector = labels, .limit = max_results, .metadata_only = true});
}

std::vector<std::string> names_in(const Json& list) {
  std::vector<std::string> names;
  for (const Json& item : list["items"].items()) names.push_back(item["metadata"]["name"].as_string());
  return names;
}

std::vector<std::string> names(kube::Cluster& cluster, const kube::Kind& kind, const std::string& ns) {
  return names_in(cluster.send(list_call({kind}, ns)).value());
}

}  // namespace

std::vector<std::string> namespaces(kube::Cluster& cluster) {
  return names(cluster, kube::kinds::namespaces, "");
}

std::vector<std::string> gateways(kube::Cluster& cluster, const std::string& ns) {
  const std::string suffix = mesh::object_name("");
  std::vector<std::string> values;
  const auto answer = cluster.send(list_call({kube::kinds::config_map}, ns, mesh::record_selector()));
  for (const std::string& name : names_in(answer.value()))
    if (name.size() > suffix.size() && name.ends_with(suffix))
      values.push_back(name.substr(0, name.size() - suffix.size()));
  return values;
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
  std::set<std::string> values;
  const auto answer = cluster.send(list_call({kube::kinds::mutating_webhooks}, "", revision));
  for (const Json& item : answer.value()["items"].items())
    for (const char* label : {revision, tag}) values.insert(item["metadata"]["labels"][label].as_string());
  values.erase("");
  return {values.begin(), values.end()};
}

std::vector<std::string> objects(kube::Cluster& cluster, const std::string& type, const std::string& ns) {
  const auto kinds = mesh::all_kinds();
  const auto kind = std::ranges::find_if(
      kinds, [&](const kube::Kind& known_kind) { return kube::Resource{known_kind}.type_name() == type; });
  if (kind == kinds.end()) return {};
  std::vector<kube::Call> wave;
  for (const std::string_view version : kind->versions)
    if (!version.empty()) wave.push_back(list_call({*kind, std::string(version)}, ns));
  for (const kube::Answer& answer : cluster.send(wave))
    if (answer.ok()) return names_in(answer.body);
  return {};
}

}  // namespace egress::cli::cluster_names
