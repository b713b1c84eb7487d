#pragma once

#include <string>
#include <vector>

#include "egress/fleet/apply.hpp"
#include "egress/fleet/preflight.hpp"
#include "egress/fleet/survey.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

namespace egress::testing {

inline const std::string callers_path =
    "/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/httpbin-egress";
inline const std::string record_path = "/api/v1/namespaces/httpbin/configmaps/httpbin-egress";
inline const std::string deployment_path = "/apis/apps/v1/namespaces/httpbin/deployments/httpbin-egress";

/// The calls of `create`, in its order.
struct CreateRun {
  explicit CreateRun(FakeCluster& server) : cluster(server, {}) {}

  void prepare() {
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({egress, survey.mesh, "", survey.pod_revision()}, survey.served);
    fleet::run_preflight(cluster, plan, options, survey.rules);
  }

  /// As a second run does, on what the first left.
  void resume() {
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({egress, survey.mesh, "", survey.pod_revision()}, survey.served);
    mesh::merge_record(plan, mesh::read_record(survey.record.value()), survey.served);
    fleet::run_preflight(cluster, plan, options, survey.rules);
    lines.clear();
  }

  bool write(fleet::ApplyOptions apply_options = {}) {
    fleet::Reporter reporter;
    reporter.on_write = [&](const mesh::Reference& reference, const std::string& verb) {
      lines.push_back(reference.display_name() + " " + verb);
    };
    return fleet::apply(cluster, plan, apply_options, reporter);
  }

  mesh::Egress egress = httpbin();
  fleet::PreflightOptions options;
  kube::Cluster cluster;
  mesh::Plan plan;
  std::vector<std::string> lines;
};

/// managedFields of an object that one manager applied.
inline Json managed_fields_of(const std::string& manager) {
  return array({object({{"manager", manager},
                        {"operation", "Apply"},
                        {"fieldsV1", object({{"f:spec", object({{"f:hosts", Json(Json::Object{})}})}})}})});
}

/// A fault for every write, but not for a dry run, of the path that ends so.
inline FakeCluster::Fault forbid_writes_to(const std::string& path) {
  return [=](const http::Request& request) -> std::optional<http::Response> {
    const bool is_dry_run = request.target.find("dryRun=All") != std::string::npos;
    if (request.method != "PATCH" || is_dry_run || request.target.find(path + "?") == std::string::npos)
      return std::nullopt;
    return status_reply(403, "Forbidden", "you may not");
  };
}

}  // namespace egress::testing
