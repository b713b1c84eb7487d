#include "egress/cli/choice.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/fleet/apply.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::FakeCluster;

/// Gateways that stand, each with its port, and the label team as their names' first letter.
void stand(FakeCluster& server, const std::vector<std::pair<std::string, int>>& gateways) {
  for (const auto& [name, port] : gateways) {
    kube::Cluster cluster(server, {});
    mesh::Design design = testing::todays_design();
    design.egress.name = name;
    design.egress.port = port;
    mesh::Plan plan = mesh::plan(design, kube::Served::newest(mesh::all_kinds()));
    fleet::apply(cluster, plan, {false, {}}, {});
    Json& record = server.objects["/api/v1/namespaces/httpbin/configmaps/" + name + "-egress"];
    record.edit("metadata").edit("labels").set("team", name.substr(0, 1));
  }
}

/// The names that are shown; a bar where a page ends.
std::string shown(FakeCluster& server, const std::string& selector, const std::string& sort_by,
                  const std::vector<std::string>& named = {}) {
  kube::Cluster cluster(server, {});
  fleet::Roll roll(cluster, "httpbin", 2);
  Choice choice(named, selector, sort_by);
  std::string names;
  for (auto page = choice.next(roll); !page.empty(); page = choice.next(roll)) {
    for (const mesh::Summary& one : page) names += one.record.egress.name + " ";
    names += "|";
  }
  return names;
}

}  // namespace

TEST_CASE("a selector lets gateways through by the labels of their record") {
  FakeCluster server;
  stand(server, {{"a1", 80}, {"a2", 80}, {"b1", 80}});
  CHECK(shown(server, "team=a,app.kubernetes.io/managed-by=kubectl-egress", ".metadata.name") == "a1 a2 |");
  CHECK(shown(server, "team!=a", "").starts_with("b1 "));
  CHECK(shown(server, "team in (c)", "").empty());
  CHECK(shown(server, "team in (c)", ".metadata.name").empty());
  CHECK_THROWS_AS(Choice({}, "team==a==b", ""), Error);
}

TEST_CASE("gateways that are named are shown alone, and it is known which are not there") {
  FakeCluster server;
  stand(server, {{"a1", 80}, {"a2", 80}, {"b1", 80}});
  CHECK(shown(server, "", ".metadata.name", {"b1", "a1", "c1"}) == "a1 b1 |");
  kube::Cluster cluster(server, {});
  fleet::Roll roll(cluster, "httpbin", 2);
  Choice choice({"b1", "a1", "c1"}, "team=b", "");
  while (!choice.next(roll).empty()) continue;
  CHECK(choice.missing() == std::set<std::string>{"c1"});
}

TEST_CASE("gateways that are sorted come all at once, others page by page") {
  FakeCluster server;
  stand(server, {{"a", 5432}, {"b", 443}, {"c", 80}, {"d", 9092}, {"e", 25}});
  server.largest_page = 2;
  CHECK(shown(server, "", ".spec.port") == "e c b a d |");
  CHECK(shown(server, "", "{.metadata.labels.team}") == "a b c d e |");
  const std::string pages = shown(server, "", "");
  CHECK(pages.starts_with("a |"));
  CHECK_THROWS_WITH(shown(server, "", ".spec.prot"),
                    "couldn't find any field with path \"{.spec.prot}\" in the list of objects");
}

}  // namespace egress::cli

TEST_SUITE_END();
