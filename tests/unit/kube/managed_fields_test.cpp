#include "egress/kube/managed_fields.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

using Fields = std::set<std::string>;

Json entry(const std::string& manager, const std::string& operation, const std::string& fields,
           const std::string& subresource = "") {
  return object({{"manager", manager},
                 {"operation", operation},
                 {"subresource", subresource.empty() ? Json() : Json(subresource)},
                 {"fieldsV1", Json::parse(fields)}});
}

const char* const whole = R"({"f:metadata": {"f:labels": {".": {}, "f:a.b/c": {}}},
                              "f:spec": {"f:hosts": {}, "f:resolution": {}, "f:replicas": {}}})";

Json written(std::initializer_list<Item> entries) {
  return object({{"managedFields", array(entries)}});
}

std::string digest_of(const Json& metadata) {
  return kube::applied_digest(metadata, kube::field_manager);
}

}  // namespace

TEST_CASE("managed fields are grouped by manager, without the status") {
  const Json metadata = written({
      entry("kubectl-egress", "Apply", whole),
      entry("kubectl-edit", "Update",
            R"({"f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:name": {}}},
                           "f:finalizers": {"v:\"a\"": {}}}, "f:status": {"f:x": {}}})"),
      entry("kube-controller-manager", "Update", R"({"f:status": {"f:x": {}}})"),
      entry("someone", "Update", R"({"f:metadata": {"f:labels": {"f:x": {}}}})", "status"),
  });
  const kube::ManagedFields fields = kube::managed_fields(metadata);
  REQUIRE(fields.size() == 2);
  CHECK(fields.at("kubectl-egress") ==
        Fields{".metadata.labels.a.b/c", ".spec.hosts", ".spec.replicas", ".spec.resolution"});
  CHECK(fields.at("kubectl-edit") ==
        Fields{".spec.finalizers[=\"a\"]", ".spec.ports[port=80,protocol=\"TCP\"].name"});
}

TEST_CASE("the digest of the applied fields is stable and ignores replicas") {
  const std::string digest = digest_of(written({entry("kubectl-egress", "Apply", whole)}));
  const auto matches = [&](const std::string& fields) {
    return kube::matches_applied_digest(written({entry("kubectl-egress", "Apply", fields)}),
                                        kube::field_manager, digest);
  };
  const std::string labels = R"({"f:metadata": {"f:labels": {".": {}, "f:a.b/c": {}}}, )";
  CHECK(matches(whole));
  CHECK(matches(labels + R"("f:spec": {"f:hosts": {}, "f:resolution": {}}})"));
  CHECK_FALSE(matches(labels + R"("f:spec": {"f:hosts": {}}})"));
  CHECK_FALSE(matches(labels + R"("f:spec": {"f:hosts": {}, "f:resolution": {}, "f:ports": {}}})"));
  CHECK_FALSE(kube::matches_applied_digest(Json(), kube::field_manager, digest));
  CHECK(digest_of(Json()).empty());
  CHECK(kube::matches_applied_digest(Json(), kube::field_manager, ""));
}

TEST_CASE("a lost field is reported with its new manager, and no other field of that manager") {
  const std::string digest = digest_of(written({entry("kubectl-egress", "Apply", whole)}));
  const Json now = written({
      entry("kubectl-egress", "Apply", R"({"f:spec": {"f:hosts": {}}})"),
      entry("kubectl-edit", "Update", R"({"f:spec": {"f:resolution": {}, "f:addresses": {}}})"),
      entry("istiod", "Update", R"({"f:spec": {"f:endpoints": {}}})"),
  });
  const kube::LostFields lost = kube::lost_fields(now, kube::field_manager, digest);
  REQUIRE(lost.by_manager.size() == 1);
  CHECK(lost.by_manager.at("kubectl-edit") == Fields{".spec.resolution"});
  // The label has no owner now; an autoscaler may own the replicas.
  CHECK(lost.unowned == 1);
}

TEST_CASE("a digest without field hashes reports no lost fields") {
  const std::string digest = digest_of(written({entry("kubectl-egress", "Apply", whole)})).substr(0, 12);
  const Json now = written({entry("kubectl-edit", "Update", whole)});
  CHECK_FALSE(kube::matches_applied_digest(now, kube::field_manager, digest));
  const kube::LostFields lost = kube::lost_fields(now, kube::field_manager, digest);
  CHECK(lost.by_manager.empty());
  CHECK(lost.unowned == 0);
}

TEST_CASE("the field that requires a new object is not among the applied fields") {
  const auto applied = [](const std::string& fields) {
    return Json::parse(R"({"apiVersion": "v1", "kind": "Service",
      "metadata": {"name": "web", "namespace": "team", "labels": {"a": "b"}, "deletionGracePeriodSeconds": 0,
        "managedFields": [{"manager": "kubectl-egress", "operation": "Apply",
                           "fieldsV1": {"f:metadata": {"f:labels": {"f:a": {}})" +
                       fields + "}}}]}}");
  };
  const Json made = applied(R"(, "f:deletionGracePeriodSeconds": {})");
  const Json again = applied("");
  CHECK(kube::applied_digest(made["metadata"], kube::field_manager) ==
        kube::applied_digest(again["metadata"], kube::field_manager));
  CHECK(kube::applied_configuration(made, kube::field_manager) ==
        kube::applied_configuration(again, kube::field_manager));
}

}  // namespace egress

TEST_SUITE_END();
