#include <doctest/doctest.h>

#include "egress/base/json.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::TestNamespace;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What a command prints, handed on to another.
Ran piped(const TestNamespace& ns, const std::string& words, const std::string& into) {
  return testing::sh("ns=" + ns.name() + "; kubectl egress " + words + " -n $ns | " + into);
}

}  // namespace

TEST_CASE("the way of the traffic is a graph, which Graphviz draws") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --allow shop").status == 0);
  const Ran drawn = piped(ns, "inspect httpbin -o dot", "dot -Tplain");
  CHECK(drawn.status == 0);
  CHECK(has(drawn.out, ns.name() + ".example.org:443"));
  CHECK(has(drawn.out, "edge admission gateway"));
  CHECK(ns.egress("inspect httpbin -o mermaid").out.starts_with("flowchart LR\n"));
}

TEST_CASE("inspect tells of the pods, of what was warned of, and what to type next") {
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
  const Ran made = testing::sh("echo '" + event.dump() + "' | kubectl create -f - -n " + ns.name());
  REQUIRE_MESSAGE(made.status == 0, made.err);
  const std::string told = ns.egress("inspect httpbin").out;
  CHECK(has(told, "  pod/httpbin-egress-"));
  CHECK(has(told, "4       pod/httpbin-egress-x   FailedMount   no such volume"));
  CHECK(has(told, "\n  kubectl egress check httpbin -n " + ns.name() + "\n"));

  REQUIRE(ns.kubectl("delete service httpbin-egress").status == 0);
  const std::string next = ns.egress("inspect httpbin").out;
  REQUIRE(has(next, "kubectl egress apply -f -"));
  CHECK(piped(ns, "inspect httpbin -o yaml", "kubectl egress apply -f -").status == 0);
  CHECK(has(ns.egress("inspect httpbin").out, "Ready"));
}

}  // namespace egress

TEST_SUITE_END();
