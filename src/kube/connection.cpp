#include "egress/kube/connection.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "egress/base/address.hpp"
#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/http/proxy.hpp"
#include "egress/http/url.hpp"
#include "egress/kube/credentials.hpp"
#include "egress/kube/inline_secret.hpp"
#include "egress/kube/kubeconfig_validation.hpp"

namespace egress::kube {
namespace {

/// The entries in use; each may be missing.
struct Choice {
  const KubeconfigEntry* context = nullptr;
  const KubeconfigEntry* cluster = nullptr;
  const KubeconfigEntry* user = nullptr;
};

std::string files_read(const Kubeconfig& config) {
  if (config.files.empty()) return "no kubeconfig found";
  std::vector<std::string> shown;
  std::ranges::transform(config.files, std::back_inserter(shown), printable_path);
  return "read: " + join(shown, ", ");
}

/// Finds the entry that a flag names. Throws Error if it does not exist; `noun` is kubectl's word for it.
template <typename Find>
const KubeconfigEntry* named_by_flag(const std::string& noun, const std::string& name, Find find) {
  if (name.empty()) return nullptr;
  const KubeconfigEntry* entry = find(name);
  if (entry == nullptr)
    throw Error(noun + " \"" + printable(name, 200) + "\" does not exist",
                "list contexts, clusters and users: kubectl config get-contexts");
  return entry;
}

Choice choose(const Kubeconfig& config, const Overrides& overrides) {
  Choice choice;
  choice.context =
      named_by_flag("context", overrides.context, [&](auto& name) { return config.context(name); });
  choice.cluster =
      named_by_flag("cluster", overrides.cluster, [&](auto& name) { return config.cluster(name); });
  choice.user = named_by_flag("auth info", overrides.user, [&](auto& name) { return config.user(name); });
  if (choice.context == nullptr) {
    // The empty name is a valid context name.
    choice.context = config.context(config.current_context);
    if (choice.context == nullptr && !config.current_context.empty())
      throw ConfigError("context was not found for specified context: " +
                            printable(config.current_context, 200) + " (" + files_read(config) + ")",
                        "choose a context: kubectl config use-context NAME");
  }
  if (choice.context == nullptr) return choice;

  const std::string cluster = choice.context->text("cluster");
  if (choice.cluster == nullptr) choice.cluster = config.cluster(cluster);
  if (choice.cluster == nullptr && overrides.server.empty())
    throw Error(cluster.empty()
                    ? "context \"" + printable(choice.context->name, 200) + "\" has no cluster (" +
                          files_read(config) + ")"
                    : "context \"" + printable(choice.context->name, 200) + "\" has the cluster \"" +
                          printable(cluster, 200) + "\", which does not exist (" + files_read(config) + ")",
                "list all clusters: kubectl config get-clusters");
  if (choice.user == nullptr) choice.user = config.user(choice.context->text("user"));
  return choice;
}

http::Url parse_server(const std::string& server) {
  const auto url = http::Url::parse(server);
  if (url && (url->scheme == "https" || url->scheme == "http")) return *url;
  if (const std::size_t end = server.find("://"); end != std::string::npos)
    throw Error("the server \"" + printable(server.substr(0, end), 200) + "://…\" is not a valid URL");
  throw Error("the server \"" + printable(http::mask_credentials(server), 200) + "\" has no scheme",
              "did you mean https://" + printable(server.substr(server.rfind('@') + 1), 200) + "?");
}

/// The CA certificates of the flag or of the kubeconfig; --insecure-skip-tls-verify disables those of the
/// kubeconfig. They must contain a certificate: an empty file does not mean the system roots.
std::optional<std::string> ca_certificates(const KubeconfigEntry* cluster, const Overrides& overrides) {
  std::string pem;
  if (!overrides.certificate_authority.empty())
    pem = read_flag_file("--certificate-authority", overrides.certificate_authority);
  else if (!overrides.insecure && cluster != nullptr && cluster->has_content("certificate-authority"))
    pem = cluster->content("certificate-authority");
  else
    return std::nullopt;
  return valid_root_certificates(pem);
}

/// The endpoint of the kubeconfig's cluster, without certificates.
http::Endpoint endpoint_from_kubeconfig(const KubeconfigEntry& cluster) {
  http::Endpoint endpoint;
  endpoint.proxy = cluster.text("proxy-url");
  endpoint.url = cluster.text("server");
  endpoint.server_name = cluster.text("tls-server-name");
  endpoint.insecure = cluster.boolean("insecure-skip-tls-verify");
  endpoint.compression = !cluster.boolean("disable-compression");
  return endpoint;
}

/// The name becomes the host of a URL and must not add anything else to it.
void check_server_name(const std::string& server_name) {
  const auto is_allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  };
  if (std::ranges::all_of(server_name, is_allowed) || parse_address(http::strip_brackets(server_name)))
    return;
  throw Error("the tls-server-name \"" + printable(server_name, 200) + "\" is not a valid server name",
              "use a name of the server's certificate: tls-server-name in the kubeconfig, or "
              "--tls-server-name NAME");
}

http::Endpoint make_endpoint(const KubeconfigEntry* cluster, const Overrides& overrides) {
  http::Endpoint endpoint = cluster != nullptr ? endpoint_from_kubeconfig(*cluster) : http::Endpoint();
  if (!overrides.server.empty()) {
    endpoint.url = overrides.server;
    endpoint.server_name.clear();
  }
  if (!overrides.tls_server_name.empty()) endpoint.server_name = overrides.tls_server_name;
  if (overrides.insecure || !overrides.certificate_authority.empty()) endpoint.insecure = overrides.insecure;
  if (overrides.disable_compression) endpoint.compression = false;
  const char* no_http2 = std::getenv("DISABLE_HTTP2");
  endpoint.http2 = no_http2 == nullptr || *no_http2 == '\0';
  endpoint.keep_alive = http::KeepAlive::from_environment();
  // Plain HTTP verifies no server.
  if (to_lower(endpoint.url).starts_with("http://")) {
    endpoint.server_name.clear();
    return endpoint;
  }
  check_server_name(endpoint.server_name);
  if (auto roots = ca_certificates(cluster, overrides)) {
    if (endpoint.insecure)
      throw Error("specifying a root certificates file with the insecure flag is not allowed");
    endpoint.certificate_authority = std::move(*roots);
  }
  return endpoint;
}

/// The server if neither a context nor a flag sets one.
std::string fallback_server() {
  const char* master = std::getenv("KUBERNETES_MASTER");
  return master != nullptr && *master != '\0' ? master : default_server;
}

/// kubectl prompts for a user name in this case; this program sends no credentials. Flags may provide them
/// instead, and plain HTTP never sends any.
void warn_of_missing_user(Connection& connection, const Choice& choice, const Overrides& overrides) {
  const bool has_credentials =
      !overrides.token.empty() || !overrides.client_certificate.empty() || !overrides.username.empty();
  if (choice.user != nullptr || choice.context == nullptr || has_credentials ||
      connection.endpoint.url.starts_with("http://"))
    return;
  const std::string user = choice.context->text("user");
  const std::string context = "context \"" + printable(choice.context->name, 200) + "\" has ";
  connection.warnings.push_back(user.empty() ? context + "no user; sending no credentials"
                                             : context + "the user \"" + printable(user, 200) +
                                                   "\", which does not exist; sending no credentials");
}

}  // namespace

