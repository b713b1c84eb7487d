#include "egress/cli/gateway_filter.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/fleet/apply.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::FakeCluster;

/// Creates gateways with these names and ports; the label team is the first letter of the name.
void create_gateways(FakeCluster& server, const std::vector<std::pair<std::string, int>>& gateways) {
  for (const auto& [name, port] : gateways) {
    kube::Cluster cluster(server, {});
    mesh::Design design = testing::istio_1_30_design();
    design.egress.name = name;
    design.egress.port = port;
    mesh::Plan plan = mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds()));
    fleet::apply(cluster, plan, {false, {}}, {});
    Json& record = server.objects["/api/v1/namespaces/httpbin/configmaps/" + name + "-egress"];
    record.edit("metadata").edit("labels").set("team", name.substr(0, 1));
  }
}

/// The names of the matching gateways, with a bar at the end of each page.
std::string matching_names(FakeCluster& server, const std::string& selector, const std::string& sort_by,
                           const std::vector<std::string>& requested_names = {}) {
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "httpbin", 2);
  GatewayFilter gateway_filter(requested_names, selector, sort_by);
  std::string names;
  for (auto page = gateway_filter.next_page(pages); !page.empty(); page = gateway_filter.next_page(pages)) {
    for (const mesh::Summary& summary : page) names += summary.record.egress.name + " ";
    names += "|";
  }
  return names;
}

}  // namespace

TEST_CASE("a selector matches the labels of a gateway's record") {
  FakeCluster server;
  create_gateways(server, {{"a1", 80}, {"a2", 80}, {"b1", 80}});
  CHECK(matching_names(server, "team=a,app.kubernetes.io/managed-by=kubectl-egress", ".metadata.name") ==
        "a1 a2 |");
  CHECK(matching_names(server, "team!=a", "").starts_with("b1 "));
  CHECK(matching_names(server, "team in (c)", "").empty());
  CHECK(matching_names(server, "team in (c)", ".metadata.name").empty());
  CHECK_THROWS_AS(GatewayFilter({}, "team==a==b", ""), Error);
}

TEST_CASE("only named gateways are listed, and missing names are known") {
  FakeCluster server;
  create_gateways(server, {{"a1", 80}, {"a2", 80}, {"b1", 80}});
  CHECK(matching_names(server, "", ".metadata.name", {"b1", "a1", "c1"}) == "a1 b1 |");
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "httpbin", 2);
  GatewayFilter gateway_filter({"b1", "a1", "c1"}, "team=b", "");
  while (!gateway_filter.next_page(pages).empty()) continue;
  CHECK(gateway_filter.missing_names() == std::set<std::string>{"c1"});
}

TEST_CASE("sorted gateways come in one page, unsorted ones page by page") {
  FakeCluster server;
  create_gateways(server, {{"a", 5432}, {"b", 443}, {"c", 80}, {"d", 9092}, {"e", 25}});
  server.max_page_size = 2;
  CHECK(matching_names(server, "", ".spec.port") == "e c b a d |");
  CHECK(matching_names(server, "", "{.metadata.labels.team}") == "a b c d e |");
  const std::string pages = matching_names(server, "", "");
  CHECK(pages.starts_with("a |"));
  CHECK_THROWS_WITH(matching_names(server, "", ".spec.prot"),
                    "couldn't find any field with path \"{.spec.prot}\" in the list of objects");
}

}  // namespace egress::cli

TEST_SUITE_END();
