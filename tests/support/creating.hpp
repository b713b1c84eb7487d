#pragma once

#include <string>
#include <vector>

#include "egress/fleet/apply.hpp"
#include "egress/fleet/check.hpp"
#include "egress/fleet/survey.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

namespace egress::testing {

inline const std::string callers_path =
    "/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/httpbin-egress";
inline const std::string record_path = "/api/v1/namespaces/httpbin/configmaps/httpbin-egress";
inline const std::string deployment_path = "/apis/apps/v1/namespaces/httpbin/deployments/httpbin-egress";

/// The calls of `create`, in its order.
struct Creating {
  explicit Creating(FakeCluster& server) : cluster(server, {}) {}

  void prepare() {
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({egress, survey.mesh, "", survey.pod_revision()}, survey.served);
    fleet::check(cluster, plan, consent, survey.rules);
  }

  /// As a second run does, on what the first left.
  void resume() {
    const auto survey = fleet::survey(cluster, "httpbin", "httpbin", {});
    plan = mesh::plan({egress, survey.mesh, "", survey.pod_revision()}, survey.served);
    mesh::take_over(plan, mesh::read_record(survey.record.value()), survey.served);
    fleet::check(cluster, plan, consent, survey.rules);
    lines.clear();
  }

  bool write(fleet::Applying waiting = {}) {
    fleet::Reporter reporter;
    reporter.wrote = [&](const mesh::Reference& one, const std::string& verb) {
      lines.push_back(one.label() + " " + verb);
    };
    return fleet::apply(cluster, plan, waiting, reporter);
  }

  mesh::Egress egress = httpbin();
  fleet::Consent consent;
  kube::Cluster cluster;
  mesh::Plan plan;
  std::vector<std::string> lines;
};

/// managedFields of an object that one manager applied.
inline Json applied_by(const std::string& manager) {
  return array({object({{"manager", manager},
                        {"operation", "Apply"},
                        {"fieldsV1", object({{"f:spec", object({{"f:hosts", Json(Json::Object{})}})}})}})});
}

/// A fault for every write, but not for a dry run, of the path that ends so.
inline FakeCluster::Fault refuse_writes_of(const std::string& path) {
  return [=](const http::Request& request) -> std::optional<http::Reply> {
    const bool dry = request.target.find("dryRun=All") != std::string::npos;
    if (request.method != "PATCH" || dry || request.target.find(path + "?") == std::string::npos)
      return std::nullopt;
    return status_reply(403, "Forbidden", "you may not");
  };
}

}  // namespace egress::testing
