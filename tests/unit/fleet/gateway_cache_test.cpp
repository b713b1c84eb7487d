#include "egress/fleet/gateway_cache.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/mesh/names.hpp"
#include "support/create_run.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using Kind = kube::Change::Kind;

const kube::Resource service{kube::kinds::service};
const std::string service_path = "/api/v1/namespaces/httpbin/services/httpbin-egress";
const std::string id = mesh::record_id("httpbin", "httpbin");

/// What a watch tells of an object that nobody saw go.
Json unseen() {
  return object({{"metadata", object({{"name", "httpbin-egress"}, {"namespace", "httpbin"}})}});
}

/// A gateway on a server, and a cache of it.
struct Known {
  Known() : gateways(kube::ServedResources::newest(mesh::all_kinds())) {
    testing::CreateRun run(server);
    run.prepare();
    run.write();
  }

  void take(const kube::Resource& resource, const std::string& path) {
    gateways.take(resource, {Kind::exists, server.objects.at(path)});
  }

  testing::FakeCluster server;
  fleet::GatewayCache gateways;
};

}  // namespace

TEST_CASE("an object that is seen before its record is there when the record is") {
  Known known;
  known.take(service, service_path);
  CHECK_FALSE(known.gateways.at(id).record.has_value());
  known.take(mesh::record_resource, testing::record_path);
  REQUIRE(known.gateways.at(id).record.has_value());
  CHECK(known.gateways.at(id).record->egress.name == "httpbin");
  CHECK(known.gateways.at(id).objects.begin()->second["kind"] == Json("Service"));
  CHECK(known.gateways.changed() == std::set<std::string>{id});
  CHECK(known.gateways.changed().empty());
}

TEST_CASE("what goes is known of no more, even where nobody saw it go") {
  Known known;
  known.take(mesh::record_resource, testing::record_path);
  known.take(service, service_path);
  known.gateways.changed();
  known.gateways.take(service, {Kind::deleted, unseen()});
  CHECK(known.gateways.at(id).objects.empty());
  CHECK(known.gateways.changed() == std::set<std::string>{id});
  known.gateways.take(mesh::record_resource, {Kind::deleted, unseen()});
  CHECK_FALSE(known.gateways.at(id).record.has_value());
  known.gateways.changed();
  known.gateways.take(service, {Kind::deleted, unseen()});
  CHECK(known.gateways.changed().empty());
}

TEST_CASE("an object whose label is taken away is its gateway's no more") {
  Known known;
  known.take(service, service_path);
  known.gateways.changed();
  known.server.objects.at(service_path).edit("metadata").erase("labels");
  known.take(service, service_path);
  CHECK(known.gateways.at(id).objects.empty());
  CHECK(known.gateways.changed() == std::set<std::string>{id});
}

TEST_CASE("a record that cannot be read counts as missing") {
  Known known;
  known.take(mesh::record_resource, testing::record_path);
  known.server.objects.at(testing::record_path)
      .edit("metadata")
      .edit("annotations")
      .erase("applyset.kubernetes.io/tooling");
  CHECK_THROWS_AS(known.take(mesh::record_resource, testing::record_path), Error);
  CHECK_FALSE(known.gateways.at(id).record.has_value());
}

}  // namespace egress

TEST_SUITE_END();
