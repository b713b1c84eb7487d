#include "egress/kube/foreign_fields.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/kube/json_patch.hpp"
#include "egress/kube/managed_fields.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

/// FieldsV1 of this value as the server keeps them: maps are granular, lists are atomic.
Json fields_of(const Json& value) {
  Json fields{Json::Object{}};
  for (const auto& [key, child] : value.members()) fields.edit("f:" + key) = fields_of(child);
  return fields;
}

/// An object with fields that this tool applied and fields that others wrote.
Json live_object(const std::string& applied, const std::string& added, const std::string& whole,
                 const std::string& owner = "kubectl-edit") {
  const auto entry = [](const std::string& manager, const char* operation, const std::string& spec) {
    return object({{"manager", manager},
                   {"operation", operation},
                   {"fieldsV1", object({{"f:spec", fields_of(Json::parse(spec))}})}});
  };
  const Json entries = array({entry("kubectl-egress", "Apply", applied), entry(owner, "Update", added)});
  return object({
      {"metadata", object({{"managedFields", entries}})},
      {"spec", Json::parse(whole)},
  });
}

std::vector<std::string> names(const std::vector<kube::ForeignField>& fields) {
  std::vector<std::string> names;
  for (const kube::ForeignField& field : fields) names.push_back(field.manager + " " + field.dotted_path());
  return names;
}

/// A case: the applied fields, the fields that others added, the live object, and the expected foreign
/// fields.
struct Case {
  const char* applied;
  const char* added;
  const char* whole;
  std::vector<std::string> fields;
};

const std::vector<Case> cases{
    // The selector of a Service or Gateway.
    {R"({"selector": {"app": "a"}})",
     R"({"selector": {"tier/x": "b"}})",
     R"({"selector": {"app": "a", "tier/x": "b"}})",
     {"kubectl-edit .spec.selector.tier/x"}},
    // The selector of a policy or NetworkPolicy, and of a PodDisruptionBudget.
    {R"({"podSelector": {"matchLabels": {"app": "a"}}})",
     R"({"podSelector": {"matchLabels": {"b": "c"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}})",
     R"({"podSelector": {"matchLabels": {"app": "a", "b": "c"},
                         "matchExpressions": [{"key": "x", "operator": "Exists"}]}})",
     {"kubectl-edit .spec.podSelector.matchLabels.b", "kubectl-edit .spec.podSelector.matchExpressions"}},
    // The workloadSelector of the upstream DestinationRule.
    {R"({"workloadSelector": {"matchLabels": {"app": "a"}}, "host": "x"})",
     R"({"workloadSelector": {"matchLabels": {"tier": "b"}}})",
     R"({"workloadSelector": {"matchLabels": {"app": "a", "tier": "b"}}, "host": "x"})",
     {"kubectl-edit .spec.workloadSelector.matchLabels.tier"}},
    // Without a selector the object applies to all pods.
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
    // Other additions do not change the effect of the object.
    {R"({"selector": {"app": "a"}})",
     R"({"selector": {"app": "a"}, "sessionAffinity": "ClientIP"})",
     R"({"selector": {"app": "a"}, "sessionAffinity": "ClientIP"})",
     {}},
};

}  // namespace

TEST_CASE("foreign fields are found by managed fields and by live object alike, and can be removed") {
  for (const Case& row : cases) {
    CAPTURE(row.whole);
    const Json object = live_object(row.applied, row.added, row.whole);
    const Json desired = egress::object({{"spec", Json::parse(row.applied)}});
    CHECK(names(kube::foreign_fields(object["metadata"], kube::field_manager)) == row.fields);
    const auto found = kube::foreign_fields(object, desired, kube::field_manager);
    CHECK(names(found) == row.fields);
    const Json rest = kube::apply_removals(object, kube::foreign_field_removals(found));
    CHECK(kube::foreign_fields(rest, desired, kube::field_manager).empty());
  }
}

TEST_CASE("fields of Kubernetes' controllers and applied fields are not foreign") {
  const std::string own = R"({"selector": {"app": "a"}})";
  const std::string more = R"({"selector": {"app": "a", "tier": "x"}})";
  const Json filled = live_object(own, more, more, "kube-controller-manager");
  CHECK(kube::foreign_fields(filled["metadata"], kube::field_manager).empty());
  // Fields that this tool wrote without apply are not part of its applied fields.
  CHECK(names(kube::foreign_fields(live_object(own, more, more, "kubectl-egress")["metadata"],
                                   kube::field_manager)) ==
        std::vector<std::string>{"kubectl-egress .spec.selector.tier"});
  CHECK(kube::foreign_fields(Json(), kube::field_manager).empty());
}

TEST_CASE("a field that this tool applied and no longer desires is foreign only if another manager owns it") {
  const std::string both = R"({"workloadSelector": {"matchLabels": {"app": "a"}}})";
  const Json desired = Json::parse(R"({"spec": {"host": "x"}})");
  CHECK(kube::foreign_fields(live_object(both, "{}", both), desired, kube::field_manager).empty());
  CHECK(names(kube::foreign_fields(live_object(both, both, both), desired, kube::field_manager)) ==
        std::vector<std::string>{"kubectl-edit .spec.workloadSelector"});
}

TEST_CASE("without managed fields all fields that are not desired are foreign") {
  const Json object =
      Json::parse(R"({"spec": {"selector": {"app": "a", "tier": "x"}, "type": "ClusterIP"}})");
  const auto found = kube::foreign_fields(object, Json::parse(R"({"spec": {"selector": {"app": "a"}}})"),
                                          kube::field_manager);
  CHECK(names(found) == std::vector<std::string>{" .spec.selector.tier"});
  CHECK(kube::foreign_field_removals(found).dump() == R"([{"op":"remove","path":"/spec/selector/tier"}])");
  CHECK(kube::foreign_field_removals({}).is_null());
}

}  // namespace egress

TEST_SUITE_END();
