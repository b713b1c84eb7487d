#include <doctest/doctest.h>

#include <filesystem>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"
#include "support/sandbox_access.hpp"
#include "support/skip.hpp"
#include "support/tunnel.hpp"

// These know the sandbox's certificates; another cluster's kubeconfig is the reader's own.

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::empty_list;
using testing::kubeconfig;
using testing::list_with;
using testing::mentions;
using testing::on_sandbox;
using testing::Ran;
using testing::sandbox;
using testing::server;
using testing::sh;
using testing::unknown_user;

}  // namespace

TEST_CASE("a proxy that is not there is told of as the proxy") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const Ran failed = list_with(
      kubeconfig("access.yaml",
                 "server: '" + server() +
                     "', certificate-authority: ca.crt, proxy-url: 'http://jane:s3cret@127.0.0.1:1'",
                 "tokenFile: token"));
  CHECK(failed.status == 1);
  CHECK(failed.err.starts_with("Unable to connect to the server: "));
  CHECK(mentions(failed.err, {"proxy", "http://127.0.0.1:1", "connection refused"}));
  CHECK(failed.err.find("s3cret") == std::string::npos);
}

TEST_CASE("a proxy leads into the cluster, from the kubeconfig or the environment") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const testing::Tunnel tunnel;
  const std::string port = server().substr(server().rfind(':'));
  const std::string cluster = "server: 'https://localhost" + port + "', certificate-authority: ca.crt";
  for (const std::string scheme : {"http", "socks5"}) {
    CAPTURE(scheme);
    const std::string proxy = ", proxy-url: '" + scheme + "://jane:pw@" + tunnel.authority() + "'";
    const Ran listed = list_with(kubeconfig("access.yaml", cluster + proxy, "tokenFile: token"));
    CHECK(listed.err == empty_list);
    CHECK(tunnel.asked().starts_with((scheme == "http" ? "CONNECT localhost" : "socks5 localhost") + port));
  }
  // This machine is reached without the proxy of the environment: by another name for it, the proxy is asked.
  const std::string other = "server: 'https://other.example" + port + "', certificate-authority: ca.crt";
  const std::string by_environment = "HTTPS_PROXY=http://jane:pw@" + tunnel.authority() +
                                     " kubectl-egress list --kubeconfig " +
                                     kubeconfig("access.yaml", other, "tokenFile: token");
  const Ran misled = sh(by_environment);
  CHECK(misled.status == 1);
  CHECK(misled.err.find("certificate is valid for") != std::string::npos);
  const Ran led = sh(by_environment + " --tls-server-name localhost");
  CHECK(led.err == empty_list);
  CHECK(tunnel.asked().starts_with("CONNECT other.example:"));
}

TEST_CASE("nothing is written to disk: no key, no cache, nothing in the folders that programs write to") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const testing::TestNamespace ns;
  const testing::Folder folder;
  const std::string root = folder.path("");
  const auto all_words = [&](const std::string& home) {
    const std::string run = "env HOME=" + home + " TMPDIR=" + home + "/tmp XDG_CACHE_HOME=" + home +
                            "/cache XDG_CONFIG_HOME=" + home + "/config XDG_DATA_HOME=" + home +
                            "/data XDG_STATE_HOME=" + home + "/state XDG_RUNTIME_DIR=" + home +
                            "/run KUBECACHEDIR=" + home + "/kube kubectl-egress ";
    std::string script = "set -e; cd " + root + "\n";
    for (const char* words :
         {"create web --host disk.example.org --expose disk.in.example.org --self-signed --dry-run=server",
          "create web --host disk.example.org --wait=false", "list", "inspect web -o yaml", "diff web",
          "check web || true", "__complete inspect ''", "delete web --wait=false"})
      script += run + words + " -n " + ns.name() + " >/dev/null 2>&1\n";
    return sh(script).status;
  };
  const std::string tree = "find " + root + " -printf '%p %s %T@\\n' | sort";
  for (const char* name : {"", "tmp", "cache", "config", "data", "state", "run", "kube"})
    std::filesystem::create_directory(folder.path("home/" + std::string(name)));
  const std::string before = sh(tree).out;
  CHECK(all_words(folder.path("home")) == 0);
  CHECK(sh(tree).out == before);
  // Where nobody can write anything.
  CHECK(all_words("/dev/null/home") == 0);
  CHECK(sh(tree).out == before);
}

TEST_CASE("flags alone lead into the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string token(trimmed(read_file(sandbox("token"))));
  const Ran listed = sh("KUBECONFIG=/nonexistent kubectl-egress list -n kube-public -s " + server() +
                        " --token " + token + " --certificate-authority " + sandbox("ca.crt"));
  CHECK(listed.err == empty_list);
  CHECK(listed.status == 0);
}

TEST_CASE("a server whose certificate is not the CA's is not trusted, unless that is asked for") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string token = "tokenFile: token";
  const Ran other =
      sh("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other -keyout " +
         sandbox("other.key") + " -out " + sandbox("other.crt"));
  REQUIRE(other.status == 0);
  const std::string address = "server: '" + server() + "'";
  const Ran refused =
      list_with(kubeconfig("access.yaml", address + ", certificate-authority: other.crt", token));
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(refused.err.starts_with("Unable to connect to the server: tls: failed to verify certificate"));
  CHECK(list_with(kubeconfig("access.yaml", address, token)).status == 1);
  CHECK(list_with(kubeconfig("access.yaml", address + ", insecure-skip-tls-verify: true", token)).status ==
        0);
}

TEST_CASE("the certificate is verified for the name that the kubeconfig gives") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt, tls-server-name: ";
  CHECK(list_with(kubeconfig("access.yaml", cluster + "localhost", "tokenFile: token")).status == 0);
  CHECK(list_with(kubeconfig("access.yaml", cluster + "other.example", "tokenFile: token")).status == 1);
}

TEST_CASE("no cluster, a wrong context and a wrong token are said in kubectl's words") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const Ran refused = sh("kubectl egress list -s https://127.0.0.1:1");
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with(
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right "
      "host or port?\nhint: "));
  CHECK(sh("kubectl egress list --context nope").err.starts_with("error: context \"nope\" does not exist\n"));
  const Ran nowhere = sh("KUBECONFIG=/nonexistent kubectl-egress list");
  CHECK(nowhere.err.starts_with(
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n"));
  CHECK(mentions(nowhere.err, {"hint", "kubeconfig"}));
  CHECK(sh("kubectl egress list --kubeconfig /nonexistent")
            .err.starts_with("error: stat /nonexistent: no such file or directory\n"));
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const Ran unknown = list_with(kubeconfig("access.yaml", cluster, "token: not-one"));
  CHECK(unknown.status == 1);
  CHECK(unknown.err.starts_with(unknown_user));
}

TEST_CASE("no token is shown, however much is told") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string token(trimmed(read_file(sandbox("token"))));
  const Ran told = sh("kubectl egress list -v 9 -s " + server() + " --token " + token);
  CHECK(told.err.find("GET https://") != std::string::npos);
  CHECK(told.err.find(token) == std::string::npos);
}

}  // namespace egress

TEST_SUITE_END();
