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
#include "egress/kube/pasted.hpp"
#include "egress/kube/token_file.hpp"

namespace egress::kube {
namespace {

/// Where one half of the key pair stands: a flag's file, or the kubeconfig's; empty where it is inline.
std::string path_of(const KubeconfigEntry* user, const char* key, const std::string& flag) {
  if (!flag.empty() || user == nullptr || user->text(key).empty()) return flag;
  return user->resolved(user->text(key));
}

std::string half(const KubeconfigEntry* user, const char* key, const std::string& flag) {
  if (!flag.empty()) return read_named_file(std::string("--") + key, flag);
  return user != nullptr ? user->content(key) : "";
}

/// A key without a certificate is passed over, as client-go does.
void add_client_certificate(Access& access, const KubeconfigEntry* user, const Overrides& overrides) {
  std::string certificate = half(user, "client-certificate", overrides.client_certificate);
  if (certificate.empty()) return;
  std::string key = half(user, "client-key", overrides.client_key);
  check_key_pair(certificate, key);
  const std::string certificate_path = path_of(user, "client-certificate", overrides.client_certificate);
  const std::string key_path = path_of(user, "client-key", overrides.client_key);
  if (!certificate_path.empty() && !key_path.empty())
    access.logins.push_back(std::make_unique<CertificateFiles>(certificate_path, key_path, certificate, key));
  access.endpoint.client_certificate = std::move(certificate);
  access.endpoint.client_key = std::move(key);
}

/// A YAML block ends with a line end that nobody means.
std::string without_line_end(const std::string& token, const KubeconfigEntry& user, Access& access) {
  if (!token.ends_with('\n')) return token;
  access.warnings.push_back("the token of user \"" + printable(user.name, 200) +
                            "\" ends with a line end, which is left out; write `token: |-` in " +
                            shown_path(user.file));
  return token.substr(0, token.size() - (token.ends_with("\r\n") ? 2 : 1));
}

/// The flag's token, the file's, or the inline one, in this order. False where there is none.
bool add_token(Access& access, const KubeconfigEntry* user, const Overrides& overrides) {
  std::string token = overrides.token;
  if (token.empty() && user != nullptr) {
    token = without_line_end(user->text("token"), *user, access);
    if (const std::string path = user->text("tokenFile"); !path.empty()) {
      access.logins.push_back(std::make_unique<TokenFile>(user->resolved(path), token));
      return true;
    }
  }
  if (!token.empty()) access.identity.headers.push_back(bearer(token));
  return !token.empty();
}

bool add_password(Access& access, const KubeconfigEntry* user, const Overrides& overrides) {
  auto either = [&](const std::string& flag, const char* key) {
    return !flag.empty() || user == nullptr ? flag : user->text(key);
  };
  const std::string username = either(overrides.username, "username");
  const std::string password = either(overrides.password, "password");
  if (username.empty()) return false;
  access.identity.headers.push_back("Authorization: Basic " + base64(username + ":" + password));
  return true;
}

void add_plugin(Access& access, const KubeconfigEntry& user, const KubeconfigEntry* cluster,
                const Overrides& overrides) {
  ExecPlugin plugin = ExecPlugin::read(user);
  plugin.program.silent = overrides.silent;
  if (plugin.wants_cluster) plugin.cluster = exec_cluster_info(access.endpoint, cluster);
  access.logins.push_back(
      std::make_unique<ExecLogin>(std::move(plugin), load_plugin_policy(overrides.kuberc)));
}

using Extra = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Whom the flags name, or else the kubeconfig.
struct Impersonated {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  Extra extra;
};

std::vector<std::string>& values_of(Extra& extra, const std::string& key) {
  for (auto& [known, values] : extra)
    if (known == key) return values;
  return extra.emplace_back(key, std::vector<std::string>()).second;
}

/// The kubeconfig's, each key replaced by the flags that name it.
Extra extra_of(const KubeconfigEntry* user, const Overrides& overrides) {
  Extra extra;
  for (const std::string& flag : overrides.as_user_extra)
    if (const std::size_t sign = flag.find('='); sign != std::string::npos)
      values_of(extra, flag.substr(0, sign)).push_back(flag.substr(sign + 1));
  if (user == nullptr) return extra;
  const Extra flags = extra;
  for (const auto& [key, values] : user->value["as-user-extra"].members()) {
    if (std::ranges::any_of(flags, [&key = key](const auto& one) { return one.first == key; })) continue;
    for (const Json& value : values.items()) values_of(extra, key).push_back(value.as_string());
  }
  return extra;
}

/// The key as a part of a header's name: what may not stand there, and the sign itself, as %xx (client-go,
/// transport/round_trippers.go, headerKeyEscape).
std::string header_escaped(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("!#$&'*+-.^_`|~").find(c) != std::string_view::npos;
    if (plain)
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
        "Whom to act as, by --as… or the user's as-… fields, holds a line end or another control character; "
        "take it out.");
  identity.headers.push_back(name + ": " + value);
}

Impersonated impersonated(const KubeconfigEntry* user, const Overrides& overrides) {
  Impersonated who{overrides.as, overrides.as_uid, overrides.as_groups, extra_of(user, overrides)};
  if (user == nullptr) return who;
  if (who.user.empty()) who.user = user->text("as");
  if (who.uid.empty()) who.uid = user->text("as-uid");
  if (who.groups.empty())
    for (const Json& group : user->value["as-groups"].items()) who.groups.push_back(group.as_string());
  return who;
}

}  // namespace

void add_credentials(Access& access, const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                     const Overrides& overrides) {
  // client-go sends no credentials over plain HTTP (rest/config.go).
  if (access.endpoint.url.starts_with("http://")) return;
  add_client_certificate(access, user, overrides);
  const bool token = add_token(access, user, overrides);
  const bool password = add_password(access, user, overrides);
  const bool proven = token || password || !access.endpoint.client_certificate.empty();
  if (user == nullptr) return;
  // A provider that is not there fails, whatever else is given.
  const Json& provider = user->value["auth-provider"];
  const bool known = provider["name"].as_string() == "oidc";
  if (!provider.is_null() && !(proven && known))
    access.identity.headers.push_back(bearer(auth_provider_token(*user)));
  else if (!proven && !user->value["exec"].is_null())
    add_plugin(access, *user, cluster, overrides);
}

void add_impersonation(Identity& identity, const KubeconfigEntry* user, const Overrides& overrides) {
  const Impersonated who = impersonated(user, overrides);
  if (who.user.empty()) return;
  add_header(identity, "Impersonate-User", who.user);
  if (!who.uid.empty()) add_header(identity, "Impersonate-Uid", who.uid);
  for (const std::string& group : who.groups) add_header(identity, "Impersonate-Group", group);
  for (const auto& [key, values] : who.extra)
    for (const std::string& value : values)
      add_header(identity, "Impersonate-Extra-" + header_escaped(key), value);
}

}  // namespace egress::kube
