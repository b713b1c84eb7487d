#include "egress/cli/adoption.hpp"

#include <doctest/doctest.h>

#include "egress/mesh/plan.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::error_of;
using testing::mentions;

mesh::Egress gateway(const std::string& name, const std::string& ns) {
  mesh::Egress egress = testing::httpbin();
  egress.name = name;
  egress.ns = ns;
  return egress;
}

AdoptionTarget adoption_target(const mesh::Egress& egress) {
  mesh::Design design = testing::istio_1_30_design();
  design.egress = egress;
  AdoptionTarget target{egress, {}};
  for (const mesh::Object& object :
       mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds())).objects)
    target.objects.push_back(object.reference);
  return target;
}

}  // namespace

TEST_CASE("each gateway adopts its own objects") {
  const mesh::Egress bank = gateway("bank", "pay");
  const mesh::Egress shop = gateway("shop", "pay");
  const std::vector<AdoptionTarget> targets{adoption_target(bank), adoption_target(shop)};
  const std::vector<std::string> adopt{"svc/shop-egress", "deployment.apps/bank-egress",
                                       "Service/bank-egress"};
  CHECK(assign_adoptions(adopt, targets) == std::vector<std::vector<std::string>>{
                                                {"deployment.apps/bank-egress", "Service/bank-egress"},
                                                {"svc/shop-egress"},
                                            });
  CHECK(assign_adoptions({}, targets) == std::vector<std::vector<std::string>>(2));
}

TEST_CASE("--adopt names that match no gateway or several are rejected in one error") {
  const mesh::Egress in_pay = gateway("bank", "pay");
  const mesh::Egress in_shop = gateway("bank", "shop");
  const std::vector<AdoptionTarget> targets{adoption_target(in_pay), adoption_target(in_shop)};
  const std::string message = error_of([&] {
    assign_adoptions({"service/bnak-egress", "service/bank-egress"}, targets);
  });
  CHECK(mentions(message, {"--adopt service/bnak-egress", "no gateway"}));
  CHECK(mentions(message, {"--adopt service/bank-egress", "bank", "pay", "shop"}));
}

TEST_CASE("an unmatched --adopt name is rejected with the reason why a gateway could not be planned") {
  const mesh::Egress bank = gateway("bank", "pay");
  const mesh::Egress shop = gateway("shop", "pay");
  const std::vector<AdoptionTarget> targets{adoption_target(bank), {shop, {}, "no istiod was found"}};
  CHECK(mentions(error_of([&] { assign_adoptions({"service/shop-egress"}, targets); }),
                 {"--adopt service/shop-egress", "shop", "pay", "no istiod was found"}));
  CHECK(assign_adoptions({"service/bank-egress"}, targets).at(0).size() == 1);
}

}  // namespace egress::cli

TEST_SUITE_END();
