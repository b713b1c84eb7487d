#include "egress/kube/access.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

/// What a context leads to; each may be absent.
struct Choice {
  const KubeconfigEntry* context = nullptr;
  const KubeconfigEntry* cluster = nullptr;
  const KubeconfigEntry* user = nullptr;
};

std::string files_read(const Kubeconfig& config) {
  return config.files.empty() ? "no kubeconfig was found" : "read: " + join(config.files, ", ");
}

/// A name given by a flag must exist; the flag's noun is kubectl's.
template <typename Find>
const KubeconfigEntry* named_by_flag(const std::string& noun, const std::string& name, Find find) {
  if (name.empty()) return nullptr;
  const KubeconfigEntry* entry = find(name);
  if (entry == nullptr)
    throw Error(noun + " \"" + printable(name, 200) + "\" does not exist",
                "See what there is: kubectl config get-contexts");
  return entry;
}

Choice choose(const Kubeconfig& config, const Overrides& overrides) {
  Choice choice;
  choice.context =
      named_by_flag("context", overrides.context, [&](auto& name) { return config.context(name); });
  choice.cluster =
      named_by_flag("cluster", overrides.cluster, [&](auto& name) { return config.cluster(name); });
  choice.user = named_by_flag("auth info", overrides.user, [&](auto& name) { return config.user(name); });
  if (choice.context == nullptr && !config.current_context.empty()) {
    choice.context = config.context(config.current_context);
    if (choice.context == nullptr)
      throw Error("context was not found for specified context: " + printable(config.current_context, 200) +
                      " (" + files_read(config) + ")",
                  "Choose one: kubectl config use-context NAME");
  }
  if (choice.context == nullptr) return choice;

  const std::string cluster = choice.context->text("cluster");
  if (choice.cluster == nullptr && overrides.server.empty()) {
    choice.cluster = config.cluster(cluster);
    if (choice.cluster == nullptr)
      throw Error("context \"" + choice.context->name + "\" names the cluster \"" + cluster +
                  "\", which is not defined (" + files_read(config) + ")");
  }
  if (choice.cluster == nullptr) choice.cluster = config.cluster(cluster);
  if (choice.user == nullptr) choice.user = config.user(choice.context->text("user"));
  return choice;
}

void check_server(const std::string& server) {
  if (!server.starts_with("https://") && !server.starts_with("http://"))
    throw Error("the server \"" + printable(server, 200) + "\" has no scheme",
                "Did you mean https://" + printable(server, 200) + " ?");
}

