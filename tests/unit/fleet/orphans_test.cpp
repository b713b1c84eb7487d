#include "egress/fleet/orphans.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "egress/fleet/delete_preflight.hpp"
#include "egress/fleet/deletion.hpp"
#include "egress/fleet/gateway_lock.hpp"
#include "egress/kube/applyset.hpp"
#include "support/create_run.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::CreateRun;
using testing::FakeCluster;

const std::vector<mesh::GatewayName> httpbin{{"httpbin", "httpbin"}};

/// A gateway with objects in its own namespace and in the ingress gateway's, whose record is gone.
struct OrphanedGateway {
  OrphanedGateway() : run(server), initial_object_count(server.objects.size()) {
    run.egress.ingress.emplace();
    run.egress.ingress->hosts = {"bin.example.com"};
    run.egress.ingress->ns = "istio-system";
    run.egress.ingress->credential = "bin-cert";
    run.prepare();
    run.write();
    for (auto& [path, object] : server.objects)
      if (object["metadata"]["labels"].has(kube::applyset::part_of_label))
        object.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-egress"));
    record = server.objects.at(testing::record_path);
    server.erase(testing::record_path);
    server.waves.clear();
  }

  FakeCluster server;
  CreateRun run;
  std::size_t initial_object_count;
  Json record;
};

}  // namespace

TEST_CASE("all objects of a gateway without record are found in every namespace and deleted") {
  OrphanedGateway gateway;
  kube::Cluster& cluster = gateway.run.cluster;
  auto records = fleet::find_orphan_records(cluster, {{"httpbin", "other"}, {"httpbin", "httpbin"}});
  REQUIRE(records.size() == 1);
  CHECK(records.front().egress.name == "httpbin");
  CHECK(records.front().members.size() == gateway.run.plan.objects.size());
  fleet::check_deletion(cluster, records);

  std::vector<std::string> lines;
  fleet::Reporter reporter;
  reporter.on_write = [&](const mesh::Reference& one, const std::string&) {
    lines.push_back(one.display_name());
  };
  CHECK(fleet::delete_gateway(cluster, records.front(), {.wait = true, .dry_run = true}, reporter));
  CHECK(std::ranges::find(lines, "configmap/httpbin-egress") == lines.end());
  lines.clear();
  CHECK(fleet::delete_gateway(cluster, records.front(), {}, reporter));
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  CHECK(lines.front() == "virtualservice.networking.istio.io/httpbin-egress");
  CHECK(std::ranges::find(lines, "configmap/httpbin-egress") == lines.end());
}

TEST_CASE("a copy of an object with a gateway's label does not count as part of the gateway") {
  FakeCluster server;
  Json copy = object({{"kind", "Service"}});
  copy.edit("metadata").set("labels", mesh::object_labels("httpbin", mesh::record_id("httpbin", "httpbin")));
  copy.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-edit"));
  server.store("/api/v1/namespaces/httpbin/services/copy", copy);
  kube::Cluster cluster(server, {});
  CHECK(fleet::find_orphan_records(cluster, httpbin).empty());
}

TEST_CASE("as many lists for many names as for one, and none for none") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  CHECK(fleet::find_orphan_records(cluster, {}).empty());
  CHECK(server.waves.empty());
  std::vector<std::size_t> requests;
  for (const std::vector<mesh::GatewayName>& names :
       {httpbin, {{"httpbin", "a"}, {"httpbin", "b"}, {"httpbin", "c"}}}) {
    server.waves.clear();
    CHECK(fleet::find_orphan_records(cluster, names).empty());
    requests.push_back(server.requests().size());
  }
  CHECK(requests.front() > 0);
  CHECK(requests.front() == requests.back());
}

TEST_CASE("a gateway that somebody takes up while what stood of it is deleted keeps the rest") {
  OrphanedGateway gateway;
  auto records = fleet::find_orphan_records(gateway.run.cluster, httpbin);
  REQUIRE(records.size() == 1);
  bool taken_up = false;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "DELETE" && !std::exchange(taken_up, true))
      gateway.server.store(testing::record_path, gateway.record);
    return std::nullopt;
  };
  CHECK_THROWS_AS(fleet::delete_gateway(gateway.run.cluster, records.front(), {}, {}), fleet::LockLost);
  CHECK(gateway.server.has(testing::record_path));
  CHECK(gateway.server.has(testing::deployment_path));
}

TEST_CASE("a gateway without its record is taken up by the create that made it") {
  OrphanedGateway gateway;
  const std::size_t on_listed = gateway.server.objects.size();
  gateway.run.prepare();
  gateway.run.write();
  CHECK(gateway.server.has(testing::record_path));
  CHECK(gateway.server.objects.size() == on_listed + 1);
}

}  // namespace egress

TEST_SUITE_END();
