#include "egress/cli/portrait.hpp"

#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "egress/cli/path.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

fleet::Inspection standing(mesh::Phase phase) {
  fleet::Inspection inspection;
  inspection.summary.record.egress = testing::httpbin();
  inspection.summary.phase = phase;
  return inspection;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The line that holds this; empty where there is none.
std::string line_of(const std::string& text, const std::string& part) {
  for (const std::string& line : split(text, '\n'))
    if (has(line, part)) return line;
  return {};
}

}  // namespace

TEST_CASE("what to type next mends what is there") {
  using mesh::Phase;
  const std::string apply = "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -";
  CHECK(next_command(standing(Phase::ready)) == "kubectl egress check httpbin -n httpbin");
  CHECK(has(next_command(standing(Phase::progressing)), "-l kubectl-egress/gateway=httpbin.httpbin"));
  CHECK(next_command(standing(Phase::incomplete)) == apply);
  CHECK(has(next_command(standing(Phase::degraded)), "kubectl describe pods -n httpbin"));

  fleet::Inspection changed = standing(Phase::degraded);
  changed.summary.objects.push_back({{{kube::kinds::service}, "httpbin", "httpbin-egress"}, "Changed", ""});
  CHECK(next_command(changed) == apply + " --force-conflicts");
  changed.summary.objects.back().state = "Missing";
  CHECK(next_command(changed) == apply);
  // What somebody else wrote no apply takes away.
  changed.summary.objects.back().state = "Foreign";
  CHECK(next_command(changed) ==
        "kubectl label service/httpbin-egress -n httpbin applyset.kubernetes.io/part-of-");

  fleet::Inspection cut_off = standing(Phase::incomplete);
  cut_off.summary.record.operation = mesh::Operation::remove;
  CHECK(next_command(cut_off) == "kubectl egress delete httpbin -n httpbin");
}

TEST_CASE("faults and warnings are told, and control characters shown") {
  fleet::Inspection inspection = standing(mesh::Phase::ready);
  CHECK_FALSE(has(portrait(inspection, {}), "pod/x"));
  inspection.faults.emplace_back("pod/x: bad");
  inspection.warnings.push_back({"pod/x", "Failed", "\x1b[2Jgone\n", "1970-01-01T00:00:00Z", 2});
  const std::string text = portrait(inspection, std::chrono::sys_seconds(std::chrono::seconds(5)));
  CHECK(has(text, "\n  pod/x: bad\n"));
  CHECK(has(text, "5s          2       pod/x    Failed   ^[[2Jgone\n"));
}

TEST_CASE("a gateway's labels are shown where it has any") {
  fleet::Inspection inspection = standing(mesh::Phase::ready);
  CHECK_FALSE(has(portrait(inspection, {}), "Labels:"));
  inspection.summary.record.egress.labels = object({{"team", "shop"}, {"stage", "test"}});
  CHECK(has(portrait(inspection, {}), "Labels:         stage=test,team=shop\n"));
}

TEST_CASE("the graph has every hop, and what encrypts it") {
  fleet::Inspection inspection = standing(mesh::Phase::ready);
  mesh::Egress& egress = inspection.summary.record.egress;
  egress.mesh.allow = {{"shop", ""}};
  egress.hosts = {"a.example.com", "b.example.com"};
  egress.ingress.emplace();
  egress.ingress->hosts = {"bin.example.com"};
  const render::Graph graph = traffic_graph(inspection.summary);
  CHECK(graph.nodes.size() == 7);
  CHECK(graph.edges.size() == 6);
  const std::string dot = render::dot(graph);
  CHECK(testing::mentions(line_of(dot, "caller -> admission"), {"TLS", "sidecar"}));
  CHECK(has(dot, "ingress -> admission"));
  CHECK(testing::mentions(line_of(dot, "gateway -> host_1"), {"TLS", "verified", "b.example.com"}));
}

}  // namespace egress::cli

TEST_SUITE_END();
