#include "egress/fleet/rollout_watcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/tasks.hpp"
#include "egress/fleet/rollout_status.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"
#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;
using testing::mentions;

const std::string collection = "/apis/apps/v1/namespaces/httpbin/deployments";
constexpr std::chrono::seconds enough(20);

Json status(int available) {
  return object({{"observedGeneration", 2}, {"updatedReplicas", 1}, {"availableReplicas", available}});
}

Json deployment(const std::string& name, int available) {
  const Json labels =
      object({{mesh::managed_by_label, mesh::managed_by}, {kube::applyset::part_of_label, name}});
  return object({
      {"kind", "Deployment"},
      {"metadata", object({{"name", name},
                           {"namespace", "httpbin"},
                           {"uid", "uid-of-" + name},
                           {"generation", 2},
                           {"labels", labels}})},
      {"spec", object({{"replicas", 1}})},
      {"status", status(available)},
  });
}

/// Some Deployments on a server, as they were written just now.
struct Fleet {
  explicit Fleet(int count, int available = 0) : cluster(server, {}), rollouts(cluster) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "gw-" + std::to_string(i);
      server.store(path(i), deployment(name, available));
      mesh::Object& one = written.emplace_back();
      one.reference = {{kube::kinds::deployment}, "httpbin", name};
      one.json = deployment(name, 0);
      one.last_seen = server.objects.at(path(i))["metadata"];
      one.created = true;
    }
  }

  static std::string path(int i) { return collection + "/gw-" + std::to_string(i); }
  void make_ready(int i) { server.objects.at(path(i)).set("status", status(1)); }

  /// Waits for all of them; `meanwhile` happens when they wait.
  std::vector<std::string> await(const std::function<void()>& meanwhile,
                                 std::chrono::seconds longest = enough) {
    std::vector<std::string> said(written.size(), "?");
    const auto deadline = std::chrono::steady_clock::now() + longest;
    run_tasks(written.size() + 1, written.size() + 1, [&](std::size_t i) {
      if (i < written.size())
        said[i] = rollouts.await(written[i], deadline, {});
      else
        meanwhile();
    });
    return said;
  }

  int asked(const std::string& word) const {
    int count = 0;
    for (const auto& wave : server.waves)
      count += static_cast<int>(std::ranges::count_if(
          wave, [&](const std::string& one) { return one.find(word) != std::string::npos; }));
    return count;
  }

  FakeCluster server;
  kube::Cluster cluster;
  fleet::RolloutWatcher rollouts;
  std::vector<mesh::Object> written;
};

}  // namespace

TEST_CASE("of many gateways that wait in a namespace one watch tells") {
  Fleet fleet(5);
  const auto said = fleet.await([&] {
    for (int i = 0; i < 5; ++i) fleet.make_ready(i);
  });
  CHECK(said == std::vector<std::string>(5));
  // The server ends each stream at once, so that there may be another one.
  CHECK(fleet.asked("watch=true") <= 2);
  CHECK_MESSAGE(fleet.asked("fieldSelector") == 0, "nobody watches one alone");
  CHECK_MESSAGE(fleet.asked("GET " + collection + "/gw-0") == 0,
                "the watch begins with what was written first");
  CHECK(fleet.asked("GET " + collection + "/gw-4") == 1);
}

TEST_CASE("one that is deleted meanwhile is not waited for, and the others are") {
  Fleet fleet(3);
  const auto said = fleet.await([&] {
    fleet.server.erase(Fleet::path(1));
    fleet.make_ready(0);
    fleet.make_ready(2);
  });
  CHECK(mentions(said.at(1), {"Deployment", "deleted"}));
  CHECK(said.at(0).empty());
  CHECK(said.at(2).empty());
}

TEST_CASE("a list that is older than a gateway that has joined does not say that it is gone") {
  Fleet fleet(2);
  bool listed = false;
  fleet.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.starts_with(collection + "?")) return std::nullopt;
    if (request.target.find("watch=true") != std::string::npos && !listed)
      return testing::status_reply(410, "Expired", "too old");
    if (request.target.find("watch=true") != std::string::npos) return std::nullopt;
    listed = true;
    fleet.make_ready(0);
    fleet.make_ready(1);
    return testing::json_reply(200, R"({"metadata": {"resourceVersion": "1"}})");
  };
  // The list has none of the two; the watch behind it tells both.
  const auto said = fleet.await([] {});
  CHECK(listed);
  CHECK(said[1].empty());
}

TEST_CASE("at the deadline each says what is not ready") {
  Fleet fleet(2);
  const auto said = fleet.await([&] { fleet.make_ready(0); }, std::chrono::seconds(2));
  CHECK(said[0].empty());
  CHECK(mentions(said[1], {"0 of 1", "pods"}));
}

TEST_CASE("who may not watch them all waits for each by itself") {
  Fleet fleet(2);
  fleet.server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    const bool all = request.target.starts_with(collection + "?") &&
                     request.target.find("fieldSelector") == std::string::npos;
    if (!all) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const auto said = fleet.await([&] {
    fleet.make_ready(0);
    fleet.make_ready(1);
  });
  CHECK(said == std::vector<std::string>(2));
  CHECK(fleet.asked("fieldSelector=metadata.name%3Dgw-1") >= 1);
}

TEST_CASE("what a look finds is nothing against what a watch has told meanwhile") {
  mesh::Object written;
  written.last_seen = deployment("gw-0", 0)["metadata"];
  const fleet::Reporter reporter;
  fleet::RolloutStatus rollout(written, reporter);
  rollout.look_at(deployment("gw-0", 0));
  CHECK_FALSE(rollout.over());
  rollout.take({kube::Change::Kind::exists, deployment("gw-0", 1)});
  REQUIRE(rollout.ready());
  rollout.look_at(deployment("gw-0", 0));
  CHECK(rollout.ready());
  rollout.look_at({});
  CHECK(rollout.ready());
}

TEST_CASE("what stood before a Deployment was written, or of another one, does not make it ready") {
  mesh::Object written;
  written.last_seen = deployment("gw-0", 0)["metadata"];
  const fleet::Reporter reporter;
  fleet::RolloutStatus rollout(written, reporter);
  Json before = deployment("gw-0", 1);
  before.edit("metadata").set("generation", 1);
  rollout.see(before);
  CHECK_FALSE(rollout.over());
  rollout.see(deployment("gw-0", 1));
  CHECK(rollout.ready());

  Json other = deployment("gw-0", 1);
  CHECK(rollout.is_of(other));
  other.edit("metadata").set("uid", "another");
  CHECK_FALSE(rollout.is_of(other));
}

}  // namespace egress

TEST_SUITE_END();
