#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/extra_members.hpp"
#include "support/applied_gateway.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::AppliedGateway;

const std::string service_path = "/api/v1/namespaces/httpbin/services/httpbin-egress";
const std::string record_path = "/api/v1/namespaces/httpbin/configmaps/httpbin-egress";

/// The same, after its members were listed, to be deleted without waiting. The server says of each object
/// that it is gone, as a real one does.
struct Seen : AppliedGateway {
  Seen() {
    const auto served = kube::ServedResources::newest(mesh::all_kinds());
    record = fleet::read_records(cluster, {"httpbin"}, "httpbin").front().value();
    seen = fleet::add_extra_members(cluster, served, std::span(&record, 1)).front();
    server.returns_status_on_delete = true;
    server.waves.clear();
  }

  bool remove() { return fleet::delete_gateway(cluster, record, {.wait = wait}, {}, seen); }

  /// The requests of that method.
  std::vector<std::string> sent(const std::string& method) const {
    std::vector<std::string> found;
    for (const auto& wave : server.waves)
      std::ranges::copy_if(wave, std::back_inserter(found),
                           [&](const std::string& one) { return one.starts_with(method + " "); });
    return found;
  }

  mesh::Record record;
  fleet::MemberMetadataList seen;
  bool wait = false;
};

}  // namespace

TEST_CASE("members that were listed while nobody had the gateway are deleted without a further look") {
  Seen gateway;
  CHECK(gateway.remove());
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  // A mark, a deletion of each of 14 objects, and one of the record.
  CHECK(gateway.sent("GET").empty());
  CHECK(gateway.sent("PATCH").size() == 1);
  CHECK(gateway.sent("DELETE").size() == 15);
}

TEST_CASE("of those that were listed, one that changed meanwhile is looked at, and the record with it") {
  Seen gateway;
  gateway.server.store(service_path, gateway.server.objects.at(service_path));
  CHECK(gateway.remove());
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  CHECK(gateway.sent("GET") == std::vector<std::string>{"GET " + service_path, "GET " + record_path});
}

TEST_CASE("one that was not listed is looked at after the mark, and the record after it") {
  Seen gateway;
  gateway.seen.front() = {};
  CHECK(gateway.remove());
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  REQUIRE(gateway.sent("GET").size() == 2);
  CHECK(gateway.sent("GET").back() == "GET " + record_path);
}

TEST_CASE("members that were listed before another run took the lock are read again") {
  Seen gateway;
  Json record = gateway.server.objects.at(record_path);
  record.edit("metadata").edit("annotations").set("kubectl-egress/run", "another");
  gateway.server.store(record_path, record);
  gateway.server.store(service_path, gateway.server.objects.at(service_path));
  CHECK(gateway.remove());
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  // The record anew, and each object after the mark.
  CHECK(gateway.sent("GET").size() > 14);
}

TEST_CASE("nor does what was listed while somebody had it") {
  Seen gateway;
  gateway.record.operation = mesh::Operation::apply;
  CHECK(gateway.remove());
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  CHECK(gateway.sent("GET").size() >= 2 * 14);
}

TEST_CASE("of listed members those stay that a successor wrote") {
  Seen gateway;
  gateway.let_successor_apply(record_path, service_path);
  CHECK(testing::mentions(testing::error_of([&] { gateway.remove(); }), {"httpbin", "another command"}));
  CHECK(gateway.server.has(service_path));
  CHECK(gateway.server.has(record_path));
}

TEST_CASE("a Service is waited for with its Endpoints, and without waiting it alone counts") {
  for (const bool wait : {true, false}) {
    Seen gateway;
    gateway.wait = wait;
    CHECK(gateway.remove());
    const std::string endpoints = "GET /api/v1/namespaces/httpbin/endpoints/httpbin-egress";
    CHECK(std::ranges::count(gateway.sent("GET"), endpoints) == (wait ? 1 : 0));
  }
}

}  // namespace egress

TEST_SUITE_END();
