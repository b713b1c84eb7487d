#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/text.hpp"
#include "egress/cli/app.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::each_mentions;
using testing::mentions;

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
    CHECK(mentions(refusal({flag}), {"error", "--expose HOSTNAME", "spec.ingress.hosts"}));
  }
}

TEST_CASE("a certificate is made or named, not both: one of two Secrets would lie idle") {
  CHECK(mentions(refusal({"--expose", "web.example.com", "--self-signed", "--tls-secret", "web-cert"}),
                 {"error", "--self-signed", "team-web-egress", "--tls-secret"}));
  CHECK(refusal({"--expose", "web.example.com", "--self-signed", "--tls-secret", "team-web-egress"}).empty());
}

TEST_CASE("what is said of OPA asks for its policy") {
  for (const std::string flag : {"--opa-image=example.org/opa:envoy", "--opa-fail-open"}) {
    CAPTURE(flag);
    CHECK(mentions(refusal({flag}), {"OPA", "--opa-policy"}));
  }
}

// users.md: 5
TEST_CASE("an account that is left empty does not let in the whole namespace") {
  CHECK(mentions(refusal({"--allow", "pay/"}), {"error", "pay/", "NAMESPACE/SERVICEACCOUNT"}));
  CHECK(mentions(refusal({"--allow", "Pay"}), {"error", "\"Pay\"", "NAMESPACE/SERVICEACCOUNT"}));
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
  const auto lines = [](const std::vector<std::string>& flags) {
    return split(trimmed(refusal(flags)), '\n');
  };
  CHECK(each_mentions(lines({"-f", file}), {{file, "line 6", "spec.server", "wildcard"},
                                            {file, "line 5", "spec.port", "0", "65535"},
                                            {file, "line 7", "spec.ingress.hosts[0]", "nodot", "dot"}}));
  const auto of_flags = lines({"-f", file, "--port", "70000", "--upstream-server", "", "--expose", "web"});
  CHECK(each_mentions(of_flags, {{"port", "70000", "65535"}, {"exposed", "web", "dot"}}));
  for (const std::string& line : of_flags) CHECK(line.find(file) == std::string::npos);
  const std::string other = folder.write("other.yaml",
                                         "apiVersion: kubectl-egress/v1alpha1\n"
                                         "kind: EgressGateway\nmetadata: {name: other}\n");
  CHECK(each_mentions(lines({"-f", other}), {{other, "line 3", "metadata.name", "other", "web"}}));
}

}  // namespace egress::cli

TEST_SUITE_END();
