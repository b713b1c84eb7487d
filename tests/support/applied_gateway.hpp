#pragma once

#include <string>
#include <vector>

#include "egress/fleet/apply.hpp"
#include "egress/fleet/deletion.hpp"
#include "egress/fleet/inventory.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

namespace egress::testing {

/// A server on which httpbin stands, whole.
struct AppliedGateway {
  AppliedGateway() : cluster(server, {}), initial_object_count(server.objects.size()) {
    mesh::Plan plan = mesh::plan(istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds()));
    fleet::apply(cluster, plan, {}, {});
    server.waves.clear();
  }

  bool remove(const fleet::DeleteOptions& options = {}) {
    fleet::Reporter reporter;
    reporter.on_write = [&](const mesh::Reference& reference, const std::string&) {
      lines.push_back(reference.display_name());
    };
    reporter.on_wait = [&](const std::string& message) {
      has_drained = has_drained || message.starts_with("routes deleted");
    };
    const auto records = fleet::read_records(cluster, {"httpbin"}, "httpbin");
    return fleet::delete_gateway(cluster, records.front().value(), options, reporter);
  }

  /// Lets another run take the lock and write the gateway, just before that object is deleted.
  void let_successor_apply(const std::string& gateway_record_path, const std::string& object_path) {
    server.fault = [=, this](const http::Request& request) -> std::optional<http::Response> {
      if (request.method != "DELETE" || request.target != object_path) return std::nullopt;
      Json record = server.objects.at(gateway_record_path);
      record.edit("metadata").edit("annotations").set("kubectl-egress/run", "another");
      record.edit("metadata").edit("annotations").set("kubectl-egress/operation", "apply");
      server.store(gateway_record_path, record);
      server.store(object_path, server.objects.at(object_path));
      return std::nullopt;
    };
  }

  FakeCluster server;
  kube::Cluster cluster;
  std::size_t initial_object_count;
  std::vector<std::string> lines;
  bool has_drained = false;  ///< it left callers the time to go elsewhere
};

}  // namespace egress::testing
