#include "egress/kube/credentials.hpp"

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

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

}  // namespace

void add_credentials(Access& access, const KubeconfigEntry* user, const Overrides& overrides) {
  // client-go sends no credentials over plain HTTP (rest/config.go).
  if (access.endpoint.url.starts_with("http://")) return;
  add_client_certificate(access.endpoint, user, overrides);
  const std::string token = token_of(user, overrides);
  const std::string username = user != nullptr ? user->text("username") : "";
  const bool proven = !token.empty() || !username.empty() || !access.endpoint.client_certificate.empty();
  if (user != nullptr && !proven) refuse_logins_by_program(*user);
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

void add_impersonation(Identity& identity, const KubeconfigEntry* user, const Overrides& overrides) {
  const Impersonated who = impersonated(user, overrides);
  if (who.user.empty() && (!who.uid.empty() || !who.groups.empty()))
    throw Error("requesting uid or groups without impersonating a user", "Add --as USER");
  if (who.user.empty()) return;
  identity.headers.push_back("Impersonate-User: " + who.user);
  if (!who.uid.empty()) identity.headers.push_back("Impersonate-Uid: " + who.uid);
  for (const std::string& group : who.groups) identity.headers.push_back("Impersonate-Group: " + group);
}

}  // namespace egress::kube
