#include "egress/kube/managed_fields.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

/// The metadata of an object that this tool applied, and that somebody else wrote to.
Json written_by(const std::string& manager, const std::string& operation, const std::string& fields) {
  return Json::parse(R"({"managedFields": [
    {"manager": "kubectl-egress", "operation": "Apply",
     "fieldsV1": {"f:spec": {"f:selector": {"f:app": {}}, "f:ports": {}}}},
    {"manager": ")" + manager +
                     R"(", "operation": ")" + operation + R"(", "fieldsV1": )" + fields + "}]}");
}

bool others_select(const Json& metadata) {
  return kube::others_select(metadata, kube::field_manager);
}

}  // namespace

TEST_CASE("somebody selects who owns a term that is not this tool's") {
  const std::string more = R"({"f:spec": {"f:selector": {"f:tier": {}}}})";
  const std::string same = R"({"f:spec": {"f:selector": {".": {}, "f:app": {}}}})";
  const std::string other =
      R"({"f:spec": {"f:sessionAffinity": {}}, "f:metadata": {"f:labels": {"f:a": {}}}})";
  CHECK(others_select(written_by("kubectl-edit", "Update", more)));
  CHECK(others_select(written_by("flux", "Apply", more)));
  CHECK_FALSE(others_select(written_by("kubectl-edit", "Update", same)));
  CHECK_FALSE(others_select(written_by("kubectl-edit", "Update", other)));
  CHECK_FALSE(others_select(written_by("kube-controller-manager", "Update", more)));
  CHECK_FALSE(others_select(Json::parse("{}")));
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
