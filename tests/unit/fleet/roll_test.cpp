#include "egress/fleet/roll.hpp"

#include <doctest/doctest.h>

#include "egress/fleet/apply.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

/// A gateway that stands; exposed, it has objects with other names, in the namespace of its ingress.
void stand(FakeCluster& server, const std::string& name, const std::string& ingress_namespace = "") {
  kube::Cluster cluster(server, {});
  mesh::Design design = testing::todays_design();
  design.egress.name = name;
  if (!ingress_namespace.empty()) {
    design.egress.ingress.emplace();
    design.egress.ingress->hosts = {"bin.example.com"};
    design.egress.ingress->ns = ingress_namespace;
    design.egress.ingress->credential = "bin-cert";
  }
  mesh::Plan plan = mesh::plan(design, kube::Served::newest(mesh::all_kinds()));
  fleet::apply(cluster, plan, {false, {}}, {});
  server.waves.clear();
}

/// The names that each call of next() brings.
std::vector<std::vector<std::string>> called(fleet::Roll& roll) {
  std::vector<std::vector<std::string>> names;
  for (auto found = roll.next(); !found.empty(); found = roll.next()) {
    names.emplace_back();
    for (const mesh::Summary& one : found) {
      CHECK(one.phase == mesh::Phase::ready);
      names.back().push_back(one.record.egress.name);
    }
  }
  return names;
}

}  // namespace

TEST_CASE("gateways come as soon as every list is beyond them") {
  FakeCluster server;
  for (const char* name : {"a", "b", "c", "d", "e"}) stand(server, name);
  server.largest_page = 2;
  kube::Cluster cluster(server, {});
  fleet::Roll roll(cluster, "httpbin", 2);
  const auto names = called(roll);
  REQUIRE(names.size() > 2);
  CHECK(names.front() == std::vector<std::string>{"a"});
  CHECK(names.back().back() == "e");
  CHECK(roll.next().empty());
}

TEST_CASE("a gateway with objects elsewhere comes whole, and keeps no other") {
  FakeCluster server;
  server.put("/api/v1/namespaces/front", object({{"metadata", object({{"name", "front"}})}}));
  stand(server, "a", "front");
  for (const char* name : {"b", "c", "d"}) stand(server, name);
  server.largest_page = 2;
  kube::Cluster cluster(server, {});
  fleet::Roll roll(cluster, "httpbin", 2);
  const auto names = called(roll);
  REQUIRE(names.size() > 1);
  CHECK(names.front() == std::vector<std::string>{"b"});
  CHECK(names.back().front() == "a");
}

TEST_CASE("a gateway whose ingress is beside it waits for the objects with other names") {
  FakeCluster server;
  server.put("/api/v1/namespaces/httpbin", object({{"metadata", object({{"name", "httpbin"}})}}));
  stand(server, "a", "httpbin");
  for (const char* name : {"b", "c", "d", "e"}) stand(server, name);
  server.largest_page = 2;
  kube::Cluster cluster(server, {});
  fleet::Roll roll(cluster, "httpbin", 2);
  const auto names = called(roll);
  CHECK(names.front() == std::vector<std::string>{"b"});
}

TEST_CASE("where nothing is, there is nothing to come") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  fleet::Roll roll(cluster, "", 100);
  CHECK(roll.next().empty());
  CHECK(roll.next().empty());
}

}  // namespace egress

TEST_SUITE_END();
