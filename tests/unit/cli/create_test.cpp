#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"

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

}  // namespace egress::cli

TEST_SUITE_END();