std::string namespace_of(const Kubeconfig& config, const Overrides& overrides,
                         const std::optional<InClusterConfig>& pod) {
  if (!overrides.ns.empty()) return overrides.ns;
  const std::string& name = overrides.context.empty() ? config.current_context : overrides.context;
  const KubeconfigEntry* context = config.context(name);
  std::string ns = context != nullptr ? context->text("namespace") : "";
  if (!ns.empty()) return ns;
  return pod && !pod->ns.empty() ? pod->ns : "default";
}

Connection resolve_connection(const Kubeconfig& config, const Overrides& overrides,
                              const std::optional<InClusterConfig>& pod) {
  Choice choice = choose(config, overrides);
  std::string fallback;
  if (choice.cluster == nullptr && overrides.server.empty()) {
    if (pod)
      choice = choose(pod->config, {});
    else
      fallback = fallback_server();
  }
  validate_kubeconfig(choice.user, choice.cluster, overrides);

  Connection connection;
  connection.endpoint = make_endpoint(choice.cluster, overrides);
  if (!fallback.empty()) connection.endpoint.url = fallback;
  const http::Url server = parse_server(connection.endpoint.url);
  connection.endpoint.url = server.text();
  if (connection.endpoint.proxy.empty())
    connection.endpoint.proxy = http::choose_proxy(server, http::ProxyEnvironment::read());
  connection.identity.host = server.authority;
  if (!connection.endpoint.proxy.empty()) {
    connection.identity.uses_proxy = true;
    connection.endpoint.idle_timeout = http::idle_timeout_behind_proxy;
  }
  warn_of_missing_user(connection, choice, overrides);
  add_credentials(connection, choice.user, choice.cluster, overrides);
  if (!server.user.empty()) {
    std::erase_if(connection.identity.headers,
                  [](const auto& header) { return header.starts_with("Authorization: "); });
    connection.identity.headers.push_back("Authorization: Basic " +
                                          encode_base64(server.user + ":" + server.password));
  }
  add_impersonation(connection.identity, choice.user, overrides);

  const std::string& request_timeout = overrides.request_timeout;
  const auto timeout = parse_duration(request_timeout.empty() ? "0" : request_timeout);
  if (!timeout)
    throw Error(
        "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a "
        "corresponding time unit (e.g. 1s | 2m | 3h)");
  connection.identity.request_timeout = *timeout;
  connection.endpoint.progress_timeout = overrides.progress_timeout;

  if (choice.context != nullptr) connection.context = choice.context->name;
  connection.ns = namespace_of(config, overrides, pod);
  return connection;
}

}  // namespace egress::kube
