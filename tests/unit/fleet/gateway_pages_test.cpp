#include "egress/fleet/gateway_pages.hpp"

#include <doctest/doctest.h>

#include "egress/fleet/apply.hpp"
#include "egress/kube/applyset.hpp"
#include "support/create_run.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

/// An existing gateway; an exposed one has objects with other names in the namespace of its ingress gateway.
void stand(FakeCluster& server, const std::string& name, const std::string& ingress_namespace = "") {
  kube::Cluster cluster(server, {});
  mesh::Design design = testing::istio_1_30_design();
  design.egress.name = name;
  if (!ingress_namespace.empty()) {
    design.egress.ingress.emplace();
    design.egress.ingress->hosts = {"bin.example.com"};
    design.egress.ingress->ns = ingress_namespace;
    design.egress.ingress->credential = "bin-cert";
  }
  mesh::Plan plan = mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds()));
  fleet::apply(cluster, plan, {false, {}}, {});
  server.waves.clear();
}

/// The names that each call of next() brings.
std::vector<std::vector<std::string>> called(fleet::GatewayPages& pages) {
  std::vector<std::vector<std::string>> names;
  for (auto found = pages.next(); !found.empty(); found = pages.next()) {
    names.emplace_back();
    for (const mesh::Summary& one : found) {
      CHECK(one.phase == mesh::Phase::ready);
      names.back().push_back(one.record.egress.name);
    }
  }
  return names;
}

/// On a real server it says who wrote what; here everything of a gateway is this tool's.
void sign(FakeCluster& server) {
  for (auto& [path, object] : server.objects)
    if (object["metadata"]["labels"].has(kube::applyset::part_of_label))
      object.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-egress"));
}

const std::string records = "/api/v1/namespaces/httpbin/configmaps/";

}  // namespace

TEST_CASE("gateways come as soon as every list is beyond them") {
  FakeCluster server;
  for (const char* name : {"a", "b", "c", "d", "e"}) stand(server, name);
  server.max_page_size = 2;
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "httpbin", 2);
  const auto names = called(pages);
  REQUIRE(names.size() > 2);
  CHECK(names.front() == std::vector<std::string>{"a"});
  CHECK(names.back().back() == "e");
  CHECK(pages.next().empty());
}

TEST_CASE("a gateway with objects elsewhere comes whole, and keeps no other") {
  FakeCluster server;
  server.store("/api/v1/namespaces/front", object({{"metadata", object({{"name", "front"}})}}));
  stand(server, "a", "front");
  for (const char* name : {"b", "c", "d"}) stand(server, name);
  server.max_page_size = 2;
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "httpbin", 2);
  const auto names = called(pages);
  REQUIRE(names.size() > 1);
  CHECK(names.front() == std::vector<std::string>{"b"});
  CHECK(names.back().front() == "a");
}

TEST_CASE("where every namespace is listed, a gateway with objects elsewhere waits for these alone") {
  FakeCluster server;
  server.store("/api/v1/namespaces/front", object({{"metadata", object({{"name", "front"}})}}));
  for (const char* name : {"a", "b", "c", "d", "e"}) stand(server, name, "front");
  server.max_page_size = 2;
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "", 2);
  const auto names = called(pages);
  REQUIRE(names.size() > 2);
  CHECK(names.front() == std::vector<std::string>{"a"});
}

TEST_CASE("a gateway whose ingress is beside it waits for the objects with other names") {
  FakeCluster server;
  server.store("/api/v1/namespaces/httpbin", object({{"metadata", object({{"name", "httpbin"}})}}));
  stand(server, "a", "httpbin");
  for (const char* name : {"b", "c", "d", "e"}) stand(server, name);
  server.max_page_size = 2;
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "httpbin", 2);
  const auto names = called(pages);
  CHECK(names.front() == std::vector<std::string>{"b"});
}

TEST_CASE("a gateway whose record was deleted is reported at the end, and no other") {
  FakeCluster server;
  server.store("/api/v1/namespaces/front", object({{"metadata", object({{"name", "front"}})}}));
  stand(server, "a", "front");
  for (const char* name : {"b", "c"}) stand(server, name);
  stand(server, "broken");
  sign(server);
  server.erase(records + "a-egress");
  server.erase(records + "c-egress");
  server.objects.at(records + "broken-egress").edit("data").set("egressgateway.yaml", "spec: []");
  // A copy elsewhere makes no gateway there.
  Json copy = server.objects.at("/api/v1/namespaces/httpbin/services/c-egress");
  copy.edit("metadata").set("namespace", "front");
  server.store("/api/v1/namespaces/front/services/c-egress", copy);

  for (const char* ns : {"httpbin", "", "front"}) {
    CAPTURE(ns);
    kube::Cluster cluster(server, {});
    fleet::GatewayPages pages(cluster, ns, 2);
    called(pages);
    using Names = std::vector<mesh::GatewayName>;
    CHECK(pages.orphans() ==
          (ns == std::string("front") ? Names{} : Names{{"httpbin", "a"}, {"httpbin", "c"}}));
  }
}

TEST_CASE("what was seen in the middle of a create or a delete is not abandoned") {
  FakeCluster server;
  stand(server, "a");
  sign(server);
  const Json record = server.objects.at(records + "a-egress");
  for (const bool made : {true, false}) {
    CAPTURE(made);
    server.erase(records + "a-egress");
    server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
      const bool last_look = request.method == "GET" && request.target == records + "a-egress";
      if (last_look && made) server.store(request.target, record);
      if (last_look && !made)
        std::erase_if(server.objects, [](const auto& one) {
          return one.second["metadata"]["labels"].has(kube::applyset::part_of_label);
        });
      return std::nullopt;
    };
    kube::Cluster cluster(server, {});
    fleet::GatewayPages pages(cluster, "httpbin", 100);
    CHECK(pages.next().empty());
    CHECK(pages.orphans().empty());
  }
}

TEST_CASE("however many gateways are abandoned, as many lists are asked for") {
  std::vector<std::size_t> waves;
  for (const int count : {1, 5}) {
    FakeCluster server;
    for (int i = 0; i < count; ++i) stand(server, "a" + std::to_string(i));
    sign(server);
    for (int i = 0; i < count; ++i) server.erase(records + "a" + std::to_string(i) + "-egress");
    server.waves.clear();
    kube::Cluster cluster(server, {});
    fleet::GatewayPages pages(cluster, "httpbin", 100);
    CHECK(pages.next().empty());
    CHECK(pages.orphans().size() == static_cast<std::size_t>(count));
    waves.push_back(server.waves.size());
  }
  CHECK(waves.front() > 0);
  CHECK(waves.front() == waves.back());
}

TEST_CASE("where nothing is, there is nothing to come") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  fleet::GatewayPages pages(cluster, "", 100);
  CHECK(pages.next().empty());
  CHECK(pages.next().empty());
}

}  // namespace egress

TEST_SUITE_END();
