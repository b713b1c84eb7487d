#include "egress/kube/discovery.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

/// Two kinds of the same group, and one kind with a single version.
const Kind gateway{"Gateway", "networking.istio.io", "gateways", {"v1", "v1beta1"}};
const Kind rule{"DestinationRule", "networking.istio.io", "destinationrules", {"v1", "v1beta1"}};
const std::vector<Kind> known{kinds::service, gateway, rule, kinds::autoscaler};

Answer resource_list(const std::vector<std::string>& plurals) {
  Json::Array resources;
  for (const std::string& plural : plurals) resources.push_back(object({{"name", plural}}));
  return {.status = 200,
          .body = object({{"kind", "APIResourceList"}, {"resources", Json(resources)}}),
          .error = {}};
}

Answer failure(int status, const std::string& reason) {
  return {.status = status, .body = {}, .error = ApiError(status, reason, "refused")};
}

/// The answers of a new cluster, in the order of the calls: two versions of Istio's group, two of
/// autoscaling.
std::vector<Answer> current_answers() {
  return {resource_list({"gateways", "gateways/status", "destinationrules"}),
          resource_list({"gateways", "destinationrules"}), resource_list({"horizontalpodautoscalers"}),
          failure(404, "NotFound")};
}

}  // namespace

TEST_CASE("every group version is requested once, kinds with a single version need no request") {
  std::vector<std::string> targets;
  for (const Call& call : discovery_calls(known)) targets.push_back(call.target);
  CHECK(targets == std::vector<std::string>{
                       "/apis/networking.istio.io/v1",
                       "/apis/networking.istio.io/v1beta1",
                       "/apis/autoscaling/v2",
                       "/apis/autoscaling/v2beta2",
                   });
  CHECK(discovery_calls(std::vector<Kind>{kinds::service}).empty());
}

TEST_CASE("the newest served version is used") {
  const ServedResources served = read_discovery(known, current_answers());
  CHECK(served.at(gateway).version == "v1");
  CHECK(served.at(rule).version == "v1");
  CHECK(served.at(kinds::autoscaler).version == "v2");
}

TEST_CASE("a kind with a single version needs no answer") {
  CHECK(read_discovery(known, current_answers()).at(kinds::service).version == "v1");
  CHECK(read_discovery(std::vector<Kind>{kinds::service}, {}).at(kinds::service).version == "v1");
}

TEST_CASE("an older cluster serves the older version") {
  auto answers = current_answers();
  answers[0] = failure(404, "NotFound");
  answers[2] = failure(404, "NotFound");
  answers[3] = resource_list({"horizontalpodautoscalers"});
  const ServedResources served = read_discovery(known, answers);
  CHECK(served.at(gateway).version == "v1beta1");
  CHECK(served.at(kinds::autoscaler).version == "v2beta2");
}

TEST_CASE("each kind of a group has its own newest version") {
  auto answers = current_answers();
  answers[0] = resource_list({"destinationrules"});
  const ServedResources served = read_discovery(known, answers);
  CHECK(served.at(gateway).version == "v1beta1");
  CHECK(served.at(rule).version == "v1");
}

TEST_CASE("a missing group is not served, and that is not an error") {
  auto answers = current_answers();
  answers[0] = answers[1] = failure(404, "NotFound");
  const ServedResources served = read_discovery(known, answers);
  CHECK_FALSE(served.find(gateway).has_value());
  CHECK(served.find(kinds::autoscaler).has_value());
}

TEST_CASE("a kind that no resource list contains is not served") {
  auto answers = current_answers();
  answers[2] = {.status = 200, .body = Json("odd"), .error = {}};
  CHECK_FALSE(read_discovery(known, answers).find(kinds::autoscaler).has_value());
}

TEST_CASE("any error other than 404 is thrown") {
  auto answers = current_answers();
  answers[0] = failure(403, "Forbidden");
  CHECK_THROWS_AS(read_discovery(known, answers), ApiError);
  answers[0] = failure(503, "ServiceUnavailable");
  CHECK_THROWS_AS(read_discovery(known, answers), ApiError);
}

}  // namespace egress::kube

TEST_SUITE_END();
