#include "egress/fleet/apply.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/fleet/check.hpp"
#include "egress/fleet/survey.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const std::string callers_path =
    "/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/httpbin-egress";
const std::string record_path = "/api/v1/namespaces/httpbin/configmaps/httpbin-egress";
const std::string deployment_path = "/apis/apps/v1/namespaces/httpbin/deployments/httpbin-egress";

/// The calls of `create`, in its order.
struct Creating {
  explicit Creating(FakeCluster& server) : cluster(server, {}) {}

  void prepare() {
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({testing::httpbin(), survey.mesh, "", survey.pod_revision()}, survey.served);
    fleet::check(cluster, plan, {});
  }

  /// As a second run does, on what the first left.
  void resume() {
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({testing::httpbin(), survey.mesh, "", survey.pod_revision()}, survey.served);
    mesh::take_over(plan, mesh::read_record(survey.record.value()), survey.served);
    fleet::check(cluster, plan, {});
    lines.clear();
  }

  void write(fleet::Applying waiting = {}) {
    fleet::Reporter reporter;
    reporter.wrote = [&](const mesh::Reference& one, const std::string& verb) {
      lines.push_back(one.label() + " " + verb);
    };
    fleet::apply(cluster, plan, waiting, reporter);
  }

  kube::Cluster cluster;
  mesh::Plan plan;
  std::vector<std::string> lines;
};

/// A fault for every write, but not for a dry run, of the path that ends so.
FakeCluster::Fault refuse_writes_of(const std::string& path) {
  return [=](const http::Request& request) -> std::optional<http::Reply> {
    const bool dry = request.target.find("dryRun=All") != std::string::npos;
    if (request.method != "PATCH" || dry || request.target.find(path + "?") == std::string::npos)
      return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
}

}  // namespace

TEST_CASE("create takes nine waves and writes the callers' route last but the record's settling") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();

  REQUIRE(server.waves.size() == 9);
  CHECK(server.waves[2] ==
        std::vector<std::string>{"POST /api/v1/namespaces/httpbin/configmaps?fieldManager=kubectl-egress"});
  CHECK(server.waves[5].front().starts_with("GET /apis/apps/v1/namespaces/httpbin/deployments?watch=true"));
  CHECK(server.waves[6] == std::vector<std::string>{"GET " + record_path});
  REQUIRE(server.waves[7].size() == 1);
  CHECK(server.waves[7].front().starts_with("PATCH " + callers_path + "?"));
  CHECK(server.waves[8].front().starts_with("PATCH " + record_path + "?"));
  CHECK(creating.lines.front() == "configmap/httpbin-egress created");
  CHECK(creating.lines.back() == "virtualservice.networking.istio.io/httpbin-egress created");
  CHECK(creating.lines.size() == 15);
}

TEST_CASE("the record stands as begun until all is written, and settled after") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.plan.record.operation = mesh::Operation::create;
  creating.write();
  const mesh::Record record = mesh::read_record(server.objects.at(record_path));
  CHECK(record.operation == mesh::Operation::none);
  CHECK(record.members.size() == 14);
}

TEST_CASE("a dry run stores nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  Creating(server).prepare();
  CHECK(server.objects.size() == before);
}

TEST_CASE("an object of the name that is somebody else's is found before anything is written") {
  FakeCluster server;
  server.put("/api/v1/namespaces/httpbin/services/httpbin-egress", object({{"kind", "Service"}}));
  const auto before = server.objects;
  Creating creating(server);
  CHECK_THROWS_WITH(
      creating.prepare(),
      "nothing was written:\n  service/httpbin-egress in namespace \"httpbin\" exists, and kubectl "
      "egress did not make it");
  CHECK(server.objects == before);
}

TEST_CASE("everything that the server refuses is said together") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH") return std::nullopt;
    if (request.target.find("/gateways/") != std::string::npos)
      return testing::status_reply(403, "Forbidden", "no gateways for you");
    if (request.target.find("/services/") != std::string::npos)
      return testing::status_reply(403, "Forbidden", "no services for you");
    return std::nullopt;
  };
  CHECK_THROWS_WITH(
      Creating(server).prepare(),
      "nothing was written:\n  Error from server (Forbidden): no services for you\n  Error from "
      "server (Forbidden): no gateways for you");
}

