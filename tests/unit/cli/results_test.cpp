#include "egress/cli/results.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/yaml.hpp"
#include "egress/cli/app.hpp"
#include "egress/cli/outcome.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using Result = fleet::Outcome::Result;
using Stage = fleet::Outcome::Stage;

const mesh::GatewayName gateway_one{"httpbin", "one"};
const mesh::GatewayName gateway_two{"httpbin", "two"};

/// The JSON output of a command for these gateways.
Json run_results(const std::vector<mesh::GatewayName>& gateways, bool as_list,
                 const std::function<void(Results&)>& command) {
  std::ostringstream out;
  Results results(out);
  results.enable_outcomes("create", "kubectl egress create", "json");
  results.begin("json", gateways, as_list);
  command(results);
  results.end();
  return Json::parse(out.str());
}

Json failed_outcome(std::vector<std::string> words, const std::string& format = "json") {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), "kubectl-egress");
  words.insert(words.end(), {"-o", format});
  CHECK(cli::run(words, {out, err}) == 1);
  CHECK(err.str().starts_with("error: "));
  CHECK(err.str().find(Json::parse(format == "json" ? out.str() : "{}")["message"].as_string()) !=
        std::string::npos);
  return format == "json" ? Json::parse(out.str()) : parse_yaml(out.str());
}

}  // namespace

TEST_CASE("outcome: a single gateway that fails is one object") {
  const Json outcome = run_results({gateway_one}, false, [](Results& results) {
    results.set_stage(Stage::preflight);
    results.add_failure(Error("no"));
  });
  CHECK(outcome["apiVersion"].as_string() == "kubectl-egress/v1alpha1");
  CHECK(outcome["kind"].as_string() == "Outcome");
  CHECK(outcome["metadata"] == object({{"name", "one"}, {"namespace", "httpbin"}}));
  CHECK(outcome["command"].as_string() == "create");
  CHECK(outcome["result"].as_string() == "Unchanged");
  CHECK(outcome["stage"].as_string() == "Preflight");
  CHECK(outcome["reason"].as_string() == "Refused");
  CHECK(outcome["message"].as_string() == "no");
  CHECK(outcome["continueWith"].as_string().empty());
  for (const char* list : {"written", "rolledBack", "deleted", "remaining", "causes"})
    CHECK(outcome[list].is_array());
}

TEST_CASE("outcome: several gateways are items of one List, including those not attempted") {
  const mesh::Plan plan =
      mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds()));
  const mesh::GatewayName written{plan.record.egress.ns, plan.record.egress.name};
  const Json list = run_results({written, gateway_one, gateway_two}, true, [&](Results& results) {
    results.print({plan});
    results.add_failure(Error("no", "", "Forbidden"), gateway_one);
  });
  CHECK(list["kind"].as_string() == "List");
  std::vector<Json> outcomes;
  for (const Json& item : list["items"].items())
    if (item["kind"].as_string() == "Outcome") outcomes.push_back(item);
  CHECK(list["items"].items().size() == plan.objects.size() + 1 + 2);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0]["metadata"]["name"].as_string() == "one");
  CHECK(outcomes[0]["reason"].as_string() == "Forbidden");
  CHECK(outcomes[1]["metadata"]["name"].as_string() == "two");
  CHECK(outcomes[1]["reason"].as_string() == "NotAttempted");
  CHECK(outcomes[1]["result"].as_string() == "Unchanged");
}

TEST_CASE("outcome: a failure after a gateway's objects is in the same List") {
  const mesh::Plan plan =
      mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds()));
  const mesh::GatewayName written{plan.record.egress.ns, plan.record.egress.name};
  const Json list = run_results({written}, false, [&](Results& results) {
    results.print({plan});
    results.add_failure(Error("no"), gateway_two);
  });
  CHECK(list["items"].items().back()["metadata"]["name"].as_string() == "two");
}

