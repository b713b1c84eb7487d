#include "egress/mesh/names.hpp"

#include <vector>

#include "egress/base/digest.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/applyset.hpp"

namespace egress::mesh {
namespace {

constexpr std::size_t max_label_value = 63;
constexpr std::size_t digest_characters = 40;
constexpr std::size_t short_digest_characters = 8;
/// Most proxies accept URLs of up to 8 KiB.
constexpr std::size_t max_values_in_url = 64;

/// The value part of a label selector that matches any of the values; empty if there are too many.
std::string in_clause(const std::set<std::string>& values) {
  if (values.size() > max_values_in_url) return {};
  return " in (" + join(std::vector<std::string>(values.begin(), values.end()), ",") + ")";
}

}  // namespace

std::string object_name(const std::string& gateway) {
  return gateway + "-egress";
}

std::string upstream_name(const std::string& gateway) {
  return gateway + "-egress-upstream";
}

std::string host_digest(const std::string& host) {
  return hex(sha256(host)).substr(0, short_digest_characters);
}

std::string upstream_name(const Egress& egress, const std::string& host) {
  const std::string name = upstream_name(egress.name);
  return host == egress.host() ? name : name + "-" + host_digest(host);
}

std::string ingress_name(const Egress& egress) {
  std::string name = egress.ns + "-" + object_name(egress.name);
  if (name.size() <= max_label_value) return name;
  return "egress-" + hex(sha256(name)).substr(0, digest_characters);
}

std::string policy_name(const Egress& egress) {
  const std::string digest = hex(sha256(egress.opa->policy)).substr(0, short_digest_characters);
  return object_name(egress.name) + "-opa-" + digest;
}

std::string root_certificates_name(const std::string& gateway) {
  return object_name(gateway) + "-cacert";
}

Json gateway_selector(const std::string& gateway, const std::string& ns) {
  std::string value = gateway + "." + ns;
  if (value.size() > max_label_value) value = hex(sha256(value)).substr(0, digest_characters);
  return object({{gateway_label, value}});
}

std::string pod_selector(const std::string& gateway, const std::string& ns) {
  return std::string(gateway_label) + "=" + gateway_selector(gateway, ns)[gateway_label].as_string();
}

Json object_labels(const std::string& gateway, const std::string& part_of) {
  return object({
      {managed_by_label, managed_by},
      {instance_label, gateway},
      {component_label, component},
      {kube::applyset::part_of_label, part_of},
  });
}

bool is_own_label(std::string_view key) {
  return key == managed_by_label || key == instance_label || key == component_label ||
         key.starts_with("applyset.kubernetes.io/") || key.starts_with("kubectl-egress/");
}

std::string service_host(const Egress& egress, const Mesh& mesh) {
  return object_name(egress.name) + "." + egress.ns + ".svc." + mesh.cluster_domain;
}

std::string record_id(const std::string& gateway, const std::string& ns) {
  return kube::applyset::id(object_name(gateway), ns, "ConfigMap", "");
}

std::string object_selector() {
  std::string selector;
  selector.append(managed_by_label).append("=").append(managed_by).append(",");
  return selector.append(component_label).append("=").append(component);
}

std::string record_selector() {
  return object_selector().append(",").append(kube::applyset::id_label);
}

std::string record_selector(const std::set<std::string>& ids) {
  return record_selector() + in_clause(ids);
}

std::string member_selector(const std::set<std::string>& sets) {
  return object_selector().append(",").append(kube::applyset::part_of_label) + in_clause(sets);
}

}  // namespace egress::mesh