TEST_CASE("a binding whose Role is not stored in a dry run is no fault") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || request.target.find("/rolebindings/") == std::string::npos)
      return std::nullopt;
    http::Reply reply;
    reply.status = 404;
    reply.body = R"({"kind":"Status","reason":"NotFound","message":"no role","details":{"kind":"roles"}})";
    return reply;
  };
  CHECK_NOTHROW(Creating(server).prepare());
}

TEST_CASE("a write that fails half-way is undone, record and all") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  const auto before = server.objects.size();
  server.fault = refuse_writes_of(deployment_path);
  CHECK_THROWS_WITH(creating.write(),
                    "egressgateway \"httpbin\" in namespace \"httpbin\" could not be created: Error from "
                    "server (Forbidden): you may "
                    "not\nWhat it had written was undone.");
  CHECK(server.objects.size() == before);
}

TEST_CASE("of a gateway that was begun before, a refused write undoes nothing") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_AS(creating.write({true, std::chrono::milliseconds(50)}), Error);
  const auto standing = server.objects.size();

  server.fault = refuse_writes_of(callers_path);
  creating.resume();
  CHECK_THROWS_WITH(creating.write({false, {}}),
                    doctest::Contains("you may not\nWhat was written before and now stands."));
  CHECK(server.objects.size() == standing);
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);

  server.fault = {};
  creating.resume();
  creating.write({false, {}});
  CHECK(server.has(callers_path));
  CHECK(creating.lines.front() == "configmap/httpbin-egress configured");
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("two people who go on with one gateway do not both do so") {
  FakeCluster server;
  server.pods_ready = false;
  Creating first(server);
  first.prepare();
  CHECK_THROWS_AS(first.write({true, std::chrono::milliseconds(50)}), Error);
  Creating second(server);
  first.resume();
  second.resume();
  first.write({false, {}});
  CHECK_THROWS_WITH(second.write({false, {}}), doctest::Contains("by someone else at this moment"));
}

TEST_CASE("a connection that is lost, and stays so, leaves the record, and that is said") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  bool down = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    down = down || (request.method == "PATCH" && request.target.find("/deployments/") != std::string::npos);
    if (!down) return std::nullopt;
    http::Reply lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  CHECK_THROWS_WITH(creating.write(), doctest::Contains("Undoing it failed, too: "));
  CHECK(server.has(record_path));
  CHECK(server.has("/api/v1/namespaces/httpbin/services/httpbin-egress"));
}

TEST_CASE("a connection that is lost for one request is undone by the next ones") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  const auto before = server.objects.size();
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || request.target.find("/deployments/") == std::string::npos)
      return std::nullopt;
    http::Reply lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  CHECK_THROWS_WITH(creating.write(), doctest::Contains("What it had written was undone."));
  CHECK(server.objects.size() == before);
}

TEST_CASE("--no-rollback leaves what was written, and says how to go on") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  server.fault = refuse_writes_of(deployment_path);
  fleet::Applying kept;
  kept.rollback = false;
  CHECK_THROWS_WITH(creating.write(kept), doctest::Contains("What it had written stands"));
  CHECK(server.has(record_path));
}

TEST_CASE("a create whose record somebody deletes meanwhile leaves nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  Creating creating(server);
  creating.prepare();
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" &&
        request.target.starts_with(callers_path + "?fieldManager=kubectl-egress&force"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK_THROWS_WITH(creating.write(), doctest::Contains("was deleted by someone else at this moment\n"
                                                        "What this command had made was undone."));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a create that goes on, and whose record somebody deletes meanwhile, leaves nothing either") {
  FakeCluster server;
  const auto before = server.objects.size();
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_AS(creating.write({true, std::chrono::milliseconds(50)}), Error);
  creating.resume();
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(callers_path + "?"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK_THROWS_WITH(creating.write({false, {}}), doctest::Contains("What this command had made was undone."));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a record that a policy annotates meanwhile is settled all the same") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  bool annotated = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(record_path + "?") && !annotated) {
      annotated = true;
      server.put(record_path, server.objects.at(record_path));
    }
    return std::nullopt;
  };
  creating.write();
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a watch that breaks is taken up again, and one that is forbidden becomes looking") {
  for (const int status : {503, 403}) {
    CAPTURE(status);
    FakeCluster server;
    Creating creating(server);
    creating.prepare();
    int broken = 0;
    server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
      if (request.target.find("watch=true") == std::string::npos || broken++ > 0) return std::nullopt;
      return testing::status_reply(status, "Broken", "broken");
    };
    creating.write({true, std::chrono::seconds(30)});
    CHECK(server.has(callers_path));
    CHECK(broken == (status == 503 ? 2 : 1));
  }
}

