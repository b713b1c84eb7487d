#include "egress/kube/credentials.hpp"

#include <algorithm>
#include <cctype>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/api_error.hpp"
#include "egress/kube/auth_provider.hpp"
#include "egress/kube/certificate_files.hpp"
#include "egress/kube/exec_plugin.hpp"
#include "egress/kube/inline_secret.hpp"
#include "egress/kube/token_file.hpp"

namespace egress::kube {
namespace {

/// The file of the certificate or the key, from the flag or the kubeconfig; empty if it is inline.
std::string pem_path(const KubeconfigEntry* user, const char* key, const std::string& flag) {
  if (!flag.empty() || user == nullptr || user->text(key).empty()) return flag;
  return user->absolute_path(user->text(key));
}

std::string pem_content(const KubeconfigEntry* user, const char* key, const std::string& flag) {
  if (!flag.empty()) return read_flag_file(std::string("--") + key, flag);
  return user != nullptr ? user->content(key) : "";
}

/// Ignores a key without a certificate, as client-go does.
void add_client_certificate(Connection& connection, const KubeconfigEntry* user, const Overrides& overrides) {
  std::string certificate = pem_content(user, "client-certificate", overrides.client_certificate);
  if (certificate.empty()) return;
  std::string key = pem_content(user, "client-key", overrides.client_key);
  check_key_pair(certificate, key);
  const std::string certificate_path = pem_path(user, "client-certificate", overrides.client_certificate);
  const std::string key_path = pem_path(user, "client-key", overrides.client_key);
  if (!certificate_path.empty() && !key_path.empty())
    connection.authenticators.push_back(
        std::make_unique<CertificateFiles>(certificate_path, key_path, certificate, key));
  connection.endpoint.client_certificate = std::move(certificate);
  connection.endpoint.client_key = std::move(key);
}

/// Removes the line break that a YAML block scalar adds.
std::string without_line_end(const std::string& token, const KubeconfigEntry& user, Connection& connection) {
  if (!token.ends_with('\n')) return token;
  connection.warnings.push_back("the token of user \"" + printable(user.name, 200) +
                                "\" ends with a line break, which is ignored; write `token: |-` in " +
                                printable_path(user.file));
  return token.substr(0, token.size() - (token.ends_with("\r\n") ? 2 : 1));
}

/// Adds the token of the flag, the file or the inline one, in this order. Returns false if there is no token.
bool add_token(Connection& connection, const KubeconfigEntry* user, const Overrides& overrides) {
  std::string token = overrides.token;
  if (token.empty() && user != nullptr) {
    token = without_line_end(user->text("token"), *user, connection);
    if (const std::string path = user->text("tokenFile"); !path.empty()) {
      connection.authenticators.push_back(std::make_unique<TokenFile>(user->absolute_path(path), token));
      return true;
    }
  }
  if (!token.empty()) connection.identity.headers.push_back(bearer_header(token));
  return !token.empty();
}

bool add_password(Connection& connection, const KubeconfigEntry* user, const Overrides& overrides) {
  auto flag_or_field = [&](const std::string& flag, const char* key) {
    return !flag.empty() || user == nullptr ? flag : user->text(key);
  };
  const std::string username = flag_or_field(overrides.username, "username");
  const std::string password = flag_or_field(overrides.password, "password");
  if (username.empty()) return false;
  connection.identity.headers.push_back("Authorization: Basic " + encode_base64(username + ":" + password));
  return true;
}

void add_exec_plugin(Connection& connection, const KubeconfigEntry& user, const KubeconfigEntry* cluster,
                     const Overrides& overrides) {
  ExecPlugin plugin = ExecPlugin::read(user);
  plugin.program.discards_stderr = overrides.silent;
  if (plugin.provide_cluster_info) plugin.cluster = exec_cluster_info(connection.endpoint, cluster);
  connection.authenticators.push_back(
      std::make_unique<ExecAuthenticator>(std::move(plugin), load_plugin_policy(overrides.kuberc)));
}

using Extra = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// The user to impersonate: that of the flags, or else of the kubeconfig.
struct Impersonation {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  Extra extra;
};

std::vector<std::string>& extra_values(Extra& extra, const std::string& key) {
  for (auto& [name, values] : extra)
    if (name == key) return values;
  return extra.emplace_back(key, std::vector<std::string>()).second;
}

/// The extra fields of the kubeconfig and the flags; a flag replaces all values of its key.
Extra user_extra(const KubeconfigEntry* user, const Overrides& overrides) {
  Extra extra;
  for (const std::string& flag : overrides.as_user_extra)
    if (const std::size_t equals = flag.find('='); equals != std::string::npos)
      extra_values(extra, flag.substr(0, equals)).push_back(flag.substr(equals + 1));
  if (user == nullptr) return extra;
  const Extra flags = extra;
  for (const auto& [key, values] : user->value["as-user-extra"].members()) {
    if (std::ranges::any_of(flags, [&key = key](const auto& entry) { return entry.first == key; })) continue;
    for (const Json& value : values.items()) extra_values(extra, key).push_back(value.as_string());
  }
  return extra;
}

/// The key as part of a header name: invalid characters and "%" become %xx (client-go,
/// transport/round_trippers.go, headerKeyEscape).
std::string header_escaped(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    const bool is_allowed = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                            std::string_view("!#$&'*+-.^_`|~").find(c) != std::string_view::npos;
    if (is_allowed)
      escaped += c;
    else
      escaped += "%" + hex(std::string_view(&c, 1));
  }
  return escaped;
}

void add_header(Identity& identity, const std::string& name, const std::string& value) {
  if (!http::is_header_value(value))
    throw ConnectionError(
        "Unable to connect to the server: net/http: invalid header field value for \"" + name + "\"",
        "the impersonated user (--as… or the user's as-… fields) has a line break or another control "
        "character; "
        "remove it");
  identity.headers.push_back(name + ": " + value);
}

Impersonation impersonation(const KubeconfigEntry* user, const Overrides& overrides) {
  Impersonation target{overrides.as, overrides.as_uid, overrides.as_groups, user_extra(user, overrides)};
  if (user == nullptr) return target;
  if (target.user.empty()) target.user = user->text("as");
  if (target.uid.empty()) target.uid = user->text("as-uid");
  if (target.groups.empty())
    for (const Json& group : user->value["as-groups"].items()) target.groups.push_back(group.as_string());
  return target;
}

}  // namespace

