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
#include "egress/kube/kubeconfig_schema.hpp"

namespace egress::kube {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The maximum size of a file. A cluster with its user and all their certificates takes about 8 KiB.
constexpr std::size_t max_file_size = 16U << 20U;

bool is_missing(const std::string& path) {
  return !file_exists(path);
}

/// The files to read. Files in $KUBECONFIG may be missing; `all_missing` gets their names if all of them are.
std::vector<std::string> paths(const std::string& flag, std::vector<std::string>& all_missing) {
  if (!flag.empty()) return {flag};
  std::vector<std::string> found;
  for (const std::string& path : split(environment("KUBECONFIG"), ':'))
    if (!path.empty() && std::ranges::find(found, path) == found.end()) found.push_back(path);
  if (std::ranges::all_of(found, is_missing)) all_missing = found;
  const std::string home = environment("HOME");
  if (found.empty() && !home.empty()) {
    found.push_back(home + "/.kube/config");
    // The location in old versions of kubectl. kubectl copies this file; this program only reads it.
    if (is_missing(found.front())) found = {home + "/.kube/.kubeconfig"};
  }
  std::erase_if(found, is_missing);
  return found;
}

/// The start of an error message about a file.
std::string load_error(const std::string& file) {
  return "error loading config file \"" + printable_path(file) + "\": ";
}

std::string read_config_file(const std::string& path) {
  std::error_code error_code;
  const std::uintmax_t size = std::filesystem::file_size(path, error_code);
  if (!error_code && size > max_file_size)
    throw Error("error loading config file \"" + path + "\": the file is " + std::to_string(size >> 20U) +
                    " MiB, larger than the maximum of " + std::to_string(max_file_size >> 20U) + " MiB",
                "use only the needed part: kubectl config view --minify --flatten --context NAME");
  try {
    return read_file(path, max_file_size);
  } catch (const Error& error) {
    throw Error(load_error(path) + error.what());
  }
}

[[noreturn]] void fail_not_text(const std::string& where, const std::string& key, const std::string& file) {
  throw Error(load_error(file) + printable(where, 200) + "." + key + " is not a string",
              "quote the value: " + key + ": \"…\"");
}

/// Appends the entries of a list whose names are not in an earlier file.
void merge_list(std::vector<KubeconfigEntry>& into, const Json& list, std::string_view member,
                const std::string& file, const std::shared_ptr<const std::string>& source) {
  std::unordered_set<std::string> names;
  for (const KubeconfigEntry& entry : into) names.insert(entry.name);
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const Json& item = list.items()[i];
    if (!names.contains(item["name"].as_string()))
      into.push_back({item["name"].as_string(), item[member], file, source, i});
  }
}

const KubeconfigEntry* find(const std::vector<KubeconfigEntry>& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &KubeconfigEntry::name);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

std::string KubeconfigEntry::text(std::string_view key) const {
  const Json& field = value[key];
  if (!field.is_null() && !field.is_string()) fail_not_text(name, std::string(key), file);
  return field.as_string();
}

bool KubeconfigEntry::boolean(std::string_view key) const {
  const Json& field = value[key];
  if (!field.is_null() && !field.is_bool())
    throw Error(load_error(file) + printable(name, 200) + "." + std::string(key) + " is not true or false");
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
                " in \"" + printable_path(file) + "\"; keep one of them");
  if (!path.empty()) {
    try {
      return read_file(absolute_path(path));
    } catch (const Error& error) {
      throw Error("unable to read " + std::string(key) + " of " + printable(name, 200) + " due to " +
                  error.what());
    }
  }
  auto decoded = decode_base64(data);
  if (!decoded)
    throw Error(load_error(file) + data_key + " of " + printable(name, 200) + " is illegal base64 data");
  return std::move(*decoded);
}

std::string KubeconfigEntry::absolute_path(const std::string& path) const {
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
    throw Error(load_error(file) + error.what());
  }
  into.files.push_back(file);
  if (config.is_null()) return;
  check_kubeconfig_schema(config, text, file);
  const std::string kind = config["kind"].as_string().empty() ? "Config" : config["kind"].as_string();
  const std::string version =
      config["apiVersion"].as_string().empty() ? "v1" : config["apiVersion"].as_string();
  if (kind != "Config" || version != "v1")
    throw Error(load_error(file) + "no kind \"" + printable(kind, 100) + "\" is registered for version \"" +
                    printable(version, 100) + "\"",
                "a kubeconfig starts with apiVersion: v1, kind: Config");

  const auto source = std::make_shared<const std::string>(text);
  merge_list(into.clusters, config["clusters"], "cluster", file, source);
  merge_list(into.users, config["users"], "user", file, source);
  merge_list(into.contexts, config["contexts"], "context", file, source);
  if (into.current_context.empty()) into.current_context = config["current-context"].as_string();
}

Kubeconfig load_kubeconfig(const std::string& flag) {
  Kubeconfig config;
  std::vector<std::string> problems;
  std::string hint;
  for (const std::string& path : paths(flag, config.missing)) {
    if (!flag.empty() && is_missing(path))
      throw Error("stat " + printable_path(path) + ": no such file or directory");
    try {
      merge_kubeconfig(config, read_config_file(path), path);
    } catch (const Error& error) {
      problems.emplace_back(error.what());
      hint = error.hint();
    }
  }
  if (!problems.empty()) throw Error(join(problems, "\n"), problems.size() == 1 ? hint : "");
  return config;
}

}  // namespace egress::kube
