#include "egress/fleet/abandoned.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "egress/fleet/hold.hpp"
#include "egress/fleet/removal_check.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/kube/applyset.hpp"
#include "support/creating.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::Creating;
using testing::FakeCluster;

const std::vector<mesh::GatewayName> httpbin{{"httpbin", "httpbin"}};

/// A gateway with objects in its own namespace and in the ingress gateway's, whose record is gone.
struct Abandoned {
  Abandoned() : creating(server), before(server.objects.size()) {
    creating.egress.ingress.emplace();
    creating.egress.ingress->hosts = {"bin.example.com"};
    creating.egress.ingress->ns = "istio-system";
    creating.egress.ingress->credential = "bin-cert";
    creating.prepare();
    creating.write();
    for (auto& [path, object] : server.objects)
      if (object["metadata"]["labels"].has(kube::applyset::part_of_label))
        object.edit("metadata").set("managedFields", testing::applied_by("kubectl-egress"));
    record = server.objects.at(testing::record_path);
    server.erase(testing::record_path);
    server.waves.clear();
  }

  FakeCluster server;
  Creating creating;
  std::size_t before;
  Json record;
};

}  // namespace

TEST_CASE("of a gateway whose record is gone all that stands is found, wherever it is, and goes") {
  Abandoned gateway;
  kube::Cluster& cluster = gateway.creating.cluster;
  auto records = fleet::abandoned(cluster, {{"httpbin", "other"}, {"httpbin", "httpbin"}});
  REQUIRE(records.size() == 1);
  CHECK(records.front().egress.name == "httpbin");
  CHECK(records.front().members.size() == gateway.creating.plan.objects.size());
  fleet::check_removal(cluster, records);

  std::vector<std::string> lines;
  fleet::Reporter reporter;
  reporter.wrote = [&](const mesh::Reference& one, const std::string&) { lines.push_back(one.label()); };
  CHECK(fleet::remove(cluster, records.front(), {.wait = true, .dry_run = true}, reporter));
  CHECK(std::ranges::find(lines, "configmap/httpbin-egress") == lines.end());
  lines.clear();
  CHECK(fleet::remove(cluster, records.front(), {}, reporter));
  CHECK(gateway.server.objects.size() == gateway.before);
  CHECK(lines.front() == "virtualservice.networking.istio.io/httpbin-egress");
  CHECK(std::ranges::find(lines, "configmap/httpbin-egress") == lines.end());
}

TEST_CASE("what somebody copied with a gateway's label is not taken for what stands of it") {
  FakeCluster server;
  Json copy = object({{"kind", "Service"}});
  copy.edit("metadata").set("labels", mesh::object_labels("httpbin", mesh::record_id("httpbin", "httpbin")));
  copy.edit("metadata").set("managedFields", testing::applied_by("kubectl-edit"));
  server.put("/api/v1/namespaces/httpbin/services/copy", copy);
  kube::Cluster cluster(server, {});
  CHECK(fleet::abandoned(cluster, httpbin).empty());
}

TEST_CASE("as many lists for many names as for one, and none for none") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  CHECK(fleet::abandoned(cluster, {}).empty());
  CHECK(server.waves.empty());
  std::vector<std::size_t> requests;
  for (const std::vector<mesh::GatewayName>& names :
       {httpbin, {{"httpbin", "a"}, {"httpbin", "b"}, {"httpbin", "c"}}}) {
    server.waves.clear();
    CHECK(fleet::abandoned(cluster, names).empty());
    requests.push_back(server.requests().size());
  }
  CHECK(requests.front() > 0);
  CHECK(requests.front() == requests.back());
}

TEST_CASE("a gateway that somebody takes up while what stood of it is deleted keeps the rest") {
  Abandoned gateway;
  auto records = fleet::abandoned(gateway.creating.cluster, httpbin);
  REQUIRE(records.size() == 1);
  bool taken_up = false;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "DELETE" && !std::exchange(taken_up, true))
      gateway.server.put(testing::record_path, gateway.record);
    return std::nullopt;
  };
  CHECK_THROWS_AS(fleet::remove(gateway.creating.cluster, records.front(), {}, {}), fleet::HoldLost);
  CHECK(gateway.server.has(testing::record_path));
  CHECK(gateway.server.has(testing::deployment_path));
}

TEST_CASE("a gateway without its record is taken up by the create that made it") {
  Abandoned gateway;
  const std::size_t standing = gateway.server.objects.size();
  gateway.creating.prepare();
  gateway.creating.write();
  CHECK(gateway.server.has(testing::record_path));
  CHECK(gateway.server.objects.size() == standing + 1);
}

}  // namespace egress

TEST_SUITE_END();
