#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "support/folder.hpp"
#include "support/shell.hpp"
#include "support/tunnel.hpp"

// These know the sandbox's certificates; another cluster's kubeconfig is the reader's own.

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::on_sandbox;
using testing::Ran;
using testing::sh;

std::string sandbox(const std::string& file) {
  return std::string(std::getenv("EGRESS_SANDBOX_DIR")) + "/" + file;
}

std::string server() {
  return std::string(
      trimmed(sh("kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'").out));
}

/// A kubeconfig of one context, written into the sandbox's folder: relative paths in it count from there.
std::string kubeconfig(const std::string& name, const std::string& cluster, const std::string& user) {
  const std::string path = sandbox(name);
  std::ofstream(path) << "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                      << "contexts: [{name: c, context: {cluster: k, user: u, namespace: kube-public}}]\n"
                      << "clusters: [{name: k, cluster: {" << cluster << "}}]\n"
                      << "users: [{name: u, user: {" << user << "}}]\n";
  return path;
}

Ran list_with(const std::string& path) {
  return sh("kubectl egress list --kubeconfig " + path);
}

const std::string empty_list = "No egress gateways found in kube-public namespace.\n";

}  // namespace

TEST_CASE("token, token file, certificate files and inline data lead into the cluster") {
  if (!on_sandbox()) return;
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const std::string token(trimmed(read_file(sandbox("token"))));
  const std::array users{
      "token: '" + token + "'",
      std::string("tokenFile: token"),
      std::string("client-certificate: admin.crt, client-key: admin.key"),
      "client-certificate-data: " + std::string(trimmed(sh("base64 -w0 " + sandbox("admin.crt")).out)) +
          ", client-key-data: " + std::string(trimmed(sh("base64 -w0 " + sandbox("admin.key")).out)),
  };
  for (const std::string& user : users) {
    const Ran listed = list_with(kubeconfig("access.yaml", cluster, user));
    CHECK(listed.status == 0);
    CHECK(listed.err == empty_list);
  }
}

TEST_CASE("an id-token's provider, and whoever is impersonated, lead into the cluster") {
  if (!on_sandbox()) return;
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  // Nobody but the plugin looks at what an id-token says: the server takes the bearer's token as it is.
  const Ran foreign = list_with(kubeconfig(
      "access.yaml", cluster,
      "auth-provider: {name: oidc, config: {id-token: " +
          std::string(trimmed(sh("printf '{\"alg\":\"none\"}' | base64 -w0 | tr -d =").out)) + "." +
          std::string(trimmed(sh("printf '{\"exp\":9999999999}' | base64 -w0 | tr -d =").out)) + ".x}}"));
  CHECK(foreign.err.starts_with("error: You must be logged in to the server (Unauthorized)\n"));

  const std::string admin =
      "tokenFile: token, as: jane, as-groups: [system:masters], as-user-extra: {reason: [test]}";
  const Ran listed = list_with(kubeconfig("access.yaml", cluster, admin));
  CHECK(listed.err == empty_list);
  const Ran nobody = list_with(kubeconfig("access.yaml", cluster, "tokenFile: token, as: jane"));
  CHECK(nobody.status == 1);
  CHECK(nobody.err.find("User \"jane\" cannot list resource") != std::string::npos);
  CHECK(nobody.err.find("hint: See what you may do: kubectl auth can-i --list -n NAMESPACE\n") !=
        std::string::npos);
  const std::string file = kubeconfig("access.yaml", cluster, "tokenFile: token");
  CHECK(sh("kubectl egress list --kubeconfig " + file + " --as jane --as-group system:masters --as-uid 7")
            .status == 0);
}

