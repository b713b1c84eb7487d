#include "egress/kube/additions.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/kube/json_patch.hpp"
#include "egress/kube/managed_fields.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

/// All as the server would keep it of this value, each map granular and each list a whole (FieldsV1).
Json fields_of(const Json& value) {
  Json fields{Json::Object{}};
  for (const auto& [key, below] : value.members()) fields.edit("f:" + key) = fields_of(below);
  return fields;
}

/// An object of which this tool applied one part, and somebody else wrote another.
Json standing(const std::string& applied, const std::string& added, const std::string& whole,
              const std::string& who = "kubectl-edit") {
  const auto entry = [](const std::string& manager, const char* operation, const std::string& spec) {
    return object({{"manager", manager},
                   {"operation", operation},
                   {"fieldsV1", object({{"f:spec", fields_of(Json::parse(spec))}})}});
  };
  const Json entries = array({entry("kubectl-egress", "Apply", applied), entry(who, "Update", added)});
  return object({
      {"metadata", object({{"managedFields", entries}})},
      {"spec", Json::parse(whole)},
  });
}

std::vector<std::string> names(const std::vector<kube::Addition>& additions) {
  std::vector<std::string> names;
  for (const kube::Addition& one : additions) names.push_back(one.manager + " " + one.field());
  return names;
}

/// A case: what was applied, what somebody wrote beside it, what stands then, and what of it is an addition.
struct Case {
  const char* applied;
  const char* added;
  const char* whole;
  std::vector<std::string> fields;
};

const std::vector<Case> cases{
    // A Service's or Gateway's selector.
    {R"({"selector": {"app": "a"}})",
     R"({"selector": {"tier/x": "b"}})",
     R"({"selector": {"app": "a", "tier/x": "b"}})",
     {"kubectl-edit .spec.selector.tier/x"}},
    // A policy's, of either sort, and the budget's.
    {R"({"podSelector": {"matchLabels": {"app": "a"}}})",
     R"({"podSelector": {"matchLabels": {"b": "c"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}})",
     R"({"podSelector": {"matchLabels": {"app": "a", "b": "c"},
                         "matchExpressions": [{"key": "x", "operator": "Exists"}]}})",
     {"kubectl-edit .spec.podSelector.matchLabels.b", "kubectl-edit .spec.podSelector.matchExpressions"}},
    // The DestinationRule's, of the upstream.
    {R"({"workloadSelector": {"matchLabels": {"app": "a"}}, "host": "x"})",
     R"({"workloadSelector": {"matchLabels": {"tier": "b"}}})",
     R"({"workloadSelector": {"matchLabels": {"app": "a", "tier": "b"}}, "host": "x"})",
     {"kubectl-edit .spec.workloadSelector.matchLabels.tier"}},
    // Where nothing is selected by, the object is meant for all.
    {R"({"host": "x"})",
     R"({"workloadSelector": {"matchLabels": {"tier": "b"}}})",
     R"({"workloadSelector": {"matchLabels": {"tier": "b"}}, "host": "x"})",
     {"kubectl-edit .spec.workloadSelector"}},
    {R"({"hosts": ["x"]})",
     R"({"workloadSelector": {}})",
     R"({"workloadSelector": {}, "hosts": ["x"]})",
     {"kubectl-edit .spec.workloadSelector"}},
    // TLS of single ports.
    {R"({"selector": {"matchLabels": {"app": "a"}}, "mtls": {"mode": "STRICT"}})",
     R"({"portLevelMtls": {"8080": {"mode": "DISABLE"}}})",
     R"({"selector": {"matchLabels": {"app": "a"}}, "mtls": {"mode": "STRICT"},
         "portLevelMtls": {"8080": {"mode": "DISABLE"}}})",
     {"kubectl-edit .spec.portLevelMtls"}},
    {R"({"subsets": []})",
     R"({"trafficPolicy": {"connectionPool": {"tcp": {}}, "portLevelSettings": [{"port": {"number": 80}}]}})",
     R"({"subsets": [],
         "trafficPolicy": {"connectionPool": {"tcp": {}}, "portLevelSettings": [{"port": {"number": 80}}]}})",
     {"kubectl-edit .spec.trafficPolicy.portLevelSettings"}},
    // What else is added, or is the same, changes nothing of what was meant.
    {R"({"selector": {"app": "a"}})",
     R"({"selector": {"app": "a"}, "sessionAffinity": "ClientIP"})",
     R"({"selector": {"app": "a"}, "sessionAffinity": "ClientIP"})",
     {}},
};

}  // namespace

TEST_CASE("what somebody adds is seen by who manages what and by what stands alike, and can be removed") {
  for (const Case& one : cases) {
    CAPTURE(one.whole);
    const Json object = standing(one.applied, one.added, one.whole);
    const Json wanted = egress::object({{"spec", Json::parse(one.applied)}});
    CHECK(names(kube::additions(object["metadata"], kube::field_manager)) == one.fields);
    const auto found = kube::additions(object, wanted, kube::field_manager);
    CHECK(names(found) == one.fields);
    const Json rest = kube::without(object, kube::removal_of(found));
    CHECK(kube::additions(rest, wanted, kube::field_manager).empty());
  }
}

TEST_CASE("Kubernetes' controllers and what is owned by applying add nothing") {
  const std::string own = R"({"selector": {"app": "a"}})";
  const std::string more = R"({"selector": {"app": "a", "tier": "x"}})";
  const Json filled = standing(own, more, more, "kube-controller-manager");
  CHECK(kube::additions(filled["metadata"], kube::field_manager).empty());
  // What this tool wrote otherwise than by applying is no part of what it applies.
  CHECK(
      names(kube::additions(standing(own, more, more, "kubectl-egress")["metadata"], kube::field_manager)) ==
      std::vector<std::string>{"kubectl-egress .spec.selector.tier"});
  CHECK(kube::additions(Json(), kube::field_manager).empty());
}

TEST_CASE("what this tool applied, and wants no more, is no addition; who else wants it keeps it there") {
  const std::string both = R"({"workloadSelector": {"matchLabels": {"app": "a"}}})";
  const Json wanted = Json::parse(R"({"spec": {"host": "x"}})");
  CHECK(kube::additions(standing(both, "{}", both), wanted, kube::field_manager).empty());
  CHECK(names(kube::additions(standing(both, both, both), wanted, kube::field_manager)) ==
        std::vector<std::string>{"kubectl-edit .spec.workloadSelector"});
}

TEST_CASE("where the server does not say who wrote what, all that is not wanted is somebody's") {
  const Json object =
      Json::parse(R"({"spec": {"selector": {"app": "a", "tier": "x"}, "type": "ClusterIP"}})");
  const auto found =
      kube::additions(object, Json::parse(R"({"spec": {"selector": {"app": "a"}}})"), kube::field_manager);
  CHECK(names(found) == std::vector<std::string>{" .spec.selector.tier"});
  CHECK(kube::removal_of(found).dump() == R"([{"op":"remove","path":"/spec/selector/tier"}])");
  CHECK(kube::removal_of({}).is_null());
}

}  // namespace egress

TEST_SUITE_END();