TEST_CASE("outcome: an error that ends the command is printed and the output completed") {
  std::ostringstream out;
  Results results(out);
  results.enable_outcomes("delete", "kubectl egress delete", "json");
  results.begin("json", {gateway_one, gateway_two}, true);
  results.add_success(gateway_one, {.result = Result::succeeded}, "none");
  results.abort(Error("the connection is gone", "", "Unreachable"));
  const Json list = Json::parse(out.str());
  REQUIRE(list["items"].items().size() == 3);
  CHECK(list["items"].items()[0]["result"].as_string() == "Succeeded");
  CHECK(list["items"].items()[1]["metadata"] == Json(Json::Object{}));
  CHECK(list["items"].items()[2]["reason"].as_string() == "NotAttempted");
}

TEST_CASE("outcome: objects, missing permission and command to continue with") {
  const mesh::Reference record{mesh::record_resource, "httpbin", "httpbin-egress"};
  const mesh::Reference namespace_reference{{kube::kinds::namespaces}, "", "httpbin"};
  const Error error("no", "", "Forbidden",
                    {{"Forbidden", "you may not", "get", "deployments.apps", "httpbin"}});
  const fleet::OperationFailed failure(error, {.result = Result::incomplete,
                                               .stage = Stage::route,
                                               .written = {namespace_reference, record},
                                               .remaining = {record}});
  const Json outcome =
      outcome_object(failure, {"apply", "kubectl egress apply -f a.yaml", gateway_one, Stage::input});
  CHECK(outcome["result"].as_string() == "Incomplete");
  CHECK(outcome["stage"].as_string() == "Route");
  CHECK(outcome["continueWith"].as_string() == "kubectl egress apply -f a.yaml");
  CHECK(outcome["written"].items()[0] ==
        object({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"name", "httpbin"}}));
  CHECK(outcome["remaining"] == array({object({{"apiVersion", "v1"},
                                               {"kind", "ConfigMap"},
                                               {"namespace", "httpbin"},
                                               {"name", "httpbin-egress"}})}));
  CHECK(outcome["causes"] == array({object({{"reason", "Forbidden"},
                                            {"message", "you may not"},
                                            {"verb", "get"},
                                            {"resource", "deployments.apps"},
                                            {"namespace", "httpbin"}})}));
}

TEST_CASE("outcome: a failure before the first request has stage Input and no metadata") {
  const Json flag = failed_outcome({"create", "web", "--hots", "x"});
  CHECK(flag["stage"].as_string() == "Input");
  CHECK(flag["reason"].as_string() == "InvalidInput");
  CHECK(flag["command"].as_string() == "create");
  CHECK(flag["metadata"] == Json(Json::Object{}));
  CHECK(failed_outcome({"apply", "-f", "/nonexistent/file.yaml"})["stage"].as_string() == "Input");
  CHECK(failed_outcome(
            {"create", "web", "--host", "a.example", "--port", "70000", "--dry-run=client"})["message"]
            .as_string()
            .find("spec.port (--port)") != std::string::npos);
  CHECK(failed_outcome({"delete"})["reason"].as_string() == "InvalidInput");
  CHECK(failed_outcome({"delete"}, "yaml")["kind"].as_string() == "Outcome");
}

TEST_CASE("outcome: other output formats and other commands print none") {
  for (const char* format : {"name", "jsonpath={.kind}"}) {
    std::ostringstream out;
    std::ostringstream err;
    CHECK(cli::run({"kubectl-egress", "create", "web", "--hots", "x", "-o", format}, {out, err}) == 1);
    CHECK(out.str().empty());
  }
  std::ostringstream out;
  std::ostringstream err;
  CHECK(cli::run({"kubectl-egress", "list", "--hots", "-o", "json"}, {out, err}) == 1);
  CHECK(out.str().empty());
}

TEST_CASE("outcome: the command line is shell-quoted and secrets are masked") {
  CHECK(command_line({"create", "web", "--host", "*.example.com"}) ==
        "kubectl egress create web --host '*.example.com'");
  CHECK(command_line({"apply", "-f", "it's here.yaml"}) == "kubectl egress apply -f 'it'\\''s here.yaml'");
  CHECK(command_line({"apply", "--token", "s3cr3t", "-f", "a.yaml"}) ==
        "kubectl egress apply --token <masked> -f a.yaml");
  CHECK(command_line({"apply", "--password=s3cr3t", "-f", "a.yaml"}) ==
        "kubectl egress apply --password=<masked> -f a.yaml");
}

}  // namespace egress::cli

TEST_SUITE_END();
