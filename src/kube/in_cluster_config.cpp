#include "egress/kube/in_cluster_config.hpp"

#include <cstdlib>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string server_url(const std::string& host, const std::string& port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return "https://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + port;
}

std::string namespace_in(const std::string& folder) {
  if (std::string ns = environment("POD_NAMESPACE"); !ns.empty()) return ns;
  try {
    return std::string(trim(read_file(folder + "/namespace")));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::optional<InClusterConfig> in_cluster_config(const std::string& folder) {
  const std::string host = environment("KUBERNETES_SERVICE_HOST");
  const std::string port = environment("KUBERNETES_SERVICE_PORT");
  const std::string token = folder + "/token";
  const std::string roots = folder + "/ca.crt";
  if (host.empty() || port.empty() || !file_exists(token)) return std::nullopt;

  const Json cluster = object({
      {"server", server_url(host, port)},
      {"certificate-authority", file_exists(roots) ? Json(roots) : Json()},
  });
  const std::string name = "in-cluster";
  InClusterConfig pod;
  pod.config.clusters = {{name, cluster, folder}};
  pod.config.users = {{name, object({{"tokenFile", token}}), folder}};
  pod.config.contexts = {{"", object({{"cluster", name}, {"user", name}}), folder}};
  pod.config.files = {folder};
  pod.ns = namespace_in(folder);
  return pod;
}

}  // namespace egress::kube
