#include "egress/kube/exec_plugin.hpp"

#include <doctest/doctest.h>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "support/environment_variable.hpp"
#include "support/kubeconfig_fixture.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using std::chrono::system_clock;

const std::string v1 = "client.authentication.k8s.io/v1";

/// A plugin that runs a shell script.
ExecPlugin script(const std::string& text) {
  ExecPlugin plugin;
  plugin.program = {.command = "/bin/sh", .arguments = {"-c", text}};
  plugin.api_version = v1;
  return plugin;
}

/// A script that prints an ExecCredential with this status; the shell expands `word` for `%s`.
ExecPlugin plugin_printing(const std::string& status, const std::string& word = "x") {
  return script("printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + v1 + "\",\"status\":" + status +
                "}' \"" + word + "\"");
}

std::vector<std::string> headers(Authenticator& authenticator) {
  Credentials credentials;
  authenticator.authenticate(credentials);
  return credentials.headers;
}

/// The headline and hint of the error of a plugin.
std::string error_message(ExecPlugin plugin, PluginPolicy policy = {}) {
  ExecAuthenticator authenticator(std::move(plugin), std::move(policy));
  const std::string prefix = "Unable to connect to the server: getting credentials: ";
  try {
    headers(authenticator);
  } catch (const Error& error) {
    const std::string headline = error.headline();
    REQUIRE(headline.starts_with(prefix));
    return headline.substr(prefix.size()) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "nothing";
}

KubeconfigEntry user(const std::string& exec) {
  return {"u", object({{"exec", Json::parse(exec)}}), "/home/jane/.kube/config"};
}

}  // namespace

TEST_CASE("a plugin's token is sent, and the plugin runs once until the token expires") {
  ExecAuthenticator authenticator(
      plugin_printing(R"({"token":"%s"})", "$(cat /proc/sys/kernel/random/uuid)"));
  const auto first = headers(authenticator);
  CHECK(first.front().starts_with("Authorization: Bearer "));
  CHECK(headers(authenticator) == first);
}

