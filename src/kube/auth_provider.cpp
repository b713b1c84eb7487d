#include "egress/kube/auth_provider.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

/// The claims of a JSON Web Token, without checking its signature; null if it cannot be parsed.
Json claims(const std::string& token) {
  const auto parts = split(token, '.');
  if (parts.size() != 3) return {};
  std::string payload = parts[1];
  std::ranges::replace(payload, '-', '+');
  std::ranges::replace(payload, '_', '/');
  payload.append((4 - payload.size() % 4) % 4, '=');
  const auto text = decode_base64(payload);
  try {
    return text ? Json::parse(*text) : Json();
  } catch (const Error&) {
    return {};
  }
}

bool is_valid(const std::string& token, std::chrono::system_clock::time_point now) {
  const double expires = claims(token)["exp"].as_number();
  const std::chrono::duration<double> now_seconds = now.time_since_epoch();
  return expires > now_seconds.count();
}

}  // namespace

std::string auth_provider_token(const KubeconfigEntry& user, std::chrono::system_clock::time_point now) {
  const Json& provider = user.value["auth-provider"];
  const std::string& name = provider["name"].as_string();
  if (name == "gcp")
    throw Error(
        "The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\" kubectl/client-go "
        "credential plugin instead.",
        "create the kubeconfig again: gcloud container clusters get-credentials CLUSTER");
  if (name == "azure")
    throw Error(
        "The azure auth plugin has been removed.\nPlease use the https://github.com/Azure/kubelogin "
        "kubectl/client-go credential plugin instead.",
        "convert the kubeconfig: kubelogin convert-kubeconfig");
  if (name != "oidc")
    throw Error("no Auth Provider found for name \"" + printable(name, 100) + "\"",
                "configure the login of user \"" + printable(user.name, 200) + "\" as exec in " +
                    printable_path(user.file));
  const std::string& token = provider["config"]["id-token"].as_string();
  if (token.empty() || !is_valid(token, now))
    throw Error(
        "the id-token of user \"" + printable(user.name, 200) +
            "\" has expired, and auth-provider oidc cannot renew it here",
        "log in with kubelogin (kubectl oidc-login) as exec in the kubeconfig, or let kubectl renew it: "
        "kubectl get namespaces");
  return token;
}

}  // namespace egress::kube
