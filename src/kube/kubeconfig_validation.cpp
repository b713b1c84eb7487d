#include "egress/kube/kubeconfig_validation.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/http/url.hpp"
#include "egress/kube/exec_plugin.hpp"
#include "egress/kube/inline_secret.hpp"

namespace egress::kube {
namespace {

using Problems = std::vector<std::string>;

std::string inline_value_problem(const KubeconfigEntry& entry, const std::string& key,
                                 const std::string& secret_type) {
  return key + " of " + entry.name + " is the " + secret_type + " itself and not a file name; write it as ";
}

/// Why the file of a field cannot be read; empty if it can, or if the field is not set.
std::string read_problem(const KubeconfigEntry& entry, const std::string& key, const std::string& shown) {
  const std::string path = entry.text(key);
  if (path.empty()) return {};
  try {
    read_file(entry.absolute_path(path));
  } catch (const Error& error) {
    const std::string secret_type(inline_secret_type(path) == "token" ? "" : inline_secret_type(path));
    // A PEM text has to be encoded; base64 can be used as it is.
    const char* encoding_note = path.find("-----BEGIN") == std::string::npos ? "" : ", in base64";
    return secret_type.empty()
               ? "unable to read " + shown + " " + printable_path(entry.absolute_path(path)) + " for " +
                     entry.name + " due to " + error.what()
               : inline_value_problem(entry, key, secret_type) + key + "-data" + encoding_note;
  }
  return {};
}

/// The problem of a tokenFile field that is the token itself; empty if there is none. Like any unreadable
/// tokenFile, it is ignored if there is a token.
std::string inline_token_problem(const KubeconfigEntry& user, const Overrides& overrides) {
  const std::string path = user.text("tokenFile");
  if (!overrides.token.empty() || !user.text("token").empty() || inline_secret_type(path).empty() ||
      file_exists(user.absolute_path(path)))
    return {};
  return inline_value_problem(user, "tokenFile", "token") + "token";
}

bool has_file_and_data(const KubeconfigEntry& entry, const std::string& key) {
  return !entry.text(key).empty() && !entry.text(key + "-data").empty();
}

void add_problem(Problems& problems, std::string problem) {
  if (!problem.empty()) problems.push_back(std::move(problem));
}

/// The authentication methods in use, of which only one is allowed. A tokenFile with a password is refused,
/// too.
Problems auth_methods(const KubeconfigEntry* user, const Overrides& overrides) {
  auto is_set = [&](const char* key) { return user != nullptr && !user->text(key).empty(); };
  Problems found;
  if (!overrides.token.empty() || is_set("token") || is_set("tokenFile")) found.emplace_back("token");
  const bool has_flag = !overrides.username.empty() || !overrides.password.empty();
  if (has_flag || is_set("username") || is_set("password")) found.emplace_back("basicAuth");
  return found;
}

/// A flag replaces both the file and the data of the certificate or the key.
Problems certificate_problems(const KubeconfigEntry& user, const Overrides& overrides) {
  Problems problems;
  if (!user.has_content("client-certificate") && overrides.client_certificate.empty()) return problems;
  if (overrides.client_certificate.empty() && has_file_and_data(user, "client-certificate"))
    problems.push_back("client-cert-data and client-cert are both specified for " + user.name +
                       ". client-cert-data will override.");
  if (overrides.client_key.empty() && has_file_and_data(user, "client-key"))
    problems.push_back("client-key-data and client-key are both specified for " + user.name +
                       "; client-key-data will override");
  if (overrides.client_key.empty() && !user.has_content("client-key"))
    problems.push_back("client-key-data or client-key must be specified for " + user.name +
                       " to use the clientCert authentication method.");
  if (overrides.client_certificate.empty())
    add_problem(problems, read_problem(user, "client-certificate", "client-cert"));
  if (overrides.client_key.empty()) add_problem(problems, read_problem(user, "client-key", "client-key"));
  return problems;
}

/// `user "u" in FILE, line 9`; without the line if the entry was not read from a text.
std::string location_of(const KubeconfigEntry& entry, const std::string& noun) {
  std::string location = noun + " \"" + printable(entry.name, 200) + "\" in " + printable(entry.file, 300);
  if (!entry.source) return location;
  const std::size_t line = find_yaml_line(*entry.source, {noun + "s", std::to_string(entry.index)});
  return line == 0 ? location : location + ", line " + std::to_string(line);
}

bool impersonates(const KubeconfigEntry* user, const Overrides& overrides) {
  return !overrides.as.empty() || (user != nullptr && !user->text("as").empty());
}

bool impersonates_details(const KubeconfigEntry* user, const Overrides& overrides) {
  if (!overrides.as_uid.empty() || !overrides.as_groups.empty() || !overrides.as_user_extra.empty())
    return true;
  return user != nullptr && (!user->text("as-uid").empty() || !user->value["as-groups"].items().empty() ||
                             !user->value["as-user-extra"].members().empty());
}

}  // namespace

std::string proxy_problem(const KubeconfigEntry& cluster) {
  const std::string text = cluster.text("proxy-url");
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const std::size_t end = text.find("://");
  const std::string scheme = colon == std::string::npos ? "" : text.substr(0, colon);
  const std::string problem = "invalid 'proxy-url' \"" + printable(http::mask_credentials(text), 200) +
                              "\" for cluster \"" + cluster.name + "\": ";
  const auto url = http::Url::parse(text);
  constexpr std::array<std::string_view, 3> schemes{"http", "https", "socks5"};
  const bool is_known_scheme = std::ranges::find(schemes, to_lower(scheme)) != schemes.end();
  if (is_known_scheme && url && !url->host.empty()) return {};
  const bool has_no_scheme =
      end == std::string::npos && scheme.find_first_of(".0123456789") != std::string::npos;
  if (has_no_scheme || is_known_scheme || (url && url->host.empty())) return problem + "could not parse";
  return problem + "unsupported scheme \"" + printable(url ? url->scheme : scheme, 50) +
         "\", must be http, https, or socks5";
}

std::vector<std::string> user_problems(const KubeconfigEntry* user, const Overrides& overrides) {
  Problems problems;
  const std::string name = user != nullptr ? user->name : "the user";
  const Problems used_methods = auth_methods(user, overrides);
  if (user != nullptr) {
    problems = certificate_problems(*user, overrides);
    add_problem(problems, inline_token_problem(*user, overrides));
    for (std::string& problem : exec_problems(*user)) problems.push_back(std::move(problem));
  } else if (!overrides.client_certificate.empty() && overrides.client_key.empty()) {
    problems.push_back("client-key-data or client-key must be specified for " + name +
                       " to use the clientCert authentication method.");
  }
  if (used_methods.size() > 1)
    problems.push_back("more than one authentication method found for " + name + "; found [" +
                       join(used_methods, " ") + "], only one is allowed");
  if (impersonates_details(user, overrides) && !impersonates(user, overrides))
    problems.push_back("requesting uid, groups or user-extra for " + name + " without impersonating a user");
  return problems;
}

std::vector<std::string> cluster_problems(const KubeconfigEntry* cluster, const Overrides& overrides) {
  Problems problems;
  if (cluster == nullptr) return problems;
  if (overrides.server.empty() && cluster->text("server").empty())
    problems.push_back("no server found for cluster \"" + cluster->name + "\"");
  add_problem(problems, proxy_problem(*cluster));
  if (overrides.insecure || !overrides.certificate_authority.empty()) return problems;
  if (has_file_and_data(*cluster, "certificate-authority"))
    problems.push_back("certificate-authority-data and certificate-authority are both specified for " +
                       cluster->name + ". certificate-authority-data will override.");
  else
    add_problem(problems, read_problem(*cluster, "certificate-authority", "certificate-authority"));
  return problems;
}

void validate_kubeconfig(const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                         const Overrides& overrides) {
  std::vector<std::string> problems = user_problems(user, overrides);
  std::vector<std::string> locations;
  if (!problems.empty() && user != nullptr) locations.push_back(location_of(*user, "user"));
  for (std::string& problem : cluster_problems(cluster, overrides)) {
    problems.push_back(std::move(problem));
    locations.push_back(location_of(*cluster, "cluster"));
  }
  if (problems.empty()) return;
  locations.erase(std::unique(locations.begin(), locations.end()), locations.end());
  const std::string hint = (locations.empty() ? "" : "change " + join(locations, " and ") + "; ") +
                           "show the configuration in use: kubectl config view --minify";
  if (problems.size() == 1) throw Error(printable(problems.front()), hint);
  throw ConfigError(printable("\n* " + join(problems, "\n* ")), hint);
}

}  // namespace egress::kube
