#pragma once

#include <string>
#include <vector>

#include "egress/fleet/apply.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/remove.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

namespace egress::testing {

/// A server on which httpbin stands, whole.
struct Standing {
  Standing() : cluster(server, {}), before(server.objects.size()) {
    mesh::Plan plan = mesh::plan(todays_design(), kube::Served::newest(mesh::all_kinds()));
    fleet::apply(cluster, plan, {}, {});
    server.waves.clear();
  }

  bool remove(const fleet::Removing& removing = {}) {
    fleet::Reporter reporter;
    reporter.wrote = [&](const mesh::Reference& one, const std::string&) { lines.push_back(one.label()); };
    reporter.waiting = [&](const std::string& what) { drained = drained || what.starts_with("callers are"); };
    const auto records = fleet::read_records(cluster, {"httpbin"}, "httpbin");
    return fleet::remove(cluster, records.front().value(), removing, reporter);
  }

  /// Just before that object is deleted, somebody else takes the gateway over and writes it.
  void let_successor_write(const std::string& path_of_record, const std::string& object_path) {
    server.fault = [=, this](const http::Request& request) -> std::optional<http::Reply> {
      if (request.method != "DELETE" || request.target != object_path) return std::nullopt;
      Json record = server.objects.at(path_of_record);
      record.edit("metadata").edit("annotations").set("kubectl-egress/run", "another");
      record.edit("metadata").edit("annotations").set("kubectl-egress/operation", "apply");
      server.put(path_of_record, record);
      server.put(object_path, server.objects.at(object_path));
      return std::nullopt;
    };
  }

  FakeCluster server;
  kube::Cluster cluster;
  std::size_t before;
  std::vector<std::string> lines;
  bool drained = false;  ///< it left callers the time to go elsewhere
};

}  // namespace egress::testing
