#include <doctest/doctest.h>

#include <filesystem>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/proxy_server.hpp"
#include "support/sandbox_access.hpp"
#include "support/skip.hpp"
#include "support/temporary_directory.hpp"

// These know the sandbox's certificates; another cluster's kubeconfig is the reader's own.

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::api_server_url;
using testing::CommandResult;
using testing::list_gateways;
using testing::mentions;
using testing::no_gateways_message;
using testing::on_sandbox;
using testing::sandbox_file;
using testing::sh;
using testing::unauthorized_message;
using testing::write_kubeconfig;

}  // namespace

TEST_CASE("an unreachable proxy is reported as the proxy") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const CommandResult failed = list_gateways(
      write_kubeconfig("access.yaml",
                       "server: '" + api_server_url() +
                           "', certificate-authority: ca.crt, proxy-url: 'http://jane:s3cret@127.0.0.1:1'",
                       "tokenFile: token"));
  CHECK(failed.status == 1);
  CHECK(failed.err.starts_with("Unable to connect to the server: "));
  CHECK(mentions(failed.err, {"proxy", "http://127.0.0.1:1", "connection refused"}));
  CHECK(failed.err.find("s3cret") == std::string::npos);
}

TEST_CASE("the cluster is reached through a proxy from the kubeconfig or the environment") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const testing::ProxyServer proxy_server;
  const std::string port = api_server_url().substr(api_server_url().rfind(':'));
  const std::string cluster = "server: 'https://localhost" + port + "', certificate-authority: ca.crt";
  for (const std::string scheme : {"http", "socks5"}) {
    CAPTURE(scheme);
    const std::string proxy = ", proxy-url: '" + scheme + "://jane:pw@" + proxy_server.authority() + "'";
    const CommandResult listed =
        list_gateways(write_kubeconfig("access.yaml", cluster + proxy, "tokenFile: token"));
    CHECK(listed.err == no_gateways_message);
    CHECK(proxy_server.last_request().starts_with(
        (scheme == "http" ? "CONNECT localhost" : "socks5 localhost") + port));
  }
  // This machine is reached without the proxy of the environment: by another name for it, the proxy is asked.
  const std::string other = "server: 'https://other.example" + port + "', certificate-authority: ca.crt";
  const std::string list_with_proxy_variable = "HTTPS_PROXY=http://jane:pw@" + proxy_server.authority() +
                                               " kubectl-egress list --kubeconfig " +
                                               write_kubeconfig("access.yaml", other, "tokenFile: token");
  const CommandResult name_mismatch = sh(list_with_proxy_variable);
  CHECK(name_mismatch.status == 1);
  CHECK(name_mismatch.err.find("certificate is valid for") != std::string::npos);
  const CommandResult connected = sh(list_with_proxy_variable + " --tls-server-name localhost");
  CHECK(connected.err == no_gateways_message);
  CHECK(proxy_server.last_request().starts_with("CONNECT other.example:"));
}

TEST_CASE("nothing is written to disk: no key, no cache, nothing in the folders that programs write to") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const testing::TestNamespace ns;
  const testing::TemporaryDirectory folder;
  const std::string root = folder.path("");
  const auto run_all_commands = [&](const std::string& home) {
    const std::string run = "env HOME=" + home + " TMPDIR=" + home + "/tmp XDG_CACHE_HOME=" + home +
                            "/cache XDG_CONFIG_HOME=" + home + "/config XDG_DATA_HOME=" + home +
                            "/data XDG_STATE_HOME=" + home + "/state XDG_RUNTIME_DIR=" + home +
                            "/run KUBECACHEDIR=" + home + "/kube kubectl-egress ";
    std::string script = "set -e; cd " + root + "\n";
    for (const char* arguments :
         {"create web --host disk.example.org --expose disk.in.example.org --self-signed --dry-run=server",
          "create web --host disk.example.org --wait=false", "list", "inspect web -o yaml", "diff web",
          "check web || true", "__complete inspect ''", "delete web --wait=false"})
      script += run + arguments + " -n " + ns.name() + " >/dev/null 2>&1\n";
    return sh(script).status;
  };
  const std::string tree = "find " + root + " -printf '%p %s %T@\\n' | sort";
  for (const char* name : {"", "tmp", "cache", "config", "data", "state", "run", "kube"})
    std::filesystem::create_directory(folder.path("home/" + std::string(name)));
  const std::string before = sh(tree).out;
  CHECK(run_all_commands(folder.path("home")) == 0);
  CHECK(sh(tree).out == before);
  // Where nobody can write anything.
  CHECK(run_all_commands("/dev/null/home") == 0);
  CHECK(sh(tree).out == before);
}

