#include "egress/kube/exec_plugin.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/api_error.hpp"
#include "egress/kube/token_file.hpp"

namespace egress::kube {
namespace {

constexpr std::string_view v1 = "client.authentication.k8s.io/v1";
constexpr std::string_view v1beta1 = "client.authentication.k8s.io/v1beta1";
constexpr std::string_view extension_name = "client.authentication.k8s.io/exec";

[[noreturn]] void fail(const std::string& why, const std::string& hint = {}) {
  throw ConnectionError("Unable to connect to the server: getting credentials: " + why, hint);
}

[[noreturn]] void fail_to_start(const ExecPlugin& plugin, int code) {
  const std::string command = printable(plugin.program.command, 300);
  // A program that exists but cannot be started: it is not executable, or its interpreter is missing.
  const bool is_path = plugin.program.command.find('/') != std::string::npos;
  const std::string path = is_path ? plugin.program.command : find_program(plugin.program.command);
  if (!path.empty()) {
    std::string why = std::strerror(code);
    why.front() = static_cast<char>(why.front() | 0x20);
    fail("exec: fork/exec " + printable(path, 300) + ": " + why, printable(plugin.install_hint));
  }
  const std::string hint = plugin.install_hint.empty()
                               ? "install " + command + ", or add its directory to PATH"
                               : printable(trim(plugin.install_hint));
  fail("exec: executable " + command +
           " not found\n\nIt looks like you are trying to use a client-go credential plugin that is not "
           "installed.",
       hint);
}

/// The value of the cluster's extension for plugins; null if there is no extension.
Json exec_extension(const KubeconfigEntry* cluster) {
  if (cluster == nullptr) return {};
  for (const Json& extension : cluster->value["extensions"].items())
    if (extension["name"].as_string() == extension_name) return extension["extension"];
  return {};
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

bool is_stdin_terminal() {
  return ::isatty(STDIN_FILENO) == 1;
}

}  // namespace

std::vector<std::string> exec_problems(const KubeconfigEntry& user) {
  const Json& exec = user.value["exec"];
  if (exec.is_null()) return {};
  std::vector<std::string> problems;
  const std::string purpose = " must be specified for " + user.name + " to use exec authentication plugin";
  const std::string& version = exec["apiVersion"].as_string();
  const std::string& mode = exec["interactiveMode"].as_string();
  if (!user.value["auth-provider"].is_null())
    problems.push_back("authProvider cannot be provided in combination with an exec plugin for " + user.name);
  if (exec["command"].as_string().empty()) problems.push_back("command" + purpose);
  if (version.empty()) problems.push_back("apiVersion" + purpose);
  for (const Json& variable : exec["env"].items())
    if (variable["name"].as_string().empty()) problems.push_back("env variable name" + purpose);
  if (mode.empty() && version != v1beta1) problems.push_back("interactiveMode" + purpose);
  if (!mode.empty() && mode != "Never" && mode != "IfAvailable" && mode != "Always")
    problems.push_back("invalid interactiveMode for " + user.name + ": \"" + printable(mode, 100) + "\"");
  if (!version.empty() && version != v1 && version != v1beta1)
    problems.push_back("exec plugin: invalid apiVersion \"" + printable(version, 100) + "\"");
  return problems;
}

ExecPlugin ExecPlugin::read(const KubeconfigEntry& user) {
  const Json& exec = user.value["exec"];
  ExecPlugin plugin;
  plugin.program.command = exec["command"].as_string();
  // A path is relative to the kubeconfig's folder; a name without a slash is looked up in PATH.
  if (plugin.program.command.find('/') != std::string::npos)
    plugin.program.command = user.absolute_path(plugin.program.command);
  for (const Json& argument : exec["args"].items()) plugin.program.arguments.push_back(argument.as_string());
  for (const Json& variable : exec["env"].items())
    plugin.program.environment.emplace_back(variable["name"].as_string(), variable["value"].as_string());
  plugin.api_version = exec["apiVersion"].as_string();
  plugin.install_hint = exec["installHint"].as_string();
  const std::string& mode = exec["interactiveMode"].as_string();
  if (mode == "Never") plugin.interactive_mode = InteractiveMode::never;
  if (mode == "Always") plugin.interactive_mode = InteractiveMode::always;
  plugin.provide_cluster_info = exec["provideClusterInfo"].as_bool();
  return plugin;
}

std::string ExecPlugin::exec_info(bool with_terminal) const {
  return object({
                    {"kind", "ExecCredential"},
                    {"apiVersion", api_version},
                    {"spec", object({{"cluster", cluster}, {"interactive", with_terminal}})},
                })
      .dump();
}

Json exec_cluster_info(const http::Endpoint& endpoint, const KubeconfigEntry* cluster) {
  const std::string& roots = endpoint.certificate_authority;
  return object({
      {"server", endpoint.url},
      {"tls-server-name", text_or_null(endpoint.server_name)},
      {"insecure-skip-tls-verify", endpoint.insecure ? Json(true) : Json()},
      {"certificate-authority-data", roots.empty() ? Json() : Json(encode_base64(roots))},
      {"proxy-url", cluster != nullptr ? text_or_null(cluster->text("proxy-url")) : Json()},
      {"disable-compression", endpoint.compression ? Json() : Json(true)},
      {"config", exec_extension(cluster)},
  });
}

ExecCredential ExecAuthenticator::run_plugin() const {
  const bool can_prompt = !plugin_.program.discards_stderr && is_stdin_terminal();
  if (plugin_.interactive_mode == ExecPlugin::InteractiveMode::always && !can_prompt)
    fail("exec plugin cannot support interactive mode: standard input is not a terminal",
         "run the command in a terminal");
  try {
    policy_.check(plugin_.program.command);
  } catch (const Error& error) {
    fail(error.what(), error.hint());
  }
  Program program = plugin_.program;
  program.reads_stdin = can_prompt && plugin_.interactive_mode != ExecPlugin::InteractiveMode::never;
  program.environment.emplace_back("KUBERNETES_EXEC_INFO", plugin_.exec_info(program.reads_stdin));
  try {
    const ProcessResult ended = run_program(program);
    throw_if_interrupted();
    if (ended.start_error != 0) fail_to_start(plugin_, ended.start_error);
    if (ended.status != 0)
      fail("exec: executable " + printable(program.command, 300) + " failed with exit code " +
               std::to_string(ended.status),
           "see the plugin's own messages above; you may have to log in again");
    ExecCredential credential = read_exec_credential(ended.output, plugin_.api_version);
    if (!credential.client_certificate.empty() &&
        !key_matches(credential.client_certificate, credential.client_key))
      throw Error("failed parsing client key/certificate: tls: private key does not match public key");
    return credential;
  } catch (const ConnectionError&) {
    throw;
  } catch (const InterruptedError&) {
    throw;
  } catch (const Error& error) {
    fail(error.what());
  }
}

void ExecAuthenticator::authenticate(Credentials& credentials) {
  if (!credential_ || (credential_->expires && now_() > *credential_->expires)) credential_ = run_plugin();
  if (!credential_->token.empty()) credentials.headers.push_back(bearer_header(credential_->token));
  credentials.client_certificate = credential_->client_certificate;
  credentials.client_key = credential_->client_key;
}

bool ExecAuthenticator::renew() {
  credential_ = run_plugin();
  return true;
}

}  // namespace egress::kube
