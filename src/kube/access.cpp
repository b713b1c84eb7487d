#include "egress/kube/access.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/http/url.hpp"

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

http::Url parsed_server(const std::string& server) {
  const auto url = http::Url::parse(server);
  if (url && (url->scheme == "https" || url->scheme == "http")) return *url;
  if (const std::size_t end = server.find("://"); end != std::string::npos)
    throw Error("the server \"" + printable(server.substr(0, end), 200) +
                "://…\" is no URL that can be reached");
  throw Error("the server \"" + printable(server, 200) + "\" has no scheme",
              "Did you mean https://" + printable(server, 200) + " ?");
}

/// Roots that were named must hold a certificate: an empty file trusts nobody, not everybody.
std::string checked_roots(std::string pem) {
  if (pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    throw Error("unable to load root certificates: unable to parse bytes as PEM block");
  return pem;
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
  bool roots_named = choice.cluster != nullptr && choice.cluster->has_content("certificate-authority");
  if (overrides.insecure || !overrides.certificate_authority.empty()) {
    roots_named = !overrides.certificate_authority.empty();
    made.insecure = overrides.insecure;
    made.certificate_authority = roots_named ? read_file(overrides.certificate_authority) : "";
  }
  if (made.insecure && roots_named)
    throw Error("specifying a root certificates file with the insecure flag is not allowed");
  if (roots_named) made.certificate_authority = checked_roots(std::move(made.certificate_authority));
  if (overrides.disable_compression) made.compression = false;
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
  try {
    return std::string(trimmed(read_file(user->resolved(path))));
  } catch (const Error&) {
    if (user->text("token").empty()) throw;
    return user->text("token");
  }
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

/// Whom the flags name, or else the kubeconfig.
struct Impersonated {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
};

Impersonated impersonated(const KubeconfigEntry* user, const Overrides& overrides) {
  Impersonated who{overrides.as, overrides.as_uid, overrides.as_groups};
  if (user == nullptr) return who;
  if (who.user.empty()) who.user = user->text("as");
  if (who.uid.empty()) who.uid = user->text("as-uid");
  if (who.groups.empty())
    for (const Json& group : user->value["as-groups"].items()) who.groups.push_back(group.as_string());
  return who;
}

void add_impersonation(Identity& identity, const Impersonated& who) {
  if (who.user.empty() && (!who.uid.empty() || !who.groups.empty()))
    throw Error("requesting uid or groups without impersonating a user", "Add --as USER");
  if (who.user.empty()) return;
  identity.headers.push_back("Impersonate-User: " + who.user);
  if (!who.uid.empty()) identity.headers.push_back("Impersonate-Uid: " + who.uid);
  for (const std::string& group : who.groups) identity.headers.push_back("Impersonate-Group: " + group);
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
  const http::Url server = parsed_server(access.endpoint.url);
  access.endpoint.url = server.text();
  access.identity.host = server.authority;
  add_credentials(access, choice.user, overrides);
  if (!server.user.empty() && access.identity.headers.empty())
    access.identity.headers.push_back("Authorization: Basic " + base64(server.user + ":" + server.password));
  add_impersonation(access.identity, impersonated(choice.user, overrides));

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