TEST_CASE("a pod's service account leads into the cluster, and no further than it may") {
  if (!on_sandbox()) return;
  const testing::TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount reader").status == 0);
  REQUIRE(ns.kubectl("create rolebinding reader --clusterrole cluster-admin --serviceaccount " + ns.name() +
                     ":reader")
              .status == 0);
  const std::string token = "kubectl get secrets -n " + ns.name() +
                            " -o "
                            "jsonpath='{.items[?(@.metadata.annotations.kubernetes\\.io/"
                            "service-account\\.name==\"reader\")].data.token}'";
  // As in a pod: what is mounted there, two variables, and no kubeconfig.
  const std::string script =
      "for i in $(seq 100); do t=$(" + token +
      "); [ -n \"$t\" ] && break; sleep 0.1; done\n"
      "export t server=" +
      server() + " ca=" + sandbox("ca.crt") + " ns=" + ns.name() +
      "\n"
      "unshare --map-root-user --mount sh -euc '\n"
      "cp $ca /tmp/pod-ca.$$; mount -t tmpfs none /var/run\n"
      "pod=/var/run/secrets/kubernetes.io/serviceaccount; mkdir -p $pod; mv /tmp/pod-ca.$$ $pod/ca.crt\n"
      "echo $t | base64 -d > $pod/token; printf %s $ns > $pod/namespace\n"
      "export KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=${server##*:}\n"
      "HOME=/nonexistent KUBECONFIG= kubectl-egress list \"$@\"' sh ";
  const Ran listed = sh(script);
  CHECK(listed.status == 0);
  CHECK(listed.err == "No egress gateways found in " + ns.name() + " namespace.\n");
  const Ran all = sh(script + "-A");
  CHECK(all.status == 1);
  CHECK(all.err.find("User \"system:serviceaccount:" + ns.name() + ":reader\" cannot list resource") !=
        std::string::npos);
}

TEST_CASE("a credential plugin leads into the cluster, by token and by certificate") {
  if (!on_sandbox()) return;
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const std::string plugin =
      "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin.sh}";
  const auto lists = [&](const std::string& script) {
    std::ofstream(sandbox("plugin.sh")) << "#!/bin/sh\n" << script;
    sh("chmod +x " + sandbox("plugin.sh"));
    const Ran listed = list_with(kubeconfig("access.yaml", cluster, plugin));
    CHECK(listed.err == empty_list);
    return listed.status == 0;
  };
  const std::string token(trimmed(read_file(sandbox("token"))));
  const std::string head = "kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus:\n";
  CHECK(lists("cat <<'END'\n" + head + "  token: " + token + "\nEND\n"));
  // The first token is refused, and the plugin asked again.
  CHECK(lists("cat <<END\n" + head + "  token: $([ -e " + sandbox("asked") + " ] && echo " + token +
              " || echo old)\nEND\n: > " + sandbox("asked") + "\n"));
  const auto indented = [&](const std::string& file) { return "$(sed 's/^/    /' " + sandbox(file) + ")\n"; };
  CHECK(lists("cat <<END\n" + head + "  clientCertificateData: |\n" + indented("admin.crt") +
              "  clientKeyData: |\n" + indented("admin.key") + "END\n"));
}

TEST_CASE("a plugin that fails says so itself, and what it wrote is not shown") {
  if (!on_sandbox()) return;
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const Ran failed = list_with(kubeconfig(
      "access.yaml", cluster,
      "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, args: [-c, "
      "'echo log in first >&2; echo s3cret; exit 3']}"));
  CHECK(failed.status == 1);
  CHECK(failed.out.empty());
  CHECK(
      failed.err.starts_with("log in first\nUnable to connect to the server: getting credentials: exec: "
                             "executable sh failed with exit code 3\n"));
  CHECK(failed.err.find("s3cret") == std::string::npos);
}

TEST_CASE("a proxy that is not there is told of as the proxy") {
  if (!on_sandbox()) return;
  const Ran failed = list_with(
      kubeconfig("access.yaml",
                 "server: '" + server() +
                     "', certificate-authority: ca.crt, proxy-url: 'http://jane:s3cret@127.0.0.1:1'",
                 "tokenFile: token"));
  CHECK(failed.status == 1);
  CHECK(
      failed.err.starts_with("Unable to connect to the server: the proxy http://127.0.0.1:1 cannot be "
                             "reached: connection refused\n"));
}

