#include <doctest/doctest.h>

#include "egress/mesh/audit.hpp"
#include "support/allocations.hpp"
#include "support/audit_fixture.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using testing::restricted_gateway;

enum class Form { plain, wildcard, bytes, exposed };

mesh::Egress gateway(Form form, int i) {
  const std::string n = std::to_string(i);
  mesh::Egress egress = restricted_gateway();
  egress.name = "gateway-" + n;
  egress.hosts = {(form == Form::wildcard ? "*.host-" : "host-") + n + ".example.com"};
  if (form == Form::bytes) {
    egress.protocol = mesh::Protocol::tcp;
    egress.tls.mode = mesh::TlsMode::none;
    egress.port = 5432;
    egress.addresses = {"2001:db8:ffff:ffff:ffff::" + n};
  }
  if (form == Form::exposed)
    egress.ingress = mesh::Ingress{.hosts = {"exposed-" + n + ".example.com"}, .credential = "exposed"};
  return egress;
}

/// What an audit of so many takes, all of them in one namespace, beside as many objects of others.
std::size_t audit_allocations(Form form, int count) {
  mesh::AuditSnapshot snapshot = testing::clean_snapshot();
  std::vector<mesh::Egress> gateways;
  for (int i = 0; i < count; ++i) {
    gateways.push_back(gateway(form, i));
    testing::add_gateway(snapshot, gateways.back());
    const std::string n = std::to_string(i);
    testing::add_unrelated_objects(snapshot, i);
    // A budget that blocks, but other pods.
    const Json selector = object({{"matchLabels", object({{"app", "other-" + n}})}});
    snapshot.disruption_budgets.push_back(testing::listed_object(
        "httpbin", "budget-" + n, object({{"minAvailable", 5}, {"selector", selector}})));
    snapshot.service_entries.push_back(
        testing::listed_object("shop", "entry-" + n,
                               object({{"hosts", array({"*.other-" + n + ".example.org"})},
                                       {"addresses", array({"2001:db8:eeee:eeee:eeee::" + n})}})));
  }
  return testing::count_allocations([&] { mesh::audit(gateways, snapshot); }).count;
}

}  // namespace

TEST_CASE("the cost of an audit grows linearly with the number of gateways") {
  for (const Form form : {Form::plain, Form::wildcard, Form::bytes, Form::exposed}) {
    CAPTURE(static_cast<int>(form));
    CHECK(audit_allocations(form, 200) < 9 * audit_allocations(form, 50) / 2);
  }
}

}  // namespace egress

TEST_SUITE_END();
