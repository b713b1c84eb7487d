#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "egress/base/file.hpp"
#include "egress/base/json.hpp"
#include "egress/base/text.hpp"
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

/// A token of a service account as pods have it today: a JSON Web Token that ends by itself.
std::string token_of(const testing::TestNamespace& ns, const std::string& account) {
  const Ran made =
      sh("echo '{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"TokenRequest\", \"spec\": {}}' | "
         "kubectl create -f - --raw /api/v1/namespaces/" +
         ns.name() + "/serviceaccounts/" + account + "/token");
  REQUIRE(made.status == 0);
  return Json::parse(made.out)["status"]["token"].as_string();
}

}  // namespace

TEST_CASE("token, token file, certificate files and inline data lead into the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
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

TEST_CASE("--client-certificate and --client-key lead into the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const std::string file = kubeconfig("access.yaml", cluster, "");
  CHECK(list_with(file).status == 1);
  const Ran listed = list_with(file + " --client-certificate " + sandbox("admin.crt") + " --client-key " +
                               sandbox("admin.key"));
  CHECK(listed.status == 0);
  CHECK(listed.err == empty_list);
}

TEST_CASE("a password reaches the server, which knows none, from the kubeconfig and from the URL") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string url = server();
  const auto refused = [&](const std::string& at, const std::string& user) {
    const std::string cluster = "server: '" + at + "', certificate-authority: ca.crt";
    const Ran listed = list_with(kubeconfig("access.yaml", cluster, user) + " -v 9");
    CHECK(listed.status == 1);
    CHECK(listed.err.find("Authorization: Basic <masked>") != std::string::npos);
    CHECK(listed.err.find("s3cr3t") == std::string::npos);
    // Since Kubernetes 1.19 whoever says a password is nobody.
    CHECK(listed.err.find("Error from server (Forbidden): ") != std::string::npos);
    CHECK(listed.err.find("User \"system:anonymous\" cannot ") != std::string::npos);
  };
  refused(url, "username: jane, password: s3cr3t");
  // In the URL it takes the place of a token that is good.
  refused("https://jane:s3cr3t@" + url.substr(std::string("https://").size()), "tokenFile: token");
}

TEST_CASE("a token file that has another token once the old one is refused leads into the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string good = read_file(sandbox("token"));
  write_file(sandbox("rotated"), "old");
  testing::Tunnel tunnel;
  // What was read at the start goes through the tunnel; what is read after a refusal, later.
  tunnel.when_asked([&] { write_file(sandbox("rotated"), good); });
  const std::string cluster = "server: '" + server() +
                              "', certificate-authority: ca.crt, proxy-url: 'http://jane:pw@" +
                              tunnel.authority() + "'";
  const std::string file = kubeconfig("access.yaml", cluster, "tokenFile: rotated");
  const Ran listed = list_with(file + " -v 6");
  CHECK(listed.status == 0);
  CHECK(listed.err.find(" 401 ") != std::string::npos);
  CHECK(listed.err.find(empty_list) != std::string::npos);
  // Where nothing better comes, the refusal stands.
  tunnel.when_asked([] {});
  write_file(sandbox("rotated"), "old");
  CHECK(list_with(file).err.starts_with(unknown_user));
}

TEST_CASE("an id-token leads into the cluster until it ends") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const testing::TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount reader").status == 0);
  REQUIRE(ns.kubectl("create rolebinding reader --clusterrole cluster-admin --serviceaccount " + ns.name() +
                     ":reader")
              .status == 0);
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  const Ran listed = list_with(
      kubeconfig("access.yaml", cluster,
                 "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://issuer.invalid', client-id: "
                 "egress, id-token: '" +
                     token_of(ns, "reader") + "'}}") +
      " -n " + ns.name());
  CHECK(listed.status == 0);
  CHECK(listed.err == "No egress gateways found in " + ns.name() + " namespace.\n");
}

TEST_CASE("an id-token's provider, and whoever is impersonated, lead into the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + server() + "', certificate-authority: ca.crt";
  // Nobody but the plugin looks at what an id-token says: the server takes the bearer's token as it is.
  const Ran foreign = list_with(kubeconfig(
      "access.yaml", cluster,
      "auth-provider: {name: oidc, config: {id-token: " +
          std::string(trimmed(sh("printf '{\"alg\":\"none\"}' | base64 -w0 | tr -d =").out)) + "." +
          std::string(trimmed(sh("printf '{\"exp\":9999999999}' | base64 -w0 | tr -d =").out)) + ".x}}"));
  CHECK(foreign.err.starts_with(unknown_user));

  const std::string admin =
      "tokenFile: token, as: jane, as-groups: [system:masters], as-user-extra: {reason: [test]}";
  const Ran listed = list_with(kubeconfig("access.yaml", cluster, admin));
  CHECK(listed.err == empty_list);
  const Ran nobody = list_with(kubeconfig("access.yaml", cluster, "tokenFile: token, as: jane"));
  CHECK(nobody.status == 1);
  CHECK(nobody.err.find("User \"jane\" cannot list resource") != std::string::npos);
  CHECK(mentions(nobody.err, {"hint", "kubectl auth can-i --list -n NAMESPACE"}));
  const std::string file = kubeconfig("access.yaml", cluster, "tokenFile: token");
  CHECK(sh("kubectl egress list --kubeconfig " + file + " --as jane --as-group system:masters --as-uid 7")
            .status == 0);
}

TEST_CASE("a pod's service account leads into the cluster, and no further than it may") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
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
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
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
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
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

TEST_CASE("the user's policy for plugins decides whether one may lead into the cluster") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string head = "kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus:\n";
  std::ofstream(sandbox("plugin.sh"))
      << "#!/bin/sh\n: >>" + sandbox("plugin-ran") + "\ncat <<'END'\n"
      << head << "  token: " << trimmed(read_file(sandbox("token"))) << "\nEND\n";
  sh("chmod +x " + sandbox("plugin.sh") + "; rm -f " + sandbox("plugin-ran"));
  const std::string file = kubeconfig(
      "access.yaml", "server: '" + server() + "', certificate-authority: ca.crt",
      "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin.sh}");
  const auto listed_by = [&](const std::string& policy) {
    std::ofstream(sandbox("kuberc")) << "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
                                     << "credentialPluginPolicy: " << policy << "\n";
    return sh("KUBERC=" + sandbox("kuberc") + " kubectl-egress list --kubeconfig " + file);
  };
  const Ran denied = listed_by("DenyAll");
  CHECK(denied.status == 1);
  CHECK(mentions(denied.err, {"credentialPluginPolicy", "DenyAll"}));
  CHECK_FALSE(std::filesystem::exists(sandbox("plugin-ran")));
  CHECK(listed_by("AllowAll").err == empty_list);
  CHECK(std::filesystem::exists(sandbox("plugin-ran")));
}

TEST_CASE("a login that kubectl no longer has says what to use instead") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
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

}  // namespace egress

TEST_SUITE_END();
