#include "egress/kube/kubeconfig.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unordered_set>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/kube/kubeconfig_shape.hpp"

namespace egress::kube {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Of one file. A cluster with its user and all their certificates takes some 8 KiB.
constexpr std::size_t max_size = 16U << 20U;

bool is_missing(const std::string& path) {
  return !file_exists(path);
}

/// The files to read; those of $KUBECONFIG may be missing, and are told where all of them are.
std::vector<std::string> paths(const std::string& flag, std::vector<std::string>& all_missing) {
  if (!flag.empty()) return {flag};
  std::vector<std::string> found;
  for (const std::string& path : split(environment("KUBECONFIG"), ':'))
    if (!path.empty() && std::ranges::find(found, path) == found.end()) found.push_back(path);
  if (std::ranges::all_of(found, is_missing)) all_missing = found;
  const std::string home = environment("HOME");
  if (found.empty() && !home.empty()) {
    found.push_back(home + "/.kube/config");
    // Where kubectl once had it; it would be copied now, and is only read here.
    if (is_missing(found.front())) found = {home + "/.kube/.kubeconfig"};
  }
  std::erase_if(found, is_missing);
  return found;
}

/// What leads an error in that file.
std::string loading(const std::string& file) {
  return "error loading config file \"" + shown_path(file) + "\": ";
}

std::string content_of(const std::string& path) {
  std::error_code no_regular_file;
  const std::uintmax_t size = std::filesystem::file_size(path, no_regular_file);
  if (!no_regular_file && size > max_size)
    throw Error("error loading config file \"" + path + "\": it has " + std::to_string(size >> 20U) +
                    " MiB, and at most " + std::to_string(max_size >> 20U) + " MiB are read",
                "Read what is needed of it: kubectl config view --minify --flatten --context NAME");
  try {
    return read_file(path, max_size);
  } catch (const Error& error) {
    throw Error(loading(path) + error.what());
  }
}

[[noreturn]] void wrong_type(const std::string& where, const std::string& key, const std::string& file) {
  throw Error(loading(file) + printable(where, 200) + "." + key + " is not a text",
              "Quote its value: " + key + ": \"…\"");
}

/// Appends the entries of one list whose names no earlier file has.
void merge_list(std::vector<KubeconfigEntry>& into, const Json& list, std::string_view member,
                const std::string& file, const std::shared_ptr<const std::string>& source) {
  std::unordered_set<std::string> known;
  for (const KubeconfigEntry& entry : into) known.insert(entry.name);
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const Json& item = list.items()[i];
    if (!known.contains(item["name"].as_string()))
      into.push_back({item["name"].as_string(), item[member], file, source, i});
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
    throw Error(loading(file) + printable(name, 200) + "." + std::string(key) + " is not true or false");
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
    throw Error(data_key + " and " + std::string(key) + " are both specified for " + printable(name, 200) +
                " in \"" + shown_path(file) + "\"; keep one of them");
  if (!path.empty()) {
    try {
      return read_file(resolved(path));
    } catch (const Error& error) {
      throw Error("unable to read " + std::string(key) + " of " + printable(name, 200) + " due to " +
                  error.what());
    }
  }
  auto decoded = base64_decoded(data);
  if (!decoded)
    throw Error(loading(file) + data_key + " of " + printable(name, 200) + " is illegal base64 data");
  return std::move(*decoded);
}

std::string KubeconfigEntry::resolved(const std::string& path) const {
  if (path.starts_with('/')) return path;
  return (std::filesystem::absolute(file).parent_path() / path).lexically_normal();
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
    throw Error(loading(file) + error.what());
  }
  into.files.push_back(file);
  if (config.is_null()) return;
  check_shape(config, text, file);
  const std::string kind = config["kind"].as_string().empty() ? "Config" : config["kind"].as_string();
  const std::string version =
      config["apiVersion"].as_string().empty() ? "v1" : config["apiVersion"].as_string();
  if (kind != "Config" || version != "v1")
    throw Error(loading(file) + "no kind \"" + printable(kind, 100) + "\" is registered for version \"" +
                    printable(version, 100) + "\"",
                "A kubeconfig begins with: apiVersion: v1, kind: Config");

  const auto source = std::make_shared<const std::string>(text);
  merge_list(into.clusters, config["clusters"], "cluster", file, source);
  merge_list(into.users, config["users"], "user", file, source);
  merge_list(into.contexts, config["contexts"], "context", file, source);
  if (into.current_context.empty()) into.current_context = config["current-context"].as_string();
}

Kubeconfig load_kubeconfig(const std::string& flag) {
  Kubeconfig config;
  std::vector<std::string> faults;
  std::string hint;
  for (const std::string& path : paths(flag, config.missing)) {
    if (!flag.empty() && is_missing(path))
      throw Error("stat " + shown_path(path) + ": no such file or directory");
    try {
      merge_kubeconfig(config, content_of(path), path);
    } catch (const Error& error) {
      faults.emplace_back(error.what());
      hint = error.hint();
    }
  }
  if (!faults.empty()) throw Error(join(faults, "\n"), faults.size() == 1 ? hint : "");
  return config;
}

}  // namespace egress::kube
