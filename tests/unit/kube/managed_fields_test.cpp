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

TEST_CASE("fields are told by who manages them, but for those of the status") {
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

TEST_CASE("what is owned as it was has the digest that it had, but for a number of pods") {
  const std::string digest = digest_of(written({entry("kubectl-egress", "Apply", whole)}));
  const auto is_as = [&](const std::string& fields) {
    return kube::is_as_applied(written({entry("kubectl-egress", "Apply", fields)}), kube::field_manager,
                               digest);
  };
  const std::string labels = R"({"f:metadata": {"f:labels": {".": {}, "f:a.b/c": {}}}, )";
  CHECK(is_as(whole));
  CHECK(is_as(labels + R"("f:spec": {"f:hosts": {}, "f:resolution": {}}})"));
  CHECK_FALSE(is_as(labels + R"("f:spec": {"f:hosts": {}}})"));
  CHECK_FALSE(is_as(labels + R"("f:spec": {"f:hosts": {}, "f:resolution": {}, "f:ports": {}}})"));
  CHECK_FALSE(kube::is_as_applied(Json(), kube::field_manager, digest));
  CHECK(digest_of(Json()).empty());
  CHECK(kube::is_as_applied(Json(), kube::field_manager, ""));
}

TEST_CASE("a field that was lost is named with who has it, and no other of his") {
  const std::string digest = digest_of(written({entry("kubectl-egress", "Apply", whole)}));
  const Json now = written({
      entry("kubectl-egress", "Apply", R"({"f:spec": {"f:hosts": {}}})"),
      entry("kubectl-edit", "Update", R"({"f:spec": {"f:resolution": {}, "f:addresses": {}}})"),
      entry("istiod", "Update", R"({"f:spec": {"f:endpoints": {}}})"),
  });
  const kube::Losses losses = kube::losses(now, kube::field_manager, digest);
  REQUIRE(losses.taken.size() == 1);
  CHECK(losses.taken.at("kubectl-edit") == Fields{".spec.resolution"});
  // The label is nobody's any more; replicas are an autoscaler's to take.
  CHECK(losses.gone == 1);
}

TEST_CASE("of a digest that tells of no single field no loss is named") {
  const std::string digest = digest_of(written({entry("kubectl-egress", "Apply", whole)})).substr(0, 12);
  const Json now = written({entry("kubectl-edit", "Update", whole)});
  CHECK_FALSE(kube::is_as_applied(now, kube::field_manager, digest));
  const kube::Losses losses = kube::losses(now, kube::field_manager, digest);
  CHECK(losses.taken.empty());
  CHECK(losses.gone == 0);
}

TEST_CASE("that an object was to be new is nothing that is owned of it") {
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
  CHECK(kube::applied_part(made, kube::field_manager) == kube::applied_part(again, kube::field_manager));
}

}  // namespace egress

TEST_SUITE_END();
