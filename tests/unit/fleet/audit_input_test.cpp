#include "egress/fleet/audit_input.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const std::string istio = "/apis/networking.istio.io/v1beta1";

fleet::AuditInput look(FakeCluster& server, const fleet::GatewaySelection& selection = {"httpbin", {}}) {
  kube::Cluster cluster(server, {});
  return fleet::read_audit_input(cluster, selection, {}, {});
}

/// The record of an existing gateway.
void put_gateway(FakeCluster& server, const std::string& name, const std::string& ns = "httpbin") {
  mesh::Record record;
  record.egress = testing::httpbin();
  record.egress.name = name;
  record.egress.ns = ns;
  server.store("/api/v1/namespaces/" + ns + "/configmaps/" + name + "-egress",
               mesh::record_manifest(record, "1"));
}

Json placed(const std::string& ns, const std::string& name, Json labels = {}) {
  return object({{"metadata", object({{"name", name}, {"namespace", ns}, {"labels", std::move(labels)}})}});
}

/// Forbids every request whose target begins with that.
void forbid(FakeCluster& server, const std::string& target) {
  server.fault = [target](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with(target)) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "forbidden");
  };
}

}  // namespace

TEST_CASE("everything is looked at with as many requests for four gateways as for one") {
  FakeCluster server;
  put_gateway(server, "one");
  CHECK(look(server).gateways.size() == 1);
  const std::size_t for_one = server.requests().size();

  for (const char* name : {"two", "three", "four"}) put_gateway(server, name);
  server.waves.clear();
  const fleet::AuditInput input = look(server);
  REQUIRE(input.gateways.size() == 4);
  CHECK(input.gateways.front().egress.name == "four");
  CHECK(server.requests().size() == for_one);
  CHECK(input.assumptions.empty());
  CHECK(input.surroundings.mesh.version == mesh::Version{1, 30, 3});
  CHECK(input.surroundings.unlistable.empty());
}

TEST_CASE("what is found goes where it belongs") {
  FakeCluster server;
  server.store(istio + "/namespaces/shop/virtualservices/old", placed("shop", "old"));
  server.store(istio + "/namespaces/shop/sidecars/default", placed("shop", "default"));
  server.store("/apis/policy/v1/namespaces/shop/poddisruptionbudgets/mine", placed("shop", "mine"));
  server.store("/api/v1/namespaces/shop/pods/stranger", placed("shop", "stranger"));
  server.store("/api/v1/namespaces/shop/pods/ours",
               placed("shop", "ours", object({{"kubectl-egress/gateway", "httpbin.httpbin"}})));
  const fleet::AuditInput input = look(server);
  const mesh::AuditSnapshot& around = input.surroundings;
  CHECK(around.namespaces.size() == 1);
  CHECK(around.virtual_services.size() == 1);
  CHECK(around.sidecars.size() == 1);
  CHECK(around.disruption_budgets.size() == 1);
  REQUIRE(around.pods.size() == 1);
  CHECK(around.pods.front().parse()["metadata"]["name"].as_string() == "ours");
  CHECK(around.service_entries.empty());
}

TEST_CASE("an old Kubernetes has budgets in the other version, and a cluster without a kind none") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    const bool absent = request.target.starts_with("/apis/policy/v1/") ||
                        request.target.find("/envoyfilters") != std::string::npos;
    if (!absent) return std::nullopt;
    return testing::status_reply(404, "NotFound", "the server could not find the requested resource");
  };
  Json budget = placed("shop", "mine");
  budget.set("spec", object({{"selector", object({})}, {"minAvailable", 1}}));
  server.store("/apis/policy/v1beta1/namespaces/shop/poddisruptionbudgets/mine", budget);
  const fleet::AuditInput input = look(server);
  REQUIRE(input.surroundings.disruption_budgets.size() == 1);
  CHECK(input.surroundings.disruption_budgets.front().parse()["spec"] == object({{"minAvailable", 1}}));
  CHECK(input.surroundings.unlistable.empty());
}

