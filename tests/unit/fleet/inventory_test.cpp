#include "egress/fleet/inventory.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/apply.hpp"
#include "egress/fleet/inspection.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

void stand(FakeCluster& server, const std::string& name) {
  kube::Cluster cluster(server, {});
  mesh::Design design = testing::istio_1_30_design();
  design.egress.name = name;
  mesh::Plan plan = mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds()));
  fleet::apply(cluster, plan, {false, {}}, {});
  server.waves.clear();
}

/// How many requests hold both parts.
long asked(const FakeCluster& server, const std::string& part, const std::string& other = "") {
  return std::ranges::count_if(server.requests(), [&](const std::string& one) {
    return one.find(part) != std::string::npos && one.find(other) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a list takes as many requests for three gateways as for one, and is in the order of their names") {
  FakeCluster server;
  stand(server, "zebra");
  kube::Cluster cluster(server, {});
  fleet::list_gateways(cluster, "");
  const std::size_t for_one = server.requests().size();
  for (const char* name : {"httpbin", "ant"}) stand(server, name);
  const auto found = fleet::list_gateways(cluster, "").gateways;
  CHECK(server.requests().size() == for_one);
  REQUIRE(found.size() == 3);
  CHECK(found[0].record.egress.name == "ant");
  CHECK(found[2].record.egress.name == "zebra");
  CHECK(found[0].phase == mesh::Phase::ready);
  CHECK(found[0].objects.size() == 14);
}

TEST_CASE("a list in many pages, and one that expires between them, holds every gateway once") {
  FakeCluster server;
  for (const char* name : {"zebra", "httpbin", "ant"}) stand(server, name);
  server.max_page_size = 2;
  kube::Cluster cluster(server, {});
  const auto paged = fleet::list_gateways(cluster, "").gateways;
  CHECK(paged.size() == 3);
  CHECK(paged.back().objects.size() == 14);
  CHECK(asked(server, "&limit=500&continue=") > 0);
  CHECK(asked(server, "/services?") == asked(server, "/services?", "limit="));

  server.waves.clear();
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("continue=") == std::string::npos) return std::nullopt;
    return testing::status_reply(410, "Expired", "The provided continue parameter is too old");
  };
  const auto whole = fleet::list_gateways(cluster, "").gateways;
  CHECK(whole.size() == 3);
  CHECK(whole.back().objects.size() == 14);
  CHECK_MESSAGE(asked(server, "/services?") > asked(server, "/services?", "limit="),
                "it began anew, unpaged");
}

TEST_CASE("an object that is gone degrades its own gateway and no other") {
  FakeCluster server;
  stand(server, "one");
  stand(server, "two");
  server.objects.erase("/api/v1/namespaces/httpbin/services/two-egress");
  kube::Cluster cluster(server, {});
  const auto found = fleet::list_gateways(cluster, "httpbin").gateways;
  REQUIRE(found.size() == 2);
  CHECK(found[0].phase == mesh::Phase::ready);
  CHECK(found[1].phase == mesh::Phase::degraded);
  REQUIRE(found[1].reasons.size() == 1);
  CHECK(mentions(found[1].reasons[0], {"service/two-egress", "does not exist"}));
}

TEST_CASE("a kind that the user may not list is unknown, not missing") {
  FakeCluster server;
  stand(server, "one");
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("/rolebindings?") == std::string::npos) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "no");
  };
  kube::Cluster cluster(server, {});
  const auto found = fleet::list_gateways(cluster, "").gateways;
  REQUIRE(found.size() == 1);
  CHECK(found[0].phase == mesh::Phase::ready);
  CHECK(found[0].objects[9].reference.resource.kind.name == "RoleBinding");
  CHECK(found[0].objects[9].state == "Unknown");
}

TEST_CASE("a ConfigMap of the name that is no record is refused, not read") {
  FakeCluster server;
  server.store("/api/v1/namespaces/httpbin/configmaps/httpbin-egress",
               object({{"metadata", object({{"name", "httpbin-egress"}, {"namespace", "httpbin"}})}}));
  kube::Cluster cluster(server, {});
  CHECK(mentions(error_of([&] { fleet::inspect(cluster, "httpbin", "httpbin"); }),
                 {"configmap/httpbin-egress", in_namespace("httpbin"), "labels"}));
}

TEST_CASE("a record that cannot be read keeps nobody from seeing the others") {
  FakeCluster server;
  stand(server, "one");
  stand(server, "two");
  Json& broken = server.objects.at("/api/v1/namespaces/httpbin/configmaps/two-egress");
  broken.edit("data").set("egressgateway.yaml", "kind: EgressGateway\napiVersion: kubectl-egress/v9\n");
  kube::Cluster cluster(server, {});
  const fleet::Inventory found = fleet::list_gateways(cluster, "");
  REQUIRE(found.gateways.size() == 1);
  CHECK(found.gateways[0].record.egress.name == "one");
  REQUIRE(found.unreadable.size() == 1);
  CHECK(mentions(found.unreadable[0], {"configmap/two-egress", in_namespace("httpbin")}));

  for (const std::set<std::string>& namespaces : {std::set<std::string>{}, {"httpbin", "other"}}) {
    const fleet::Records records = fleet::list_records(cluster, namespaces);
    REQUIRE(records.found.size() == 1);
    CHECK(records.found[0].egress.name == "one");
    REQUIRE(records.unreadable.size() == 1);
    CHECK(records.unreadable[0].name == "two-egress");
    CHECK(records.unreadable[0].why == found.unreadable[0]);
  }
}

TEST_CASE("records are read page by page, each once, and only those that are wanted are kept") {
  FakeCluster server;
  for (const char* name : {"ant", "bee", "cat", "dog", "eel"}) stand(server, name);
  server.max_page_size = 2;
  kube::Cluster cluster(server, {});
  const auto names = [&] {
    std::vector<std::string> found;
    const auto is_wanted = [](const mesh::Record& one) { return one.egress.name != "cat"; };
    for (const mesh::Record& one : fleet::list_records(cluster, {"httpbin"}, is_wanted).found)
      found.push_back(one.egress.name);
    return found;
  };
  const std::vector<std::string> wanted{"ant", "bee", "dog", "eel"};
  CHECK(names() == wanted);
  const std::size_t in_three_pages = server.requests().size();
  server.waves.clear();
  server.max_page_size = 500;
  CHECK(names() == wanted);
  CHECK(in_three_pages == server.requests().size() + 2);

  server.max_page_size = 2;
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("continue=") == std::string::npos) return std::nullopt;
    return testing::status_reply(410, "Expired", "The provided continue parameter is too old");
  };
  CHECK(names() == wanted);
}

TEST_CASE("a name that no gateway can have is not asked for") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  CHECK(mentions(error_of([&] { fleet::inspect(cluster, "../../nodes/x?a=", "httpbin"); }),
                 {"../../nodes/x?a=", "name"}));
  CHECK(server.waves.empty());
}

TEST_CASE("a gateway that is not there is nothing") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  CHECK_FALSE(fleet::inspect(cluster, "httpbin", "httpbin").has_value());
}

}  // namespace egress

TEST_SUITE_END();
