#include "egress/cli/describe.hpp"

#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "egress/cli/traffic_path.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

fleet::Inspection inspection_in(mesh::Phase phase) {
  fleet::Inspection inspection;
  inspection.summary.record.egress = testing::httpbin();
  inspection.summary.phase = phase;
  return inspection;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The first line that contains this text; empty if there is none.
std::string line_of(const std::string& text, const std::string& part) {
  for (const std::string& line : split(text, '\n'))
    if (contains(line, part)) return line;
  return {};
}

}  // namespace

TEST_CASE("the next command fixes the gateway's problem") {
  using mesh::Phase;
  const std::string apply = "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -";
  CHECK(next_command(inspection_in(Phase::ready)) == "kubectl egress check httpbin -n httpbin");
  CHECK(
      contains(next_command(inspection_in(Phase::progressing)), "-l kubectl-egress/gateway=httpbin.httpbin"));
  CHECK(next_command(inspection_in(Phase::incomplete)) == apply);
  CHECK(contains(next_command(inspection_in(Phase::degraded)), "kubectl describe pods -n httpbin"));

  fleet::Inspection changed = inspection_in(Phase::degraded);
  changed.summary.objects.push_back({{{kube::kinds::service}, "httpbin", "httpbin-egress"}, "Changed", ""});
  CHECK(next_command(changed) == apply + " --force-conflicts");
  changed.summary.objects.back().state = "Missing";
  CHECK(next_command(changed) == apply);
  // Apply does not delete objects written by others.
  changed.summary.objects.back().state = "Foreign";
  CHECK(next_command(changed) ==
        "kubectl label service/httpbin-egress -n httpbin applyset.kubernetes.io/part-of-");

  fleet::Inspection interrupted = inspection_in(Phase::incomplete);
  interrupted.summary.record.operation = mesh::Operation::remove;
  CHECK(next_command(interrupted) == "kubectl egress delete httpbin -n httpbin");
}

TEST_CASE("problems and warnings are printed with control characters escaped") {
  fleet::Inspection inspection = inspection_in(mesh::Phase::ready);
  CHECK_FALSE(contains(describe(inspection, {}), "pod/x"));
  inspection.faults.emplace_back("pod/x: bad");
  inspection.warnings.push_back({"pod/x", "Failed", "\x1b[2Jgone\n", "1970-01-01T00:00:00Z", 2});
  const std::string text = describe(inspection, std::chrono::sys_seconds(std::chrono::seconds(5)));
  CHECK(contains(text, "\n  pod/x: bad\n"));
  CHECK(contains(text, "5s          2       pod/x    Failed   ^[[2Jgone\n"));
}

TEST_CASE("a gateway's labels are shown if it has any") {
  fleet::Inspection inspection = inspection_in(mesh::Phase::ready);
  CHECK_FALSE(contains(describe(inspection, {}), "Labels:"));
  inspection.summary.record.egress.labels = object({{"team", "shop"}, {"stage", "test"}});
  CHECK(contains(describe(inspection, {}), "Labels:         stage=test,team=shop\n"));
}

TEST_CASE("the graph shows every hop and its encryption") {
  fleet::Inspection inspection = inspection_in(mesh::Phase::ready);
  mesh::Egress& egress = inspection.summary.record.egress;
  egress.mesh.allow = {{"shop", ""}};
  egress.hosts = {"a.example.com", "b.example.com"};
  egress.ingress.emplace();
  egress.ingress->hosts = {"bin.example.com"};
  const render::Graph graph = traffic_graph(inspection.summary);
  CHECK(graph.nodes.size() == 7);
  CHECK(graph.edges.size() == 6);
  const std::string dot = render::to_dot(graph);
  CHECK(testing::mentions(line_of(dot, "caller -> admission"), {"mTLS", "sidecar"}));
  CHECK(contains(dot, "ingress -> admission"));
  CHECK(testing::mentions(line_of(dot, "gateway -> host_1"), {"TLS", "verified", "b.example.com"}));
}

}  // namespace egress::cli

TEST_SUITE_END();
