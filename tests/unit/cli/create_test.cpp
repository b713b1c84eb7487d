#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"
#include "support/folder.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// What `create`, with these words more, says on stderr where it needs neither cluster nor kubeconfig.
std::string refusal(const std::vector<std::string>& more) {
  std::ostringstream out;
  std::ostringstream err;
  std::vector<std::string> words{
      "kubectl-egress",
      "create",
      "web",
      "--host",
      "api.example.com",
      "-n",
      "team",
      "--kubeconfig=/dev/null",
      "-o",
      "name",
      "--istio-version",
      "1.30",
      "--dry-run=client",
  };
  words.insert(words.end(), more.begin(), more.end());
  const int code = run(words, {out, err});
  CHECK(out.str().empty() == (code != 0));
  return err.str();
}

}  // namespace

TEST_CASE("without a cluster, too, the revision that is asked for makes the gateway of the pods") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run({"kubectl-egress", "create", "web", "--host", "api.example.com", "--kubeconfig=/dev/null",
             "--dry-run=client", "-o", "yaml", "--istio-version", "1.30", "--istio-revision", "canary"},
            {out, err}) == 0);
  CHECK(out.str().find("istio.io/rev: canary\n") != std::string::npos);
}

TEST_CASE("what is for callers from outside asks for the name that they call") {
  for (const std::string flag : {"--tls-secret=web-cert", "--self-signed", "--ingress-namespace=edge"}) {
    CAPTURE(flag);
    CHECK(refusal({flag}).starts_with(
        "error: the way through the ingress gateway needs a name: --expose HOSTNAME (spec.ingress.hosts)\n"));
  }
}

TEST_CASE("a certificate is made or named, not both: one of two Secrets would lie idle") {
  CHECK(refusal({"--expose", "web.example.com", "--self-signed", "--tls-secret", "web-cert"}) ==
        "error: --self-signed makes the Secret \"team-web-egress\", and --tls-secret "
        "(spec.ingress.credentialName) names another: leave one of them out\n");
  CHECK(refusal({"--expose", "web.example.com", "--self-signed", "--tls-secret", "team-web-egress"}).empty());
}

TEST_CASE("what is said of OPA asks for its policy") {
  for (const std::string flag : {"--opa-image=example.org/opa:envoy", "--opa-fail-open"}) {
    CAPTURE(flag);
    CHECK(refusal({flag}).find("needs its policy: --opa-policy FILE or CONFIGMAP") != std::string::npos);
  }
}

TEST_CASE("an account that is left empty does not let in the whole namespace") {
  CHECK(refusal({"--allow", "pay/"}) ==
        "error: --allow \"pay/\" is not NAMESPACE or NAMESPACE/SERVICEACCOUNT, such as pay/api\n");
  CHECK(refusal({"--allow", "Pay"}) ==
        "error: --allow \"Pay\" is not NAMESPACE or NAMESPACE/SERVICEACCOUNT, such as pay/api\n");
  for (const std::string caller : {"pay", "pay/*", "pay/api"}) {
    CAPTURE(caller);
    CHECK(refusal({"--allow", caller}).empty());
  }
}

TEST_CASE("a value that is no number or no truth value is refused in kubectl's words") {
  const std::string see = "hint: See 'kubectl egress create --help' for usage.\n";
  CHECK(refusal({"--port", "http"}) ==
        "error: invalid argument \"http\" for \"--port\" flag: strconv.ParseInt: parsing \"http\": invalid "
        "syntax\n" +
            see);
  CHECK(refusal({"--wait=maybe"}) ==
        "error: invalid argument \"maybe\" for \"--wait\" flag: strconv.ParseBool: parsing \"maybe\": "
        "invalid syntax\n" +
            see);
}

TEST_CASE("what is wrong with a file of create names the file; what is wrong with a flag does not") {
  const testing::Folder folder;
  const std::string file = folder.write("web.yaml",
                                        "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n"
                                        "metadata: {name: web}\nspec:\n  port: 0\n  server: nodot\n"
                                        "  ingress: {hosts: [nodot], credentialName: web}\n");
  CHECK(refusal({"-f", file}) ==
        "error: " + file + ", line 6: --upstream-server (spec.server) is only for a wildcard host\n" +
            "error: " + file + ", line 5: spec.port: the port 0 is not between 1 and 65535\n" +
            "error: " + file +
            ", line 7: spec.ingress.hosts[0]: the exposed host \"nodot\" has no dot; "
            "Istio needs the full name, such as httpbin.org\n");
  CHECK(refusal({"-f", file, "--port", "70000", "--upstream-server", "", "--expose", "web"}) ==
        "error: the port 70000 is not between 1 and 65535\n"
        "error: the exposed host \"web\" has no dot; Istio needs the full name, such as httpbin.org\n");
  const std::string other = folder.write("other.yaml",
                                         "apiVersion: kubectl-egress/v1alpha1\n"
                                         "kind: EgressGateway\nmetadata: {name: other}\n");
  CHECK(refusal({"-f", other}) ==
        "error: " + other +
            ", line 3: metadata.name: the name \"other\" is not the \"web\" of the command line\n");
}

}  // namespace egress::cli

TEST_SUITE_END();