http::Endpoint endpoint(const Choice& choice, const Overrides& overrides) {
  http::Endpoint made;
  if (choice.cluster != nullptr) {
    made.url = choice.cluster->text("server");
    made.server_name = choice.cluster->text("tls-server-name");
    made.insecure = choice.cluster->flag("insecure-skip-tls-verify");
    made.compression = !choice.cluster->flag("disable-compression");
    made.certificate_authority = choice.cluster->content("certificate-authority");
  }
  if (!overrides.server.empty()) {
    made.url = overrides.server;
    made.server_name.clear();
  }
  if (!overrides.tls_server_name.empty()) made.server_name = overrides.tls_server_name;
  if (overrides.insecure || !overrides.certificate_authority.empty()) {
    made.insecure = overrides.insecure;
    made.certificate_authority =
        overrides.certificate_authority.empty() ? "" : read_file(overrides.certificate_authority);
  }
  if (made.insecure && !made.certificate_authority.empty())
    throw Error("specifying a root certificates file with the insecure flag is not allowed");
  if (!made.insecure && !made.certificate_authority.empty() &&
      made.certificate_authority.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    throw Error("unable to load root certificates: unable to parse bytes as PEM block");
  if (overrides.disable_compression) made.compression = false;
  while (made.url.ends_with('/')) made.url.pop_back();
  check_server(made.url);
  return made;
}

void refuse_logins_by_program(const KubeconfigEntry& user) {
  for (const std::string_view way : {"exec", "auth-provider"})
    if (!user.value[way].is_null())
      throw Error("user \"" + user.name + "\" logs in by " + std::string(way) +
                      ", which this version of kubectl egress cannot do",
                  "Give it a token: kubectl egress … --token \"$(kubectl create token NAME)\"");
}

void add_client_certificate(http::Endpoint& endpoint, const KubeconfigEntry* user,
                            const Overrides& overrides) {
  if (user != nullptr) {
    endpoint.client_certificate = user->content("client-certificate");
    endpoint.client_key = user->content("client-key");
  }
  if (!overrides.client_certificate.empty())
    endpoint.client_certificate = read_file(overrides.client_certificate);
  if (!overrides.client_key.empty()) endpoint.client_key = read_file(overrides.client_key);
  if (!endpoint.client_certificate.empty() && endpoint.client_key.empty())
    throw Error("client-key-data or client-key must be specified for " +
                (user != nullptr ? user->name : std::string("the user")) +
                " to use the clientCert authentication method");
}

/// The flag, the file's content, or the inline token, in this order.
std::string token_of(const KubeconfigEntry* user, const Overrides& overrides) {
  if (!overrides.token.empty() || user == nullptr) return overrides.token;
  const std::string path = user->text("tokenFile");
  if (path.empty()) return user->text("token");
  return std::string(trimmed(read_file(user->resolved(path))));
}

void add_credentials(Access& access, const KubeconfigEntry* user, const Overrides& overrides) {
  // client-go sends no credentials over plain HTTP (rest/config.go).
  if (access.endpoint.url.starts_with("http://")) return;
  if (user != nullptr && overrides.token.empty()) refuse_logins_by_program(*user);
  add_client_certificate(access.endpoint, user, overrides);

  const std::string token = token_of(user, overrides);
  const std::string username = user != nullptr ? user->text("username") : "";
  if (!token.empty() && !username.empty())
    throw Error("more than one authentication method found for " + user->name +
                "; found [token basicAuth], only one is allowed");
  auto& headers = access.identity.headers;
  if (token.find_first_of("\r\n") != std::string::npos)
    throw ConnectionError(
        "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"",
        "The token holds a line end; take it out.");
  if (!token.empty()) headers.push_back("Authorization: Bearer " + token);
  if (!username.empty())
    headers.push_back("Authorization: Basic " + base64(username + ":" + user->text("password")));
}

void add_impersonation(Identity& identity, const Overrides& overrides) {
  const bool more = !overrides.as_uid.empty() || !overrides.as_groups.empty();
  if (overrides.as.empty() && more)
    throw Error("requesting uid or groups without impersonating a user", "Add --as USER");
  if (overrides.as.empty()) return;
  identity.headers.push_back("Impersonate-User: " + overrides.as);
  if (!overrides.as_uid.empty()) identity.headers.push_back("Impersonate-Uid: " + overrides.as_uid);
  for (const std::string& group : overrides.as_groups)
    identity.headers.push_back("Impersonate-Group: " + group);
}

std::string host_of(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  return url.substr(start, url.find('/', start) - start);
}

}  // namespace

std::string namespace_of(const Kubeconfig& config, const Overrides& overrides) {
  if (!overrides.ns.empty()) return overrides.ns;
  const std::string& name = overrides.context.empty() ? config.current_context : overrides.context;
  const KubeconfigEntry* context = config.context(name);
  const std::string ns = context != nullptr ? context->text("namespace") : "";
  return ns.empty() ? "default" : ns;
}

Access resolve(const Kubeconfig& config, const Overrides& overrides) {
  const Choice choice = choose(config, overrides);
  if (choice.cluster == nullptr && overrides.server.empty())
    throw Error("Missing or incomplete configuration info: no cluster is chosen (" + files_read(config) + ")",
                "Name a kubeconfig (--kubeconfig FILE or KUBECONFIG), or choose a context: kubectl config "
                "use-context NAME");

  Access access;
  access.endpoint = endpoint(choice, overrides);
  access.identity.host = host_of(access.endpoint.url);
  add_credentials(access, choice.user, overrides);
  add_impersonation(access.identity, overrides);

  const auto timeout = parse_duration(overrides.request_timeout);
  if (!timeout)
    throw Error(
        "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a "
        "corresponding time unit (e.g. 1s | 2m | 3h)");
  access.identity.request_timeout = *timeout;

  if (choice.context != nullptr) access.context = choice.context->name;
  access.ns = namespace_of(config, overrides);
  return access;
}

}  // namespace egress::kube