TEST_CASE("a proxy leads into the cluster, from the kubeconfig or the environment") {
  if (!on_sandbox()) return;
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
  const Ran asked = sh("HTTPS_PROXY=http://jane:pw@" + tunnel.authority() +
                       " kubectl-egress list --request-timeout 5s --kubeconfig " +
                       kubeconfig("access.yaml", other, "tokenFile: token"));
  CHECK(asked.status == 1);
  CHECK(tunnel.asked().starts_with("CONNECT other.example:"));
}

TEST_CASE("a login that kubectl no longer has says what to use instead") {
  if (!on_sandbox()) return;
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const auto said = [&](const std::string& provider) {
    const Ran ran = list_with(kubeconfig("access.yaml", cluster, "auth-provider: {name: " + provider + "}"));
    CHECK(ran.status == 1);
    CHECK(ran.out.empty());
    return ran.err;
  };
  CHECK(
      said("gcp").find("The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\"") !=
      std::string::npos);
  CHECK(said("azure").find("The azure auth plugin has been removed.") != std::string::npos);
  CHECK(said("openstack").find("no Auth Provider found for name \"openstack\"") != std::string::npos);
}

TEST_CASE("nothing is written to disk: no key, no cache, nothing in the folders that programs write to") {
  if (!on_sandbox()) return;
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
  if (!on_sandbox()) return;
  const std::string token(trimmed(read_file(sandbox("token"))));
  const Ran listed = sh("KUBECONFIG=/nonexistent kubectl-egress list -n kube-public -s " + server() +
                        " --token " + token + " --certificate-authority " + sandbox("ca.crt"));
  CHECK(listed.err == empty_list);
  CHECK(listed.status == 0);
}

TEST_CASE("a server whose certificate is not the CA's is not trusted, unless that is asked for") {
  if (!on_sandbox()) return;
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
  if (!on_sandbox()) return;
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt, tls-server-name: ";
  CHECK(list_with(kubeconfig("access.yaml", cluster + "localhost", "tokenFile: token")).status == 0);
  CHECK(list_with(kubeconfig("access.yaml", cluster + "other.example", "tokenFile: token")).status == 1);
}

TEST_CASE("no cluster, a wrong context and a wrong token are said in kubectl's words") {
  if (!on_sandbox()) return;
  const Ran refused = sh("kubectl egress list -s https://127.0.0.1:1");
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with(
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right "
      "host or port?\nhint: "));
  CHECK(sh("kubectl egress list --context nope").err.starts_with("error: context \"nope\" does not exist\n"));
  CHECK(sh("KUBECONFIG=/nonexistent kubectl-egress list")
            .err.starts_with("The connection to the server localhost:8080 was refused - did you specify the "
                             "right host or port?\nhint: It is tried where nothing names a server."));
  CHECK(sh("kubectl egress list --kubeconfig /nonexistent")
            .err.starts_with("error: stat /nonexistent: no such file or directory\n"));
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const Ran unknown = list_with(kubeconfig("access.yaml", cluster, "token: not-one"));
  CHECK(unknown.status == 1);
  CHECK(unknown.err ==
        "error: You must be logged in to the server (Unauthorized)\nhint: The server does not know who you "
        "are. "
        "Look at the user in use: kubectl config view --minify\n");
}

TEST_CASE("no token is shown, however much is told") {
  if (!on_sandbox()) return;
  const std::string token(trimmed(read_file(sandbox("token"))));
  const Ran told = sh("kubectl egress list -v 9 -s " + server() + " --token " + token);
  CHECK(told.err.find("GET https://") != std::string::npos);
  CHECK(told.err.find(token) == std::string::npos);
}

}  // namespace egress

TEST_SUITE_END();