TEST_CASE("a plugin runs again when its credential has expired or the server refuses it") {
  auto now = system_clock::time_point(std::chrono::seconds(1'000'000'000));
  const ExecPlugin plugin = plugin_printing(R"({"token":"%s","expirationTimestamp":"2001-09-09T01:47:00Z"})",
                                            "$(cat /proc/sys/kernel/random/uuid)");
  ExecAuthenticator authenticator(plugin, {}, [&] { return now; });
  const auto first = headers(authenticator);
  CHECK(headers(authenticator) == first);
  now += std::chrono::seconds(21);
  const auto second = headers(authenticator);
  CHECK(second != first);
  now = system_clock::time_point(std::chrono::seconds(1'000'000'000));
  CHECK(headers(authenticator) == second);
  CHECK(authenticator.renew());
  CHECK(headers(authenticator) != second);
}

TEST_CASE("a plugin's certificate and key are used if they match") {
  const SelfSignedCertificate& pair = testing::key_pair();
  const auto status = [&](const std::string& key) {
    const Json json = object({{"clientCertificateData", pair.certificate}, {"clientKeyData", key}});
    const std::string text =
        object({{"kind", "ExecCredential"}, {"apiVersion", v1}, {"status", json}}).dump();
    return script("cat <<'END'\n" + text + "\nEND\n");
  };
  ExecAuthenticator authenticator(status(pair.key));
  Credentials credentials;
  authenticator.authenticate(credentials);
  CHECK(credentials.headers.empty());
  CHECK(credentials.client_certificate == pair.certificate);
  CHECK(credentials.client_key == pair.key);
  CHECK(error_message(status(pair.ca_key)) ==
        "failed parsing client key/certificate: tls: private key does not match public key");
}

TEST_CASE("a plugin's failure is reported without its output") {
  CHECK(error_message(script("exit 7")).starts_with("exec: executable /bin/sh failed with exit code 7"));
  CHECK(error_message(script("echo s3cret")) == "decoding stdout: it is not an object");
  ExecPlugin missing = script("");
  missing.program.command = "egress-no-such-plugin";
  missing.install_hint = "Get it:\x1b[31m apt install it\n";
  CHECK(error_message(missing) ==
        "exec: executable egress-no-such-plugin not found\n\nIt looks like you are trying to use a client-go "
        "credential plugin that is not installed. | Get it:^[[31m apt install it");
  missing.program.command = "/nowhere/plugin";
  CHECK(error_message(missing).starts_with("exec: fork/exec /nowhere/plugin: no such file or directory"));
}

TEST_CASE("a plugin in PATH that cannot be executed is not reported as missing") {
  const testing::TemporaryDirectory folder;
  const std::string file = folder.write("login", "no program");
  const testing::EnvironmentVariable path("PATH", std::filesystem::path(file).parent_path());
  ExecPlugin plugin = script("");
  plugin.program.command = "login";
  plugin.install_hint = "hint";
  const auto refused = [&](const std::string& why) {
    return "exec: fork/exec " + file + ": " + why + " | hint";
  };
  // A file that is not executable is not found in PATH.
  CHECK(error_message(plugin).starts_with("exec: executable login not found"));
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  CHECK(error_message(plugin) == refused("exec format error"));
  folder.write("login", "#!/nowhere/shell\n");
  CHECK(error_message(plugin) == refused("no such file or directory"));
}

TEST_CASE("an interactive plugin needs a terminal") {
  ExecPlugin plugin = plugin_printing(R"({"token":"t"})");
  plugin.interactive_mode = ExecPlugin::InteractiveMode::always;
  plugin.program.discards_stderr = true;
  CHECK(error_message(plugin).starts_with(
      "exec plugin cannot support interactive mode: standard input is not a terminal"));
}

TEST_CASE("a plugin that the user's kuberc does not permit is not run") {
  const PluginPolicy deny_all{.kind = PluginPolicy::Kind::deny_all, .allowed = {}, .file = "k"};
  CHECK(error_message(plugin_printing(R"({"token":"t"})"), deny_all) ==
        "plugin \"/bin/sh\" is not permitted: credentialPluginPolicy is DenyAll | change it in k");
}

TEST_CASE("a plugin is read from the kubeconfig; its path is relative to the kubeconfig's directory") {
  const ExecPlugin read = ExecPlugin::read(user(
      R"({"command": "bin/login", "args": ["a", "b"], "env": [{"name": "N", "value": "V"}], "apiVersion": "x",
          "interactiveMode": "Never", "provideClusterInfo": true, "installHint": "hint"})"));
  CHECK(read.program.command == "/home/jane/.kube/bin/login");
  CHECK(read.program.arguments == std::vector<std::string>{"a", "b"});
  CHECK(read.program.environment == std::vector<std::pair<std::string, std::string>>{{"N", "V"}});
  CHECK(read.interactive_mode == ExecPlugin::InteractiveMode::never);
  CHECK(read.provide_cluster_info);
  CHECK(read.install_hint == "hint");
  const ExecPlugin bare = ExecPlugin::read(user(R"({"command": "login", "args": null, "env": null})"));
  CHECK(bare.program.command == "login");
  CHECK(bare.interactive_mode == ExecPlugin::InteractiveMode::if_available);
}

TEST_CASE("a plugin gets the API version and, with provideClusterInfo, the cluster") {
  ExecPlugin plugin =
      plugin_printing(R"({"token":"%s"})", "$(printf %s \"$KUBERNETES_EXEC_INFO\" | base64 -w0)");
  plugin.program.discards_stderr = true;
  ExecAuthenticator authenticator(plugin);
  CHECK(
      headers(authenticator).front() ==
      "Authorization: Bearer " +
          encode_base64(
              R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}})"));
  plugin.cluster = object({{"server", "https://api"}});
  CHECK(
      plugin.exec_info(true) ==
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":{"server":"https://api"},"interactive":true}})");
}

TEST_CASE("a plugin's cluster info omits unset fields") {
  http::Endpoint endpoint;
  endpoint.url = "https://api:6443";
  CHECK(exec_cluster_info(endpoint, nullptr).dump() == R"({"server":"https://api:6443"})");
  endpoint.certificate_authority = "roots";
  endpoint.server_name = "name";
  endpoint.insecure = true;
  endpoint.compression = false;
  const KubeconfigEntry cluster{
      "c",
      Json::parse(
          R"({"proxy-url": "http://p", "extensions": [{"name": "other", "extension": 1},
              {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "a"}}]})"),
      "f"};
  CHECK(exec_cluster_info(endpoint, &cluster).dump() ==
        R"({"server":"https://api:6443","tls-server-name":"name","insecure-skip-tls-verify":true,)"
        R"("certificate-authority-data":"cm9vdHM=","proxy-url":"http://p","disable-compression":true,)"
        R"("config":{"audience":"a"}})");
}

}  // namespace egress::kube

TEST_SUITE_END();
