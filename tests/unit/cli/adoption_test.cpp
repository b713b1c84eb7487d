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

Adopter adopter(const mesh::Egress& egress) {
  mesh::Design design = testing::todays_design();
  design.egress = egress;
  Adopter made{egress, {}};
  for (const mesh::Object& one : mesh::plan(design, kube::Served::newest(mesh::all_kinds())).objects)
    made.objects.push_back(one.reference);
  return made;
}

}  // namespace

TEST_CASE("of what is to be taken over each gateway gets its own") {
  const mesh::Egress bank = gateway("bank", "pay");
  const mesh::Egress shop = gateway("shop", "pay");
  const std::vector<Adopter> adopters{adopter(bank), adopter(shop)};
  const std::vector<std::string> adopt{"svc/shop-egress", "deployment.apps/bank-egress",
                                       "Service/bank-egress"};
  CHECK(share_out(adopt, adopters) == std::vector<std::vector<std::string>>{
                                          {"deployment.apps/bank-egress", "Service/bank-egress"},
                                          {"svc/shop-egress"},
                                      });
  CHECK(share_out({}, adopters) == std::vector<std::vector<std::string>>(2));
}

TEST_CASE("a name that no gateway needs, or more than one, is refused, all of them together") {
  const mesh::Egress here = gateway("bank", "pay");
  const mesh::Egress there = gateway("bank", "shop");
  const std::vector<Adopter> adopters{adopter(here), adopter(there)};
  const std::string told = error_of([&] {
    share_out({"service/bnak-egress", "service/bank-egress"}, adopters);
  });
  CHECK(mentions(told, {"--adopt service/bnak-egress", "no gateway"}));
  CHECK(mentions(told, {"--adopt service/bank-egress", "bank", "pay", "shop"}));
}

TEST_CASE("a name that may be of a gateway that cannot be planned is refused with the reason for that") {
  const mesh::Egress bank = gateway("bank", "pay");
  const mesh::Egress shop = gateway("shop", "pay");
  const std::vector<Adopter> adopters{adopter(bank), {shop, {}, "no istiod was found"}};
  CHECK(mentions(error_of([&] { share_out({"service/shop-egress"}, adopters); }),
                 {"--adopt service/shop-egress", "shop", "pay", "no istiod was found"}));
  CHECK(share_out({"service/bank-egress"}, adopters).at(0).size() == 1);
}

}  // namespace egress::cli

TEST_SUITE_END();