TEST_CASE("flags alone are enough to reach the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string token(trim(read_file(sandbox_file("token"))));
  const CommandResult listed =
      sh("KUBECONFIG=/nonexistent kubectl-egress list -n kube-public -s " + api_server_url() + " --token " +
         token + " --certificate-authority " + sandbox_file("ca.crt"));
  CHECK(listed.err == no_gateways_message);
  CHECK(listed.status == 0);
}

TEST_CASE("a server certificate of another CA is rejected unless verification is turned off") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string token = "tokenFile: token";
  const CommandResult other =
      sh("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other -keyout " +
         sandbox_file("other.key") + " -out " + sandbox_file("other.crt"));
  REQUIRE(other.status == 0);
  const std::string address = "server: '" + api_server_url() + "'";
  const CommandResult refused =
      list_gateways(write_kubeconfig("access.yaml", address + ", certificate-authority: other.crt", token));
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(refused.err.starts_with("Unable to connect to the server: tls: failed to verify certificate"));
  CHECK(list_gateways(write_kubeconfig("access.yaml", address, token)).status == 1);
  CHECK(list_gateways(write_kubeconfig("access.yaml", address + ", insecure-skip-tls-verify: true", token))
            .status == 0);
}

TEST_CASE("the certificate is verified for the name that the kubeconfig gives") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster =
      "server: '" + api_server_url() + "', certificate-authority: ca.crt, tls-server-name: ";
  CHECK(list_gateways(write_kubeconfig("access.yaml", cluster + "localhost", "tokenFile: token")).status ==
        0);
  CHECK(
      list_gateways(write_kubeconfig("access.yaml", cluster + "other.example", "tokenFile: token")).status ==
      1);
}

TEST_CASE("no cluster, a wrong context and a wrong token give kubectl's error messages") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const CommandResult refused = sh("kubectl egress list -s https://127.0.0.1:1");
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with(
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right "
      "host or port?\nhint: "));
  CHECK(sh("kubectl egress list --context nope").err.starts_with("error: context \"nope\" does not exist\n"));
  const CommandResult no_kubeconfig = sh("KUBECONFIG=/nonexistent kubectl-egress list");
  CHECK(no_kubeconfig.err.starts_with(
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n"));
  CHECK(mentions(no_kubeconfig.err, {"hint", "kubeconfig"}));
  CHECK(sh("kubectl egress list --kubeconfig /nonexistent")
            .err.starts_with("error: stat /nonexistent: no such file or directory\n"));
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const CommandResult unknown = list_gateways(write_kubeconfig("access.yaml", cluster, "token: not-one"));
  CHECK(unknown.status == 1);
  CHECK(unknown.err.starts_with(unauthorized_message));
}

TEST_CASE("no token is shown at any verbosity") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string token(trim(read_file(sandbox_file("token"))));
  const CommandResult result = sh("kubectl egress list -v 9 -s " + api_server_url() + " --token " + token);
  CHECK(result.err.find("GET https://") != std::string::npos);
  CHECK(result.err.find(token) == std::string::npos);
}

}  // namespace egress

TEST_SUITE_END();
