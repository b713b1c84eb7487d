#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "egress/base/file.hpp"
#include "egress/base/json.hpp"
#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/proxy_server.hpp"
#include "support/sandbox_access.hpp"
#include "support/skip.hpp"

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

/// A token of a service account as pods have it today: a JSON Web Token that ends by itself.
std::string request_token(const testing::TestNamespace& ns, const std::string& account) {
  const CommandResult created =
      sh("echo '{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"TokenRequest\", \"spec\": {}}' | "
         "kubectl create -f - --raw /api/v1/namespaces/" +
         ns.name() + "/serviceaccounts/" + account + "/token");
  REQUIRE(created.status == 0);
  return Json::parse(created.out)["status"]["token"].as_string();
}

}  // namespace

TEST_CASE("the cluster is reached with a token, a token file, certificate files and inline data") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const std::string token(trim(read_file(sandbox_file("token"))));
  const std::array users{
      "token: '" + token + "'",
      std::string("tokenFile: token"),
      std::string("client-certificate: admin.crt, client-key: admin.key"),
      "client-certificate-data: " + std::string(trim(sh("base64 -w0 " + sandbox_file("admin.crt")).out)) +
          ", client-key-data: " + std::string(trim(sh("base64 -w0 " + sandbox_file("admin.key")).out)),
  };
  for (const std::string& user : users) {
    const CommandResult listed = list_gateways(write_kubeconfig("access.yaml", cluster, user));
    CHECK(listed.status == 0);
    CHECK(listed.err == no_gateways_message);
  }
}

TEST_CASE("the cluster is reached with --client-certificate and --client-key") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const std::string file = write_kubeconfig("access.yaml", cluster, "");
  CHECK(list_gateways(file).status == 1);
  const CommandResult listed = list_gateways(file + " --client-certificate " + sandbox_file("admin.crt") +
                                             " --client-key " + sandbox_file("admin.key"));
  CHECK(listed.status == 0);
  CHECK(listed.err == no_gateways_message);
}

TEST_CASE("a password from the kubeconfig or the URL is sent to the server") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string url = api_server_url();
  const auto refused = [&](const std::string& at, const std::string& user) {
    const std::string cluster = "server: '" + at + "', certificate-authority: ca.crt";
    const CommandResult listed = list_gateways(write_kubeconfig("access.yaml", cluster, user) + " -v 9");
    CHECK(listed.status == 1);
    CHECK(listed.err.find("Authorization: Basic <masked>") != std::string::npos);
    CHECK(listed.err.find("s3cr3t") == std::string::npos);
    // Since Kubernetes 1.19 a password is ignored, and the user is anonymous.
    CHECK(listed.err.find("Error from server (Forbidden): ") != std::string::npos);
    CHECK(listed.err.find("User \"system:anonymous\" cannot ") != std::string::npos);
  };
  refused(url, "username: jane, password: s3cr3t");
  // In the URL it takes the place of a token that is good.
  refused("https://jane:s3cr3t@" + url.substr(std::string("https://").size()), "tokenFile: token");
}

TEST_CASE("a token file is read again after the server refused its token") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string valid_token = read_file(sandbox_file("token"));
  write_file(sandbox_file("rotated"), "old");
  testing::ProxyServer proxy_server;
  // What was read at the start goes through the proxy; what is read after a refusal, later.
  proxy_server.on_request([&] { write_file(sandbox_file("rotated"), valid_token); });
  const std::string cluster = "server: '" + api_server_url() +
                              "', certificate-authority: ca.crt, proxy-url: 'http://jane:pw@" +
                              proxy_server.authority() + "'";
  const std::string file = write_kubeconfig("access.yaml", cluster, "tokenFile: rotated");
  const CommandResult listed = list_gateways(file + " -v 6");
  CHECK(listed.status == 0);
  CHECK(listed.err.find(" 401 ") != std::string::npos);
  CHECK(listed.err.find(no_gateways_message) != std::string::npos);
  // Where nothing better comes, the refusal stands.
  proxy_server.on_request([] {});
  write_file(sandbox_file("rotated"), "old");
  CHECK(list_gateways(file).err.starts_with(unauthorized_message));
}

TEST_CASE("the cluster is reached with an OIDC id-token that has not expired") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const testing::TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount reader").status == 0);
  REQUIRE(ns.kubectl("create rolebinding reader --clusterrole cluster-admin --serviceaccount " + ns.name() +
                     ":reader")
              .status == 0);
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const CommandResult listed = list_gateways(
      write_kubeconfig(
          "access.yaml", cluster,
          "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://issuer.invalid', client-id: "
          "egress, id-token: '" +
              request_token(ns, "reader") + "'}}") +
      " -n " + ns.name());
  CHECK(listed.status == 0);
  CHECK(listed.err == "No egress gateways found in " + ns.name() + " namespace.\n");
}

TEST_CASE("the cluster is reached by impersonation, and an invalid id-token is refused") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  // Nobody but the plugin looks at what an id-token says: the server takes the bearer's token as it is.
  const CommandResult invalid_token = list_gateways(write_kubeconfig(
      "access.yaml", cluster,
      "auth-provider: {name: oidc, config: {id-token: " +
          std::string(trim(sh("printf '{\"alg\":\"none\"}' | base64 -w0 | tr -d =").out)) + "." +
          std::string(trim(sh("printf '{\"exp\":9999999999}' | base64 -w0 | tr -d =").out)) + ".x}}"));
  CHECK(invalid_token.err.starts_with(unauthorized_message));

  const std::string admin =
      "tokenFile: token, as: jane, as-groups: [system:masters], as-user-extra: {reason: [test]}";
  const CommandResult listed = list_gateways(write_kubeconfig("access.yaml", cluster, admin));
  CHECK(listed.err == no_gateways_message);
  const CommandResult forbidden =
      list_gateways(write_kubeconfig("access.yaml", cluster, "tokenFile: token, as: jane"));
  CHECK(forbidden.status == 1);
  CHECK(forbidden.err.find("User \"jane\" cannot list resource") != std::string::npos);
  CHECK(mentions(forbidden.err, {"hint", "kubectl auth can-i --list -n NAMESPACE"}));
  const std::string file = write_kubeconfig("access.yaml", cluster, "tokenFile: token");
  CHECK(sh("kubectl egress list --kubeconfig " + file + " --as jane --as-group system:masters --as-uid 7")
            .status == 0);
}