TEST_CASE("callers are not sent to a gateway whose pods are not ready") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_WITH_AS(creating.write({true, std::chrono::milliseconds(200)}),
                       doctest::Contains("is not ready in time: 0 of 1 pods are ready (no pod was made yet). "
                                         "Callers were left as they are"),
                       Error);
  CHECK(server.has(deployment_path));
  CHECK_FALSE(server.has(callers_path));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);
}

TEST_CASE("a run that lost its hold while it was slow does not write over what the others wrote") {
  FakeCluster server;
  Creating made(server);
  made.prepare();
  made.write();
  Creating slow(server);
  slow.resume();
  for (mesh::Object& one : slow.plan.objects) one.unchanged = false;
  const std::string route = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  bool meddled = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || !request.target.starts_with(route + "?") || meddled) return std::nullopt;
    // Between this run's last look and its write, another one takes the record and writes all of it.
    meddled = true;
    Json record = server.objects.at(record_path);
    record.edit("metadata").edit("annotations").set("kubectl-egress/run", "another");
    server.put(record_path, record);
    Json theirs = server.objects.at(route);
    theirs.set("spec", "theirs");
    server.put(route, theirs);
    return std::nullopt;
  };
  CHECK_THROWS_WITH(slow.write(), doctest::Contains("made or changed by someone else at this moment"));
  CHECK(meddled);
  CHECK(server.objects.at(route)["spec"].as_string() == "theirs");
}

TEST_CASE("whoever goes on with a gateway gives every object a new version, and leaves no mark") {
  FakeCluster server;
  Creating made(server);
  made.prepare();
  made.write();
  Json record = server.objects.at(record_path);
  record.edit("metadata").edit("annotations").set("kubectl-egress/operation", "apply");
  server.put(record_path, record);
  std::map<std::string, std::string> versions;
  for (const auto& [path, object] : server.objects)
    versions[path] = object["metadata"]["resourceVersion"].as_string();
  Creating successor(server);
  successor.resume();
  successor.write();
  for (const mesh::Object& one : successor.plan.objects) {
    const std::string path = one.reference.resource.path(one.reference.ns, one.reference.name);
    CAPTURE(path);
    const Json& metadata = server.objects.at(path)["metadata"];
    CHECK(metadata["resourceVersion"].as_string() != versions[path]);
    CHECK(metadata["annotations"]["kubectl-egress/taken-over"].is_null());
  }
}

TEST_CASE("an object whose status somebody writes meanwhile is written all the same") {
  FakeCluster server;
  Creating made(server);
  made.prepare();
  made.write();
  Creating again(server);
  again.resume();
  for (mesh::Object& one : again.plan.objects) one.unchanged = false;
  int moved = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(deployment_path + "?") && moved++ < 2)
      server.put(deployment_path, server.objects.at(deployment_path));
    return std::nullopt;
  };
  again.write();
  CHECK(moved == 3);
}

TEST_CASE("the answer to the last write that is lost does not undo what stands") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  int settled = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || !request.target.starts_with(record_path + "?") || settled++ > 0)
      return std::nullopt;
    server.fault = {};
    kube::Cluster(server, {})
        .send(kube::Call{.method = "PATCH", .target = request.target, .body = request.body});
    http::Reply lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  creating.write();
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
  CHECK(server.has(callers_path));
}

TEST_CASE("without waiting everything is written at once") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  creating.write({false, std::chrono::milliseconds(1)});
  CHECK(server.has(callers_path));
  CHECK(server.waves.size() == 8);
}

TEST_CASE("of two people who create one name, the second is told") {
  FakeCluster server;
  Creating first(server);
  Creating second(server);
  first.prepare();
  second.prepare();
  first.write();
  CHECK_THROWS_WITH(
      second.write(),
      "egressgateway \"httpbin\" in namespace \"httpbin\" was made or changed by someone else at "
      "this moment");
}

}  // namespace egress

TEST_SUITE_END();
