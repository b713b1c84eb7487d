#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/text.hpp"
#include "egress/cli/app.hpp"
#include "support/mentions.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::each_mentions;
using testing::mentions;

/// The stderr of a `create` command that needs neither cluster nor kubeconfig, with extra flags.
std::string stderr_of_create(const std::vector<std::string>& extra_flags) {
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
  words.insert(words.end(), extra_flags.begin(), extra_flags.end());
  const int code = run(words, {out, err});
  CHECK(out.str().empty() == (code != 0));
  return err.str();
}

}  // namespace

TEST_CASE("a client dry run sets the requested revision on the pods") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run({"kubectl-egress", "create", "web", "--host", "api.example.com", "--kubeconfig=/dev/null",
             "--dry-run=client", "-o", "yaml", "--istio-version", "1.30", "--istio-revision", "canary"},
            {out, err}) == 0);
  CHECK(out.str().find("istio.io/rev: canary\n") != std::string::npos);
}

TEST_CASE("flags for the ingress gateway require --expose") {
  for (const std::string flag : {"--tls-secret=web-cert", "--self-signed", "--ingress-namespace=edge"}) {
    CAPTURE(flag);
    CHECK(mentions(stderr_of_create({flag}), {"error", "spec.ingress.hosts (--expose)"}));
  }
}

TEST_CASE("--self-signed and another --tls-secret exclude each other") {
  CHECK(
      mentions(stderr_of_create({"--expose", "web.example.com", "--self-signed", "--tls-secret", "web-cert"}),
               {"error", "--self-signed", "team-web-egress", "--tls-secret"}));
  CHECK(stderr_of_create({"--expose", "web.example.com", "--self-signed", "--tls-secret", "team-web-egress"})
            .empty());
}

TEST_CASE("OPA flags require --opa-policy") {
  for (const std::string flag : {"--opa-image=example.org/opa:envoy", "--opa-fail-open"}) {
    CAPTURE(flag);
    CHECK(mentions(stderr_of_create({flag}), {"OPA", "--opa-policy"}));
  }
}

// users.md: 5
TEST_CASE("an empty service account in --allow does not allow the whole namespace") {
  CHECK(mentions(stderr_of_create({"--allow", "pay/"}), {"error", "pay/", "NAMESPACE/SERVICEACCOUNT"}));
  CHECK(mentions(stderr_of_create({"--allow", "Pay"}), {"error", "\"Pay\"", "NAMESPACE/SERVICEACCOUNT"}));
  for (const std::string caller : {"pay", "pay/*", "pay/api"}) {
    CAPTURE(caller);
    CHECK(stderr_of_create({"--allow", caller}).empty());
  }
}

TEST_CASE("an invalid number or boolean is rejected with kubectl's message") {
  const std::string usage_hint = "hint: See 'kubectl egress create --help' for usage.\n";
  CHECK(stderr_of_create({"--port", "http"}) ==
        "error: invalid argument \"http\" for \"--port\" flag: strconv.ParseInt: parsing \"http\": invalid "
        "syntax\n" +
            usage_hint);
  CHECK(stderr_of_create({"--wait=maybe"}) ==
        "error: invalid argument \"maybe\" for \"--wait\" flag: strconv.ParseBool: parsing \"maybe\": "
        "invalid syntax\n" +
            usage_hint);
}

TEST_CASE("an error in create's file names the file; an error in a flag does not") {
  const testing::TemporaryDirectory folder;
  const std::string file = folder.write("web.yaml",
                                        "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n"
                                        "metadata: {name: web}\nspec:\n  port: 0\n  server: nodot\n"
                                        "  ingress: {hosts: [nodot], credentialName: web}\n");
  const auto lines = [](const std::vector<std::string>& flags) {
    return split(trim(stderr_of_create(flags)), '\n');
  };
  CHECK(each_mentions(lines({"-f", file}), {{file, "line 6", "spec.server", "wildcard"},
                                            {file, "line 5", "spec.port", "0", "65535"},
                                            {file, "line 7", "spec.ingress.hosts[0]", "nodot", "dot"}}));
  const auto flag_errors = lines({"-f", file, "--port", "70000", "--upstream-server", "", "--expose", "web"});
  CHECK(each_mentions(flag_errors, {{"port", "70000", "65535"}, {"exposed", "web", "dot"}}));
  for (const std::string& line : flag_errors) CHECK(line.find(file) == std::string::npos);
  const std::string other = folder.write("other.yaml",
                                         "apiVersion: kubectl-egress/v1alpha1\n"
                                         "kind: EgressGateway\nmetadata: {name: other}\n");
  CHECK(each_mentions(lines({"-f", other}), {{other, "line 3", "metadata.name", "other", "web"}}));
}

}  // namespace egress::cli

TEST_SUITE_END();