TEST_CASE("the cluster is reached with a pod's service account and its permissions") {
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
      api_server_url() + " ca=" + sandbox_file("ca.crt") + " ns=" + ns.name() +
      "\n"
      "unshare --map-root-user --mount sh -euc '\n"
      "cp $ca /tmp/pod-ca.$$; mount -t tmpfs none /var/run\n"
      "pod=/var/run/secrets/kubernetes.io/serviceaccount; mkdir -p $pod; mv /tmp/pod-ca.$$ $pod/ca.crt\n"
      "echo $t | base64 -d > $pod/token; printf %s $ns > $pod/namespace\n"
      "export KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=${server##*:}\n"
      "HOME=/nonexistent KUBECONFIG= kubectl-egress list \"$@\"' sh ";
  const CommandResult listed = sh(script);
  CHECK(listed.status == 0);
  CHECK(listed.err == "No egress gateways found in " + ns.name() + " namespace.\n");
  const CommandResult all = sh(script + "-A");
  CHECK(all.status == 1);
  CHECK(all.err.find("User \"system:serviceaccount:" + ns.name() + ":reader\" cannot list resource") !=
        std::string::npos);
}

TEST_CASE("the cluster is reached with a credential plugin's token and certificate") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const std::string plugin =
      "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin.sh}";
  const auto list_succeeds = [&](const std::string& script) {
    std::ofstream(sandbox_file("plugin.sh")) << "#!/bin/sh\n" << script;
    sh("chmod +x " + sandbox_file("plugin.sh"));
    const CommandResult listed = list_gateways(write_kubeconfig("access.yaml", cluster, plugin));
    CHECK(listed.err == no_gateways_message);
    return listed.status == 0;
  };
  const std::string token(trim(read_file(sandbox_file("token"))));
  const std::string head = "kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus:\n";
  CHECK(list_succeeds("cat <<'END'\n" + head + "  token: " + token + "\nEND\n"));
  // The first token is refused, and the plugin asked again.
  CHECK(list_succeeds("cat <<END\n" + head + "  token: $([ -e " + sandbox_file("asked") + " ] && echo " +
                      token + " || echo old)\nEND\n: > " + sandbox_file("asked") + "\n"));
  const auto indented = [&](const std::string& file) {
    return "$(sed 's/^/    /' " + sandbox_file(file) + ")\n";
  };
  CHECK(list_succeeds("cat <<END\n" + head + "  clientCertificateData: |\n" + indented("admin.crt") +
                      "  clientKeyData: |\n" + indented("admin.key") + "END\n"));
}

TEST_CASE("a failed credential plugin's stderr is shown, and its stdout is not") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const CommandResult failed = list_gateways(write_kubeconfig(
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

TEST_CASE("kuberc's credentialPluginPolicy decides whether a plugin is run") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string head = "kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus:\n";
  std::ofstream(sandbox_file("plugin.sh"))
      << "#!/bin/sh\n: >>" + sandbox_file("plugin-ran") + "\ncat <<'END'\n"
      << head << "  token: " << trim(read_file(sandbox_file("token"))) << "\nEND\n";
  sh("chmod +x " + sandbox_file("plugin.sh") + "; rm -f " + sandbox_file("plugin-ran"));
  const std::string file = write_kubeconfig(
      "access.yaml", "server: '" + api_server_url() + "', certificate-authority: ca.crt",
      "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin.sh}");
  const auto list_with_policy = [&](const std::string& policy) {
    std::ofstream(sandbox_file("kuberc")) << "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
                                          << "credentialPluginPolicy: " << policy << "\n";
    return sh("KUBERC=" + sandbox_file("kuberc") + " kubectl-egress list --kubeconfig " + file);
  };
  const CommandResult denied = list_with_policy("DenyAll");
  CHECK(denied.status == 1);
  CHECK(mentions(denied.err, {"credentialPluginPolicy", "DenyAll"}));
  CHECK_FALSE(std::filesystem::exists(sandbox_file("plugin-ran")));
  CHECK(list_with_policy("AllowAll").err == no_gateways_message);
  CHECK(std::filesystem::exists(sandbox_file("plugin-ran")));
}

TEST_CASE("a removed auth provider gives kubectl's replacement hint") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const std::string cluster = "server: '" + api_server_url() + "', certificate-authority: ca.crt";
  const auto error_for_provider = [&](const std::string& provider) {
    const CommandResult result =
        list_gateways(write_kubeconfig("access.yaml", cluster, "auth-provider: {name: " + provider + "}"));
    CHECK(result.status == 1);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK(error_for_provider("gcp").find(
            "The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\"") !=
        std::string::npos);
  CHECK(error_for_provider("azure").find("The azure auth plugin has been removed.") != std::string::npos);
  CHECK(error_for_provider("openstack").find("no Auth Provider found for name \"openstack\"") !=
        std::string::npos);
}

}  // namespace egress

TEST_SUITE_END();