TEST_CASE("what is forbidden everywhere is looked at beside the gateways, and hidden all the same") {
  FakeCluster server;
  put_gateway(server, "one");
  server.store(istio + "/namespaces/httpbin/destinationrules/mine", placed("httpbin", "mine"));
  server.store(istio + "/namespaces/shop/destinationrules/theirs", placed("shop", "theirs"));
  forbid(server, istio + "/destinationrules");
  const fleet::AuditInput input = look(server);
  CHECK(input.surroundings.destination_rules.size() == 1);
  REQUIRE(input.surroundings.unlistable.size() == 1);
  CHECK(input.surroundings.unlistable.front().ns.empty());

  forbid(server, istio);
  CHECK(look(server).surroundings.destination_rules.empty());
  CHECK(look(server).surroundings.has_listed(kube::kinds::namespaces));
}

TEST_CASE("any other failure is one") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with(istio + "/sidecars")) return std::nullopt;
    return testing::status_reply(500, "InternalError", "etcd is away");
  };
  CHECK_THROWS_WITH(look(server), "etcd is away");
}

TEST_CASE("what gateways name is asked for: it is there, missing, or hidden") {
  FakeCluster server;
  mesh::Record record;
  record.egress = testing::httpbin();
  record.egress.tls.ca_credential = "bank-cacert";
  record.egress.mesh.allow = {{"shop", "cart"}};
  server.store("/api/v1/namespaces/httpbin/configmaps/httpbin-egress", mesh::record_manifest(record, "1"));
  server.store("/api/v1/namespaces/httpbin/secrets/bank-cacert", placed("httpbin", "bank-cacert"));
  const mesh::Reference secret{{kube::kinds::secret}, "httpbin", "bank-cacert"};
  const mesh::Reference account{{kube::kinds::service_account}, "shop", "cart"};

  const fleet::AuditInput input = look(server);
  CHECK(input.surroundings.find(secret) != nullptr);
  CHECK(input.surroundings.is_missing(account));

  forbid(server, "/api/v1/namespaces/httpbin/secrets");
  const fleet::AuditInput hidden = look(server);
  CHECK(hidden.surroundings.find(secret) == nullptr);
  CHECK_FALSE(hidden.surroundings.is_missing(secret));
  CHECK_FALSE(hidden.surroundings.has_listed(kube::kinds::secret));
}

TEST_CASE("gateways are selection by name or namespace, and one that is not there is an error") {
  FakeCluster server;
  put_gateway(server, "one");
  put_gateway(server, "two");
  put_gateway(server, "far", "elsewhere");
  CHECK(look(server, {"httpbin", {"two"}}).gateways.size() == 1);
  CHECK(look(server, {"", {}}).gateways.size() == 3);
  CHECK(testing::mentions(testing::error_of([&] {
                            look(server, {"httpbin", {"two", "nope"}});
                          }),
                          {"egressgateway", "nope", "httpbin", "not found"}));
}

TEST_CASE("a record that cannot be read keeps nobody from the others") {
  FakeCluster server;
  put_gateway(server, "one");
  put_gateway(server, "two");
  server.objects["/api/v1/namespaces/httpbin/configmaps/two-egress"].set("data", object({}));
  const fleet::AuditInput input = look(server);
  CHECK(input.gateways.size() == 1);
  CHECK(input.unreadable.size() == 1);
}

TEST_CASE("a mesh config that may not be read is known to be unknown") {
  FakeCluster server;
  CHECK(look(server).surroundings.has_mesh_config);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.ends_with("/configmaps/istio")) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "forbidden");
  };
  const fleet::AuditInput input = look(server);
  CHECK_FALSE(input.surroundings.has_mesh_config);
  CHECK(input.assumptions.size() == 1);
}

}  // namespace egress

TEST_SUITE_END();
