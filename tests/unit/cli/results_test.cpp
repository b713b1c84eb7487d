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

const mesh::GatewayName one{"httpbin", "one"};
const mesh::GatewayName two{"httpbin", "two"};

/// What a command prints of these gateways, as JSON.
Json printed(const std::vector<mesh::GatewayName>& gateways, bool as_list,
             const std::function<void(Results&)>& command) {
  std::ostringstream out;
  Results results(out);
  results.expect("create", "kubectl egress create", "json");
  results.begin("json", gateways, as_list);
  command(results);
  results.end();
  return Json::parse(out.str());
}

Json run(std::vector<std::string> words, const std::string& form = "json") {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), "kubectl-egress");
  words.insert(words.end(), {"-o", form});
  CHECK(cli::run(words, {out, err}) == 1);
  CHECK(err.str().starts_with("error: "));
  CHECK(err.str().find(Json::parse(form == "json" ? out.str() : "{}")["message"].as_string()) !=
        std::string::npos);
  return form == "json" ? Json::parse(out.str()) : parse_yaml(out.str());
}

}  // namespace

TEST_CASE("outcome: a single gateway that fails is one object") {
  const Json outcome = printed({one}, false, [](Results& results) {
    results.enter(Stage::preflight);
    results.fail(Error("no"));
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

TEST_CASE("outcome: of several gateways each is an item of one List, also those that had no turn") {
  const mesh::Plan plan = mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds()));
  const mesh::GatewayName written{plan.record.egress.ns, plan.record.egress.name};
  const Json list = printed({written, one, two}, true, [&](Results& results) {
    results.print({plan});
    results.fail(Error("no", "", "Forbidden"), one);
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

TEST_CASE("outcome: a failure after the objects of the only gateway makes one List with them") {
  const mesh::Plan plan = mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds()));
  const mesh::GatewayName written{plan.record.egress.ns, plan.record.egress.name};
  const Json list = printed({written}, false, [&](Results& results) {
    results.print({plan});
    results.fail(Error("no"), two);
  });
  CHECK(list["items"].items().back()["metadata"]["name"].as_string() == "two");
}

TEST_CASE("outcome: an error that ends the command is printed, and what was begun is ended") {
  std::ostringstream out;
  Results results(out);
  results.expect("delete", "kubectl egress delete", "json");
  results.begin("json", {one, two}, true);
  results.succeed(one, {.result = Result::succeeded}, "none");
  results.abort(Error("the connection is gone", "", "Unreachable"));
  const Json list = Json::parse(out.str());
  REQUIRE(list["items"].items().size() == 3);
  CHECK(list["items"].items()[0]["result"].as_string() == "Succeeded");
  CHECK(list["items"].items()[1]["metadata"] == Json(Json::Object{}));
  CHECK(list["items"].items()[2]["reason"].as_string() == "NotAttempted");
}

TEST_CASE("outcome: the objects, the permission and the command to go on with") {
  const mesh::Reference record{mesh::record_resource, "httpbin", "httpbin-egress"};
  const mesh::Reference made{{kube::kinds::namespaces}, "", "httpbin"};
  const Error error("no", "", "Forbidden",
                    {{"Forbidden", "you may not", "get", "deployments.apps", "httpbin"}});
  const fleet::OperationFailed failure(error, {.result = Result::incomplete,
                                               .stage = Stage::route,
                                               .written = {made, record},
                                               .remaining = {record}});
  const Json outcome =
      outcome_object(failure, {"apply", "kubectl egress apply -f a.yaml", one, Stage::input});
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

TEST_CASE("outcome: what fails before a cluster is asked has stage Input, and no name unless it is known") {
  const Json flag = run({"create", "web", "--hots", "x"});
  CHECK(flag["stage"].as_string() == "Input");
  CHECK(flag["reason"].as_string() == "InvalidInput");
  CHECK(flag["command"].as_string() == "create");
  CHECK(flag["metadata"] == Json(Json::Object{}));
  CHECK(run({"apply", "-f", "/nonexistent/file.yaml"})["stage"].as_string() == "Input");
  CHECK(run({"delete"})["reason"].as_string() == "InvalidInput");
  CHECK(run({"delete"}, "yaml")["kind"].as_string() == "Outcome");
}

TEST_CASE("outcome: another form of --output, and another command, print none") {
  for (const char* form : {"name", "jsonpath={.kind}"}) {
    std::ostringstream out;
    std::ostringstream err;
    CHECK(cli::run({"kubectl-egress", "create", "web", "--hots", "x", "-o", form}, {out, err}) == 1);
    CHECK(out.str().empty());
  }
  std::ostringstream out;
  std::ostringstream err;
  CHECK(cli::run({"kubectl-egress", "list", "--hots", "-o", "json"}, {out, err}) == 1);
  CHECK(out.str().empty());
}

TEST_CASE("outcome: a command line can be typed again, and shows no secret") {
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
