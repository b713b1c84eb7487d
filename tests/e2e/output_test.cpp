#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::sh;
using testing::TestNamespace;

}  // namespace

TEST_CASE("every output format of list and inspect shows the same gateway") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  CHECK(ns.egress("list -o name").out == "egressgateway/httpbin\n");
  CHECK(split(trim(ns.egress("list --no-headers").out), '\n').size() == 1);

  const Json json = Json::parse(ns.egress("list -o json").out);
  REQUIRE(json["items"].items().size() == 1);
  const Json& item = json["items"].items().front();
  CHECK(item["status"]["phase"].as_string() == "Ready");
  REQUIRE(item["status"]["objects"].items().size() >= 13);
  for (const Json& entry : item["status"]["objects"].items()) CHECK(entry["state"].as_string() == "Present");
  CHECK(parse_yaml(ns.egress("list -o yaml").out) == json);
  CHECK(Json::parse(ns.egress("inspect httpbin -o json").out) == item);

  const Json manifest = parse_yaml(ns.egress("inspect httpbin -o yaml").out);
  CHECK(manifest["kind"].as_string() == "EgressGateway");
  CHECK(manifest["spec"]["hosts"] == array({ns.name() + ".example.org"}));
  CHECK_FALSE(manifest.has("status"));

  const CommandResult wide = ns.egress("list -o wide");
  CHECK(wide.out.find("PORT   MTLS") != std::string::npos);
  CHECK(ns.egress("list -A").out.starts_with("NAMESPACE"));
  CHECK(sh("kubectl egress ls -A -o name").out.find("egressgateway/httpbin\n") != std::string::npos);
}

TEST_CASE("list and inspect support JSONPath, label selectors and sorting") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create a --host a.$ns.example.org --port 8443").status == 0);
  REQUIRE(ns.egress("create b --host b.$ns.example.org --port 443").status == 0);
  REQUIRE(ns.kubectl("label configmap b-egress team=shop").status == 0);
  CHECK(ns.egress("list -o jsonpath='{.items[*].metadata.name}'").out == "a b");
  CHECK(ns.egress("list --sort-by .spec.port -o name").out == "egressgateway/b\negressgateway/a\n");
  CHECK(ns.egress("list -l team=shop -o name").out == "egressgateway/b\n");
  CHECK(ns.egress("list -l '!team' -o custom-columns=NAME:.metadata.name,PORT:.spec.port").out ==
        "NAME   PORT\na      8443\n");
  CHECK(ns.egress("list --show-labels -l team").out.find("team=shop\n") != std::string::npos);
  CHECK(ns.egress("inspect a -o jsonpath='{.status.phase}'").out == "Ready");
}

TEST_CASE("an empty list says so on stderr and succeeds") {
  const TestNamespace ns;
  const CommandResult empty = ns.egress("list");
  CHECK(empty.status == 0);
  CHECK(empty.out.empty());
  CHECK(empty.err == "No egress gateways found in " + ns.name() + " namespace.\n");
  CHECK(Json::parse(ns.egress("list -o json").out)["items"].items().empty());
}

TEST_CASE("a server dry run checks everything and stores nothing") {
  const TestNamespace ns;
  const CommandResult dry_run = ns.egress("create httpbin --host $ns.example.org --dry-run=server");
  CHECK_MESSAGE(dry_run.status == 0, dry_run.err);
  CHECK(dry_run.out.ends_with("egressgateway/httpbin created (server dry run)\n"));
  CHECK(ns.kubectl("get configmap,service,deployment,virtualservice -o name | grep egress").out == "");
}

TEST_CASE("a client dry run needs no cluster, and prints the record first and the callers' route last") {
  const TestNamespace ns;
  const std::string arguments =
      "kubectl-egress create httpbin --host httpbin.org --dry-run=client --istio-version 1.7.5 -o yaml -n " +
      ns.name();
  const CommandResult dry_run = sh("KUBECONFIG=/nonexistent " + arguments);
  CHECK_MESSAGE(dry_run.status == 0, dry_run.err);
  const auto documents = parse_yaml_documents(dry_run.out);
  CHECK(documents.size() == 15);
  CHECK(
      documents.front()["metadata"]["annotations"]["applyset.kubernetes.io/tooling"].as_string().starts_with(
          "kubectl-egress/v"));
  CHECK(documents.back()["kind"].as_string() == "VirtualService");
}

// users.md: 1
TEST_CASE("kubectl accepts the objects that a server dry run prints") {
  const TestNamespace ns;
  const CommandResult applied =
      sh("kubectl egress create httpbin --host " + ns.name() + ".example.org --dry-run=server -o yaml -n " +
         ns.name() + " | kubectl apply --server-side --dry-run=server -f -");
  CHECK_MESSAGE(applied.status == 0, applied.err);
  CHECK(applied.out.find("virtualservice.networking.istio.io/httpbin-egress serverside-applied") !=
        std::string::npos);
}

TEST_CASE("delete works for several gateways, in a dry run, and without waiting") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create one --host one.$ns.example.org --wait=false").status == 0);
  REQUIRE(ns.egress("create two --host two.$ns.example.org --wait=false -o name").status == 0);
  const CommandResult dry_run = ns.egress("delete one --dry-run=server");
  CHECK(dry_run.out.ends_with("egressgateway/one deleted (server dry run)\n"));
  CHECK(ns.egress("list -o name").out == "egressgateway/one\negressgateway/two\n");

  const CommandResult partial = ns.egress("delete one nope two --wait=false");
  CHECK(partial.status == 1);
  CHECK(partial.out.find("egressgateway/one deleted\n") != std::string::npos);
  CHECK(partial.out.find("egressgateway/two deleted\n") != std::string::npos);
  CHECK(partial.err.find("\"nope\" not found") != std::string::npos);
  CHECK(ns.egress("list -o name").out == "");
}

TEST_CASE("help and version need no kubeconfig, and every command's help has examples") {
  for (const char* arguments :
       {"--help", "create -h", "list --help", "inspect -h", "delete --help", "version --help"}) {
    CAPTURE(arguments);
    const CommandResult help = sh("KUBECONFIG=/nonexistent/at/all kubectl-egress " + std::string(arguments));
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Examples:\n") != std::string::npos);
    CHECK(help.out.find("kubectl egress") != std::string::npos);
  }
  const CommandResult version = sh("kubectl egress version");
  CHECK(version.out.starts_with("Client Version: v"));
}

}  // namespace egress

TEST_SUITE_END();
