#include <doctest/doctest.h>

#include <algorithm>

#include "support/create_run.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::CreateRun;
using testing::deployment_path;
using testing::FakeCluster;
using testing::record_path;

const std::string entry_path =
    "/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/httpbin-egress";

/// A complete gateway that is about to be applied with another port; all objects except its ServiceEntry are
/// known to be unchanged.
struct Marked : CreateRun {
  explicit Marked(FakeCluster& server) : CreateRun(server) {
    prepare();
    write();
    egress.port = 8443;
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({egress, survey.mesh, "", survey.pod_revision()}, survey.served);
    mesh::Record on_listed = mesh::read_record(survey.record.value());
    on_listed.applied_digests.clear();
    for (const mesh::Reference& one : on_listed.members)
      on_listed.applied_digests.push_back("of-" + one.name);
    mesh::merge_record(plan, on_listed, survey.served);
    for (mesh::Object& one : plan.objects)
      one.unchanged = one.reference.resource.kind.plural != "serviceentries";
    rules = survey.rules;
    server.waves.clear();
  }

  void check() { fleet::run_preflight(cluster, plan, {}, rules); }

  kube::RbacRules rules;
};

/// The requests for objects, without the query of the path.
std::vector<std::string> sent(const FakeCluster& server) {
  std::vector<std::string> found;
  for (const auto& wave : server.waves)
    for (const std::string& one : wave)
      if (one.find("/selfsubject") == std::string::npos) found.push_back(one.substr(0, one.find('?')));
  std::ranges::sort(found);
  return found;
}

}  // namespace

TEST_CASE("what is known to stand as it should is neither tried nor looked at, but for the Deployment") {
  FakeCluster server;
  Marked marked(server);
  marked.check();
  CHECK(sent(server) ==
        std::vector<std::string>{"GET " + deployment_path, "GET " + entry_path, "PATCH " + entry_path});
  CHECK(marked.plan.deployment().live["status"]["availableReplicas"].as_integer() == 1);
}

TEST_CASE("nor is it written, and the record goes on to say of it what it said") {
  FakeCluster server;
  Marked marked(server);
  marked.check();
  server.waves.clear();
  marked.write({.wait = false});
  const auto all = sent(server);
  CHECK(std::ranges::count(all, "PATCH " + entry_path) == 1);
  CHECK(std::ranges::count(all, "PATCH " + record_path) == 2);
  CHECK(std::ranges::count_if(all, [](const std::string& one) { return one.starts_with("PATCH"); }) == 3);
  const mesh::Record record = mesh::read_record(server.objects.at(record_path));
  const auto role = std::ranges::find(record.members, "roles",
                                      [](const mesh::Reference& one) { return one.resource.kind.plural; });
  REQUIRE(role != record.members.end());
  CHECK(mesh::applied_digest_of(record, *role) == "of-httpbin-egress");
}

TEST_CASE("a Deployment that is gone by then is made anew") {
  FakeCluster server;
  Marked marked(server);
  server.objects.erase(deployment_path);
  marked.check();
  CHECK_FALSE(marked.plan.deployment().unchanged);
  marked.write({.wait = false});
  CHECK(server.has(deployment_path));
}

TEST_CASE("who only compares does not look at the Deployment either") {
  FakeCluster server;
  Marked marked(server);
  fleet::run_preflight(marked.cluster, marked.plan, {.force = true, .adopt = {}, .writes = false},
                       marked.rules);
  CHECK(sent(server) == std::vector<std::string>{"GET " + entry_path, "PATCH " + entry_path});
}

}  // namespace egress

TEST_SUITE_END();
