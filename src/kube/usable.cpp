#include "egress/kube/usable.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/http/url.hpp"
#include "egress/kube/exec_plugin.hpp"
#include "egress/kube/pasted.hpp"

namespace egress::kube {
namespace {

using Faults = std::vector<std::string>;

std::string misplaced(const KubeconfigEntry& entry, const std::string& key, const std::string& what) {
  return key + " of " + entry.name + " holds the " + what + " itself, not a file's name; write it as ";
}

/// Why the file of a field cannot be read; empty where it can or is not given.
std::string unreadable(const KubeconfigEntry& entry, const std::string& key, const std::string& shown) {
  const std::string path = entry.text(key);
  if (path.empty()) return {};
  try {
    read_file(entry.resolved(path));
  } catch (const Error& error) {
    const std::string what(pasted(path) == "token" ? "" : pasted(path));
    // Of base64 the data are made of already.
    const char* form = path.find("-----BEGIN") == std::string::npos ? "" : ", in base64";
    return what.empty() ? "unable to read " + shown + " " + shown_path(entry.resolved(path)) + " for " +
                              entry.name + " due to " + error.what()
                        : misplaced(entry, key, what) + key + "-data" + form;
  }
  return {};
}

/// A tokenFile that cannot be read is passed over where there is a token beside it.
std::string pasted_token(const KubeconfigEntry& user, const Overrides& overrides) {
  const std::string path = user.text("tokenFile");
  if (!overrides.token.empty() || !user.text("token").empty() || pasted(path).empty() ||
      file_exists(user.resolved(path)))
    return {};
  return misplaced(user, "tokenFile", "token") + "token";
}

bool both(const KubeconfigEntry& entry, const std::string& key) {
  return !entry.text(key).empty() && !entry.text(key + "-data").empty();
}

void add(Faults& faults, std::string fault) {
  if (!fault.empty()) faults.push_back(std::move(fault));
}

/// What counts as a way to log in, of which there may be one. A tokenFile beside a password is refused too.
Faults methods(const KubeconfigEntry* user, const Overrides& overrides) {
  auto given = [&](const char* key) { return user != nullptr && !user->text(key).empty(); };
  Faults found;
  if (!overrides.token.empty() || given("token") || given("tokenFile")) found.emplace_back("token");
  const bool flag = !overrides.username.empty() || !overrides.password.empty();
  if (flag || given("username") || given("password")) found.emplace_back("basicAuth");
  return found;
}

/// The flags replace a half, its file and its data.
Faults certificate_faults(const KubeconfigEntry& user, const Overrides& overrides) {
  Faults faults;
  if (!user.has_content("client-certificate") && overrides.client_certificate.empty()) return faults;
  if (overrides.client_certificate.empty() && both(user, "client-certificate"))
    faults.push_back("client-cert-data and client-cert are both specified for " + user.name +
                     ". client-cert-data will override.");
  if (overrides.client_key.empty() && both(user, "client-key"))
    faults.push_back("client-key-data and client-key are both specified for " + user.name +
                     "; client-key-data will override");
  if (overrides.client_key.empty() && !user.has_content("client-key"))
    faults.push_back("client-key-data or client-key must be specified for " + user.name +
                     " to use the clientCert authentication method.");
  if (overrides.client_certificate.empty())
    add(faults, unreadable(user, "client-certificate", "client-cert"));
  if (overrides.client_key.empty()) add(faults, unreadable(user, "client-key", "client-key"));
  return faults;
}

/// `user "u" in FILE, line 9`, or without the line where the entry was not read from a text.
std::string place_of(const KubeconfigEntry& entry, const std::string& noun) {
  std::string place = noun + " \"" + printable(entry.name, 200) + "\" in " + printable(entry.file, 300);
  if (!entry.source) return place;
  const std::size_t line = yaml_line(*entry.source, {noun + "s", std::to_string(entry.index)});
  return line == 0 ? place : place + ", line " + std::to_string(line);
}

bool impersonates(const KubeconfigEntry* user, const Overrides& overrides) {
  return !overrides.as.empty() || (user != nullptr && !user->text("as").empty());
}

bool impersonates_more(const KubeconfigEntry* user, const Overrides& overrides) {
  if (!overrides.as_uid.empty() || !overrides.as_groups.empty() || !overrides.as_user_extra.empty())
    return true;
  return user != nullptr && (!user->text("as-uid").empty() || !user->value["as-groups"].items().empty() ||
                             !user->value["as-user-extra"].members().empty());
}

}  // namespace

std::string proxy_fault(const KubeconfigEntry& cluster) {
  const std::string text = cluster.text("proxy-url");
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const std::size_t end = text.find("://");
  const std::string scheme = colon == std::string::npos ? "" : text.substr(0, colon);
  const std::string fault = "invalid 'proxy-url' \"" + printable(http::without_credentials(text), 200) +
                            "\" for cluster \"" + cluster.name + "\": ";
  const auto url = http::Url::parse(text);
  constexpr std::array<std::string_view, 3> schemes{"http", "https", "socks5"};
  const bool known = std::ranges::find(schemes, lower(scheme)) != schemes.end();
  if (known && url && !url->host.empty()) return {};
  const bool no_scheme = end == std::string::npos && scheme.find_first_of(".0123456789") != std::string::npos;
  if (no_scheme || known || (url && url->host.empty())) return fault + "could not parse";
  return fault + "unsupported scheme \"" + printable(url ? url->scheme : scheme, 50) +
         "\", must be http, https, or socks5";
}

std::vector<std::string> user_faults(const KubeconfigEntry* user, const Overrides& overrides) {
  Faults faults;
  const std::string name = user != nullptr ? user->name : "the user";
  const Faults ways = methods(user, overrides);
  if (user != nullptr) {
    faults = certificate_faults(*user, overrides);
    add(faults, pasted_token(*user, overrides));
    for (std::string& fault : exec_faults(*user)) faults.push_back(std::move(fault));
  } else if (!overrides.client_certificate.empty() && overrides.client_key.empty()) {
    faults.push_back("client-key-data or client-key must be specified for " + name +
                     " to use the clientCert authentication method.");
  }
  if (ways.size() > 1)
    faults.push_back("more than one authentication method found for " + name + "; found [" + join(ways, " ") +
                     "], only one is allowed");
  if (impersonates_more(user, overrides) && !impersonates(user, overrides))
    faults.push_back("requesting uid, groups or user-extra for " + name + " without impersonating a user");
  return faults;
}

std::vector<std::string> cluster_faults(const KubeconfigEntry* cluster, const Overrides& overrides) {
  Faults faults;
  if (cluster == nullptr) return faults;
  if (overrides.server.empty() && cluster->text("server").empty())
    faults.push_back("no server found for cluster \"" + cluster->name + "\"");
  add(faults, proxy_fault(*cluster));
  if (overrides.insecure || !overrides.certificate_authority.empty()) return faults;
  if (both(*cluster, "certificate-authority"))
    faults.push_back("certificate-authority-data and certificate-authority are both specified for " +
                     cluster->name + ". certificate-authority-data will override.");
  else
    add(faults, unreadable(*cluster, "certificate-authority", "certificate-authority"));
  return faults;
}

void refuse_unusable(const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                     const Overrides& overrides) {
  std::vector<std::string> faults = user_faults(user, overrides);
  std::vector<std::string> places;
  if (!faults.empty() && user != nullptr) places.push_back(place_of(*user, "user"));
  for (std::string& fault : cluster_faults(cluster, overrides)) {
    faults.push_back(std::move(fault));
    places.push_back(place_of(*cluster, "cluster"));
  }
  if (faults.empty()) return;
  places.erase(std::unique(places.begin(), places.end()), places.end());
  const std::string hint = (places.empty() ? "" : "Change " + join(places, " and ") + ". ") +
                           "See what is meant to be used: kubectl config view --minify";
  if (faults.size() == 1) throw Error(printable(faults.front()), hint);
  throw ConfigError(printable("\n* " + join(faults, "\n* ")), hint);
}

}  // namespace egress::kube
