#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::sh;
using testing::TestNamespace;

}  // namespace

TEST_CASE("every format of list and inspect tells the same gateway") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  CHECK(ns.egress("list -o name").out == "egressgateway/httpbin\n");
  CHECK(split(trimmed(ns.egress("list --no-headers").out), '\n').size() == 1);

  const Json json = Json::parse(ns.egress("list -o json").out);
  REQUIRE(json["items"].items().size() == 1);
  const Json& item = json["items"].items().front();
  CHECK(item["status"]["phase"].as_string() == "Ready");
  REQUIRE(item["status"]["objects"].items().size() >= 13);
  for (const Json& one : item["status"]["objects"].items()) CHECK(one["state"].as_string() == "Present");
  CHECK(parse_yaml(ns.egress("list -o yaml").out) == json);
  CHECK(Json::parse(ns.egress("inspect httpbin -o json").out) == item);

  const Json form = parse_yaml(ns.egress("inspect httpbin -o yaml").out);
  CHECK(form["kind"].as_string() == "EgressGateway");
  CHECK(form["spec"]["hosts"] == array({ns.name() + ".example.org"}));
  CHECK_FALSE(form.has("status"));

  const Ran wide = ns.egress("list -o wide");
  CHECK(wide.out.find("PORT   MTLS") != std::string::npos);
  CHECK(ns.egress("list -A").out.starts_with("NAMESPACE"));
  CHECK(sh("kubectl egress ls -A -o name").out.find("egressgateway/httpbin\n") != std::string::npos);
}

TEST_CASE("list and inspect print what a path finds, choose by labels and sort") {
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
  const Ran empty = ns.egress("list");
  CHECK(empty.status == 0);
  CHECK(empty.out.empty());
  CHECK(empty.err == "No egress gateways found in " + ns.name() + " namespace.\n");
  CHECK(Json::parse(ns.egress("list -o json").out)["items"].items().empty());
}

TEST_CASE("a server dry run checks everything and stores nothing") {
  const TestNamespace ns;
  const Ran dry = ns.egress("create httpbin --host $ns.example.org --dry-run=server");
  CHECK_MESSAGE(dry.status == 0, dry.err);
  CHECK(dry.out.ends_with("egressgateway/httpbin created (server dry run)\n"));
  CHECK(ns.kubectl("get configmap,service,deployment,virtualservice -o name | grep egress").out == "");
}

TEST_CASE("a client dry run needs no cluster, and prints the record first and the callers' route last") {
  const TestNamespace ns;
  const std::string words =
      "kubectl-egress create httpbin --host httpbin.org --dry-run=client --istio-version 1.7.5 -o yaml -n " +
      ns.name();
  const Ran dry = sh("KUBECONFIG=/nonexistent " + words);
  CHECK_MESSAGE(dry.status == 0, dry.err);
  const auto documents = parse_yaml_documents(dry.out);
  CHECK(documents.size() == 15);
  CHECK(
      documents.front()["metadata"]["annotations"]["applyset.kubernetes.io/tooling"].as_string().starts_with(
          "kubectl-egress/v"));
  CHECK(documents.back()["kind"].as_string() == "VirtualService");
}

// users.md: 1
TEST_CASE("the printed objects of a server dry run are taken by kubectl as they are") {
  const TestNamespace ns;
  const Ran applied =
      sh("kubectl egress create httpbin --host " + ns.name() + ".example.org --dry-run=server -o yaml -n " +
         ns.name() + " | kubectl apply --server-side --dry-run=server -f -");
  CHECK_MESSAGE(applied.status == 0, applied.err);
  CHECK(applied.out.find("virtualservice.networking.istio.io/httpbin-egress serverside-applied") !=
        std::string::npos);
}

TEST_CASE("delete works on several, in a dry run, and without waiting") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create one --host one.$ns.example.org --wait=false").status == 0);
  REQUIRE(ns.egress("create two --host two.$ns.example.org --wait=false -o name").status == 0);
  const Ran dry = ns.egress("delete one --dry-run=server");
  CHECK(dry.out.ends_with("egressgateway/one deleted (server dry run)\n"));
  CHECK(ns.egress("list -o name").out == "egressgateway/one\negressgateway/two\n");

  const Ran partial = ns.egress("delete one nope two --wait=false");
  CHECK(partial.status == 1);
  CHECK(partial.out.find("egressgateway/one deleted\n") != std::string::npos);
  CHECK(partial.out.find("egressgateway/two deleted\n") != std::string::npos);
  CHECK(partial.err.find("\"nope\" not found") != std::string::npos);
  CHECK(ns.egress("list -o name").out == "");
}

TEST_CASE("help and version need no kubeconfig, and every command's help has examples") {
  for (const char* words :
       {"--help", "create -h", "list --help", "inspect -h", "delete --help", "version --help"}) {
    CAPTURE(words);
    const Ran help = sh("KUBECONFIG=/nonexistent/at/all kubectl-egress " + std::string(words));
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Examples:\n") != std::string::npos);
    CHECK(help.out.find("kubectl egress") != std::string::npos);
  }
  const Ran version = sh("kubectl egress version");
  CHECK(version.out.starts_with("Client Version: v"));
}

}  // namespace egress

TEST_SUITE_END();
