#include <doctest/doctest.h>

#include "egress/base/json.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::TestNamespace;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What a command prints, handed on to another.
CommandResult pipe_to(const TestNamespace& ns, const std::string& arguments, const std::string& into) {
  return testing::sh("ns=" + ns.name() + "; kubectl egress " + arguments + " -n $ns | " + into);
}

}  // namespace

TEST_CASE("the traffic path is printed as a graph that Graphviz accepts") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --allow shop").status == 0);
  const CommandResult graph = pipe_to(ns, "inspect httpbin -o dot", "dot -Tplain");
  CHECK(graph.status == 0);
  CHECK(contains(graph.out, ns.name() + ".example.org:443"));
  CHECK(contains(graph.out, "edge admission gateway"));
  CHECK(ns.egress("inspect httpbin -o mermaid").out.starts_with("flowchart LR\n"));
}

TEST_CASE("inspect shows pods, Warning events and the next command") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const Json event = object({
      {"apiVersion", "v1"},
      {"kind", "Event"},
      {"metadata", object({{"name", "w"}})},
      {"type", "Warning"},
      {"reason", "FailedMount"},
      {"message", "no such volume"},
      {"count", 4},
      {"lastTimestamp", "2020-01-01T00:00:00Z"},
      {"involvedObject", object({{"kind", "Pod"}, {"name", "httpbin-egress-x"}, {"namespace", ns.name()}})},
  });
  const CommandResult created =
      testing::sh("echo '" + event.dump() + "' | kubectl create -f - -n " + ns.name());
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const std::string description = ns.egress("inspect httpbin").out;
  CHECK(contains(description, "  pod/httpbin-egress-"));
  CHECK(contains(description, "4       pod/httpbin-egress-x   FailedMount   no such volume"));
  CHECK(contains(description, "\n  kubectl egress check httpbin -n " + ns.name() + "\n"));

  REQUIRE(ns.kubectl("delete service httpbin-egress").status == 0);
  const std::string degraded = ns.egress("inspect httpbin").out;
  REQUIRE(contains(degraded, "kubectl egress apply -f -"));
  CHECK(pipe_to(ns, "inspect httpbin -o yaml", "kubectl egress apply -f -").status == 0);
  CHECK(contains(ns.egress("inspect httpbin").out, "Ready"));
}

}  // namespace egress

TEST_SUITE_END();
