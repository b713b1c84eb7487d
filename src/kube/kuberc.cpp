#include "egress/kube/kuberc.hpp"

#include <algorithm>
#include <cstdlib>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/process.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress::kube {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

[[noreturn]] void fail(const std::string& file, const std::string& why) {
  throw Error("error loading kuberc file \"" + printable_path(file) + "\": " + why,
              "correct it, or ignore it with KUBERC=off");
}

PluginPolicy::Kind parse_policy_kind(const std::string& name, const std::string& file) {
  if (name.empty() || name == "AllowAll") return PluginPolicy::Kind::allow_all;
  if (name == "DenyAll") return PluginPolicy::Kind::deny_all;
  if (name == "Allowlist") return PluginPolicy::Kind::allow_listed;
  fail(file,
       "credentialPluginPolicy \"" + printable(name, 100) + "\" must be AllowAll, DenyAll or Allowlist");
}

PluginPolicy parse_policy(const Json& preference, const std::string& file) {
  const Json& name = preference["credentialPluginPolicy"];
  if (!name.is_null() && !name.is_string()) fail(file, "credentialPluginPolicy is not a string");
  PluginPolicy policy{.kind = parse_policy_kind(name.as_string(), file), .file = file};
  const Json& list = preference["credentialPluginAllowlist"];
  if (policy.kind != PluginPolicy::Kind::allow_listed) {
    if (!list.is_null()) fail(file, "credentialPluginAllowlist requires credentialPluginPolicy: Allowlist");
    return policy;
  }
  // Before Kubernetes 1.36 the field is `name`.
  for (const Json& entry : list.items()) {
    const Json& command = entry.has("command") ? entry["command"] : entry["name"];
    if (command.as_string().empty()) fail(file, "an entry of credentialPluginAllowlist has no command");
    policy.allowed.push_back(command.as_string());
  }
  if (policy.allowed.empty()) fail(file, "credentialPluginAllowlist has no command");
  return policy;
}

}  // namespace

void PluginPolicy::check(const std::string& command) const {
  const std::string shown = "plugin \"" + printable(command, 200) + "\" is not permitted";
  if (kind == Kind::deny_all)
    throw Error(shown + ": credentialPluginPolicy is DenyAll", "change it in " + printable_path(file));
  if (kind == Kind::allow_all) return;
  const std::string path = find_program(command);
  const bool is_listed = std::ranges::any_of(allowed, [&](const std::string& entry) {
    return entry == command || (!path.empty() && find_program(entry) == path);
  });
  if (!is_listed)
    throw Error(shown + " by the credential plugin allowlist",
                "to allow it, add it to credentialPluginAllowlist in " + printable_path(file));
}

PluginPolicy read_plugin_policy(std::string_view text, const std::string& file) {
  std::vector<Json> documents;
  try {
    documents = parse_yaml_documents(text);
  } catch (const Error& error) {
    fail(file, error.what());
  }
  for (const Json& document : documents)
    if (document["kind"].as_string() == "Preference" &&
        document["apiVersion"].as_string() == "kubectl.config.k8s.io/v1beta1")
      return parse_policy(document, file);
  return {.file = file};
}

PluginPolicy load_plugin_policy(const std::string& flag) {
  const std::string variable = environment("KUBERC");
  if (flag == "off" || (flag.empty() && variable == "off") || environment("KUBECTL_KUBERC") == "false")
    return {};
  std::string path = !flag.empty() ? flag : variable;
  if (path.empty()) {
    path = environment("HOME") + "/.kube/kuberc";
    if (environment("HOME").empty() || !file_exists(path)) return {};
  }
  try {
    return read_plugin_policy(read_file(path, 1U << 20U), path);
  } catch (const Error& error) {
    const std::string why = error.what();
    if (why.starts_with("error loading kuberc")) throw;
    fail(path, why);
  }
}

}  // namespace egress::kube
