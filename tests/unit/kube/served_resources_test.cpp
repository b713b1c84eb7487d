#include "egress/kube/served_resources.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

const std::vector<Kind> known{kinds::service, kinds::autoscaler, kinds::disruption_budget};

}  // namespace

TEST_CASE("without a cluster every kind has its newest version") {
  const ServedResources served = ServedResources::newest(known);
  CHECK(served.at(kinds::service).api_version() == "v1");
  CHECK(served.at(kinds::autoscaler).api_version() == "autoscaling/v2");
  CHECK(served.at(kinds::disruption_budget).api_version() == "policy/v1");
}

TEST_CASE("of the served versions the newest is used") {
  const ServedResources both =
      ServedResources::only(known, std::vector<std::string>{"autoscaling/v2beta2", "autoscaling/v2"});
  CHECK(both.at(kinds::autoscaler).version == "v2");
  const ServedResources old =
      ServedResources::only(known, std::vector<std::string>{"autoscaling/v2beta2", "policy/v1beta1", "v1"});
  CHECK(old.at(kinds::autoscaler).version == "v2beta2");
  CHECK(old.at(kinds::disruption_budget).version == "v1beta1");
  CHECK(old.at(kinds::service).version == "v1");
}

TEST_CASE("a kind that is not served is not found, and at() throws with its name") {
  const ServedResources served =
      ServedResources::only(known, std::vector<std::string>{"policy/v1", "other/v2"});
  CHECK_FALSE(served.find(kinds::autoscaler).has_value());
  CHECK(served.find(kinds::disruption_budget).has_value());
  CHECK_THROWS_WITH_AS(served.at(kinds::autoscaler),
                       "the server doesn't have a resource type \"horizontalpodautoscalers\"", Error);
}

TEST_CASE("nothing is served until a resource is added") {
  ServedResources served;
  CHECK_FALSE(served.find(kinds::service).has_value());
  served.add({kinds::service, "v7"});
  CHECK(served.at(kinds::service).api_version() == "v7");
}

}  // namespace egress::kube

TEST_SUITE_END();