void add_credentials(Connection& connection, const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                     const Overrides& overrides) {
  // client-go sends no credentials over plain HTTP (rest/config.go).
  if (connection.endpoint.url.starts_with("http://")) return;
  add_client_certificate(connection, user, overrides);
  const bool has_token = add_token(connection, user, overrides);
  const bool has_password = add_password(connection, user, overrides);
  const bool is_authenticated = has_token || has_password || !connection.endpoint.client_certificate.empty();
  if (user == nullptr) return;
  // An unknown provider is an error even if there are other credentials.
  const Json& provider = user->value["auth-provider"];
  const bool is_oidc = provider["name"].as_string() == "oidc";
  if (!provider.is_null() && !(is_authenticated && is_oidc))
    connection.identity.headers.push_back(bearer_header(auth_provider_token(*user)));
  else if (!is_authenticated && !user->value["exec"].is_null())
    add_exec_plugin(connection, *user, cluster, overrides);
}

void add_impersonation(Identity& identity, const KubeconfigEntry* user, const Overrides& overrides) {
  const Impersonation target = impersonation(user, overrides);
  if (target.user.empty()) return;
  add_header(identity, "Impersonate-User", target.user);
  if (!target.uid.empty()) add_header(identity, "Impersonate-Uid", target.uid);
  for (const std::string& group : target.groups) add_header(identity, "Impersonate-Group", group);
  for (const auto& [key, values] : target.extra)
    for (const std::string& value : values)
      add_header(identity, "Impersonate-Extra-" + header_escaped(key), value);
}

}  // namespace egress::kube
