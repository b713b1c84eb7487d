#include "egress/kube/kubeconfig.hpp"

#include <algorithm>
#include <cstdlib>
#include <unordered_set>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress::kube {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The files to read; those of $KUBECONFIG may be missing.
std::vector<std::string> paths(const std::string& flag) {
  if (!flag.empty()) return {flag};
  std::vector<std::string> found;
  for (const std::string& path : split(environment("KUBECONFIG"), ':'))
    if (!path.empty() && std::ranges::find(found, path) == found.end()) found.push_back(path);
  const bool named = !found.empty();
  if (!named && !environment("HOME").empty()) found.push_back(environment("HOME") + "/.kube/config");
  std::erase_if(found, [](const std::string& path) { return !file_exists(path); });
  return found;
}

[[noreturn]] void wrong_type(const std::string& where, const std::string& key, const std::string& file) {
  throw Error("error loading config file \"" + file + "\": " + where + "." + key + " is not a text",
              "Quote its value: " + key + ": \"…\"");
}

/// Appends the entries of one list whose names no earlier file has.
void merge_list(std::vector<KubeconfigEntry>& into, const Json& list, std::string_view member,
                const std::string& where, const std::string& file) {
  if (list.is_null()) return;
  if (!list.is_array())
    throw Error("error loading config file \"" + file + "\": " + where + " is not a list");
  std::unordered_set<std::string> known;
  for (const KubeconfigEntry& entry : into) known.insert(entry.name);
  std::unordered_set<std::string> here;
  for (const Json& item : list.items()) {
    const Json& name = item["name"];
    if (!name.is_string() && !name.is_null()) wrong_type(where, "name", file);
    if (!here.insert(name.as_string()).second)
      throw Error("error loading config file \"" + file + "\": duplicate name \"" +
                  printable(name.as_string(), 200) + "\" in list " + where);
    if (known.contains(name.as_string())) continue;
    into.push_back({name.as_string(), item[member], file});
  }
}

const KubeconfigEntry* find(const std::vector<KubeconfigEntry>& entries, std::string_view name) {
  const auto at = std::ranges::find(entries, name, &KubeconfigEntry::name);
  return at == entries.end() ? nullptr : &*at;
}

}  // namespace

std::string KubeconfigEntry::text(std::string_view key) const {
  const Json& field = value[key];
  if (!field.is_null() && !field.is_string()) wrong_type(name, std::string(key), file);
  return field.as_string();
}

bool KubeconfigEntry::flag(std::string_view key) const {
  const Json& field = value[key];
  if (!field.is_null() && !field.is_bool())
    throw Error("error loading config file \"" + file + "\": " + name + "." + std::string(key) +
                " is not true or false");
  return field.as_bool();
}

bool KubeconfigEntry::has_content(std::string_view key) const {
  return !text(key).empty() || !text(std::string(key) + "-data").empty();
}

std::string KubeconfigEntry::content(std::string_view key) const {
  const std::string data_key = std::string(key) + "-data";
  const std::string data = text(data_key);
  const std::string path = text(key);
  if (!data.empty() && !path.empty())
    throw Error(data_key + " and " + std::string(key) + " are both specified for " + name + " in \"" + file +
                "\"; keep one of them");
  if (!path.empty()) {
    try {
      return read_file(resolved(path));
    } catch (const Error& error) {
      throw Error("unable to read " + std::string(key) + " of " + name + " due to " + error.what());
    }
  }
  auto decoded = base64_decoded(data);
  if (!decoded)
    throw Error("error loading config file \"" + file + "\": " + data_key + " of " + name +
                " is illegal base64 data");
  return std::move(*decoded);
}

std::string KubeconfigEntry::resolved(const std::string& path) const {
  const std::size_t slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

const KubeconfigEntry* Kubeconfig::cluster(std::string_view name) const {
  return find(clusters, name);
}
const KubeconfigEntry* Kubeconfig::user(std::string_view name) const {
  return find(users, name);
}
const KubeconfigEntry* Kubeconfig::context(std::string_view name) const {
  return find(contexts, name);
}

void merge_kubeconfig(Kubeconfig& into, std::string_view text, const std::string& file) {
  Json config;
  try {
    config = parse_yaml(text);
  } catch (const Error& error) {
    throw Error("error loading config file \"" + file + "\": " + error.what());
  }
  into.files.push_back(file);
  if (config.is_null()) return;
  if (!config.is_object()) throw Error("error loading config file \"" + file + "\": it is not a kubeconfig");
  const std::string& kind = config["kind"].as_string();
  const std::string& version = config["apiVersion"].as_string();
  if ((!kind.empty() && kind != "Config") || (!version.empty() && version != "v1"))
    throw Error("error loading config file \"" + file + "\": no kind \"" + printable(kind, 100) +
                "\" is registered for version \"" + printable(version, 100) + "\"");

  merge_list(into.clusters, config["clusters"], "cluster", "clusters", file);
  merge_list(into.users, config["users"], "user", "users", file);
  merge_list(into.contexts, config["contexts"], "context", "contexts", file);
  const Json& current = config["current-context"];
  if (!current.is_null() && !current.is_string()) wrong_type("kubeconfig", "current-context", file);
  if (into.current_context.empty()) into.current_context = current.as_string();
}

Kubeconfig load_kubeconfig(const std::string& flag) {
  Kubeconfig config;
  for (const std::string& path : paths(flag)) {
    std::string text;
    try {
      text = read_file(path);
    } catch (const Error& error) {
      if (!flag.empty() && !file_exists(path)) throw Error("stat " + path + ": no such file or directory");
      throw Error("error loading config file \"" + path + "\": " + error.what());
    }
    merge_kubeconfig(config, text, path);
  }
  return config;
}

}  // namespace egress::kube
