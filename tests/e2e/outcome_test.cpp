#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/yaml.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::sh;
using testing::TestNamespace;

constexpr const char* kubelet_label = "sandbox.kubectl-egress/kubelet";

/// True if one of the causes is that missing permission.
bool names_permission(const Json& outcome, const std::string& verb, const std::string& resource) {
  return std::ranges::any_of(outcome["causes"].items(), [&](const Json& cause) {
    return cause["reason"].as_string() == "Forbidden" && cause["verb"].as_string() == verb &&
           cause["resource"].as_string() == resource;
  });
}

/// Kind, group and name of an object, as `kubectl get` takes them.
std::string kind_and_name(const Json& reference) {
  const std::string& api_version = reference["apiVersion"].as_string();
  const std::size_t slash = api_version.find('/');
  const std::string group = slash == std::string::npos ? "" : "." + api_version.substr(0, slash);
  const std::string version = slash == std::string::npos ? "" : "." + api_version.substr(slash + 1);
  return reference["kind"].as_string() + version + group + " " + reference["name"].as_string();
}

/// Everything in the namespace that carries this program's label.
std::size_t count_objects(const TestNamespace& ns) {
  const CommandResult kinds = sh("kubectl api-resources --namespaced --verbs=list -o name | paste -sd, -");
  const CommandResult found = ns.kubectl("get " + kinds.out.substr(0, kinds.out.find('\n')) +
                                         " -l app.kubernetes.io/managed-by=kubectl-egress -o name | "
                                         "grep -cvE '^(pod|replicaset[^/]*|endpoint[^/]*)/'");
  return std::stoul(found.out);
}

}  // namespace

TEST_CASE("outcome: missing permissions for create are printed as JSON") {
  const TestNamespace ns;
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const CommandResult refused =
      ns.egress("create httpbin --host $ns.example.org --istio-version 1.30 -o json --as " + ns.name());
  sh("kubectl delete clusterrolebinding " + ns.name());
  CHECK(refused.status == 1);
  CHECK_FALSE(refused.err.empty());
  const Json outcome = Json::parse(refused.out);
  CHECK(outcome["kind"].as_string() == "Outcome");
  CHECK(outcome["metadata"]["name"].as_string() == "httpbin");
  CHECK(outcome["metadata"]["namespace"].as_string() == ns.name());
  CHECK(outcome["command"].as_string() == "create");
  CHECK(outcome["stage"].as_string() == "Preflight");
  CHECK(outcome["result"].as_string() == "Unchanged");
  CHECK(outcome["reason"].as_string() == "Forbidden");
  CHECK(names_permission(outcome, "create", "deployments.apps"));
  CHECK(names_permission(outcome, "patch", "configmaps"));
  CHECK(outcome["remaining"].items().empty());
  CHECK(outcome["continueWith"].as_string().empty());
  CHECK(ns.object("configmap httpbin-egress").is_null());
}

TEST_CASE("outcome: a create that timed out lists the remaining objects and the command to continue") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string label = "kubectl label namespace " + ns.name() + " " + kubelet_label;
  REQUIRE(sh(label + "=stopped").status == 0);
  const CommandResult timed_out = ns.egress("create httpbin --host $ns.example.org --timeout 2s -o json");
  CHECK(timed_out.status == 1);
  const Json outcome = Json::parse(timed_out.out);
  CHECK(outcome["stage"].as_string() == "Wait");
  CHECK(outcome["result"].as_string() == "Incomplete");
  CHECK(outcome["reason"].as_string() == "PodsNotReady");
  CHECK(timed_out.err.find(outcome["message"].as_string()) != std::string::npos);
  for (const Json& reference : outcome["remaining"].items())
    CHECK_FALSE(ns.object(kind_and_name(reference)).is_null());
  CHECK(outcome["remaining"].items().size() == count_objects(ns));
  CHECK(outcome["written"] == outcome["remaining"]);
  CHECK(ns.object("virtualservice httpbin-egress").is_null());

  REQUIRE(sh(label + "-").status == 0);
  const CommandResult finished = sh(outcome["continueWith"].as_string());
  CHECK_MESSAGE(finished.status == 0, finished.err);
  CHECK(ns.egress("list -o jsonpath='{.items[0].status.phase}'").out == "Ready");
}

TEST_CASE("outcome: objects and outcomes of several gateways are one List") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create service clusterip second-egress --tcp=80:80").status == 0);
  const auto manifest = [](const std::string& name) {
    return "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\nmetadata: {name: " + name +
           "}\nspec: {hosts: [" + name + ".$ns.example.org]}\n";
  };
  const CommandResult applied =
      ns.egress("apply -o json -f - <<EOF\n" + manifest("first") + "---\n" + manifest("second") + "EOF");
  CHECK(applied.status == 1);
  const Json list = Json::parse(applied.out);
  CHECK(list["kind"].as_string() == "List");
  std::vector<Json> outcomes;
  for (const Json& item : list["items"].items())
    if (item["kind"].as_string() == "Outcome") outcomes.push_back(item);
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0]["metadata"]["name"].as_string() == "second");
  CHECK(outcomes[0]["reason"].as_string() == "NotOwned");
  CHECK(outcomes[0]["result"].as_string() == "Unchanged");
  CHECK(list["items"].items().size() > 14);
  CHECK(ns.egress("list -o name").out == "egressgateway/first\n");
}

TEST_CASE("outcome: delete prints its outcome, also for a gateway that does not exist") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const CommandResult deleted = ns.egress("delete httpbin --drain 0s -o json");
  CHECK_MESSAGE(deleted.status == 0, deleted.err);
  const Json outcome = Json::parse(deleted.out);
  CHECK(outcome["command"].as_string() == "delete");
  CHECK(outcome["result"].as_string() == "Succeeded");
  CHECK(outcome["deleted"].items().size() >= 14);
  CHECK(outcome["remaining"].items().empty());

  const CommandResult missing = ns.egress("delete httpbin -o yaml");
  CHECK(missing.status == 1);
  CHECK(parse_yaml(missing.out)["reason"].as_string() == "NotFound");
  CHECK(parse_yaml(missing.out)["result"].as_string() == "Unchanged");
}

TEST_CASE("outcome: an unreachable server is an outcome of stage Connect") {
  const TestNamespace ns;
  const CommandResult result =
      ns.egress("create httpbin --host $ns.example.org -o json --server https://127.0.0.1:1");
  CHECK(result.status == 1);
  const Json outcome = Json::parse(result.out);
  CHECK(outcome["stage"].as_string() == "Connect");
  CHECK(outcome["reason"].as_string() == "Unreachable");
  CHECK(outcome["result"].as_string() == "Unchanged");
}

}  // namespace egress

TEST_SUITE_END();
