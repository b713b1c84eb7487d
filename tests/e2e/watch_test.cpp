#include <doctest/doctest.h>

#include "egress/base/json.hpp"
#include "egress/base/text.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::TestNamespace;

/// `list` with those words while a second gateway comes, loses a Service, and goes beside the first: what it
/// printed until SIGTERM ended it. What happens within a moment is told as one.
Ran watched(const TestNamespace& ns, const std::string& words) {
  return testing::sh("ns=" + ns.name() + "; seen=$(mktemp); kubectl egress list " + words +
                     " -n $ns >$seen & pid=$!; sleep 2;"
                     " kubectl egress create second --host second.$ns.example.org -n $ns >&2; sleep 1;"
                     " kubectl delete service second-egress -n $ns >&2; sleep 1;"
                     " kubectl egress delete second --drain 0s -n $ns >&2; sleep 2;"
                     " kill -TERM $pid; wait $pid; echo ended with $? >&2; cat $seen; rm $seen");
}

bool in_order(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    at = text.find(part, at);
    if (at == std::string::npos) return false;
    at += part.size();
  }
  return true;
}

}  // namespace

TEST_CASE("list -w follows gateways from their creation to their end") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create first --host first.$ns.example.org").status == 0);
  const Ran lines = watched(ns, "-w");
  CHECK(lines.out.starts_with("NAME    HOSTS"));
  CHECK(in_order(lines.out, {"\nfirst ", "\nsecond ", "\nsecond ", "Degraded", "Deleted"}));
  CHECK(lines.err.find("ended with 143") != std::string::npos);

  const Ran events = watched(ns, "--watch-only --output-watch-events");
  CHECK(events.out.starts_with("EVENT "));
  CHECK(in_order(events.out, {"\nADDED ", "\nMODIFIED ", "\nDELETED "}));
  CHECK(events.out.find("first") == std::string::npos);

  const Ran paths = watched(ns, "-w -o jsonpath='{.metadata.name}={.status.phase} '");
  CHECK(paths.out.starts_with("first=Ready second="));
  CHECK(paths.out.ends_with("second=Deleted "));
}

TEST_CASE("list -w tells of an object that somebody else deletes, and of nothing else") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create first --host first.$ns.example.org").status == 0);
  const Ran seen =
      testing::sh("ns=" + ns.name() +
                  "; seen=$(mktemp); kubectl egress list -w -o json -n $ns >$seen & pid=$!; sleep 2;"
                  " kubectl delete virtualservice first-egress -n $ns >&2; sleep 2; kill $pid; wait $pid;"
                  " cat $seen; rm $seen");
  CHECK(in_order(seen.out, {"\n    \"kind\": \"EgressGateway\"", "\"phase\": \"Ready\"", "\n}\n{\n",
                            "\"phase\": \"Degraded\""}));
  CHECK(seen.out.find("\n}\n{\n") == seen.out.rfind("\n}\n{\n"));
}

TEST_CASE("list -w ends where what it is to print cannot be had") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create first --host first.$ns.example.org").status == 0);
  const Ran ended =
      testing::sh("timeout 60 kubectl egress list -w -o jsonpath='{.spec.hosts[5]}' -n " + ns.name());
  CHECK(ended.status == 1);
  CHECK(ended.err.find("array index out of bounds") != std::string::npos);
}

TEST_CASE("a reader that goes away ends a list without a word, and no write half-way") {
  const TestNamespace ns;
  const Ran made = testing::sh("ns=" + ns.name() +
                               "; kubectl egress create httpbin --host $ns.example.org -n $ns | head -n 1");
  CHECK(made.status == 0);
  CHECK_MESSAGE(made.err.find("error") == std::string::npos, made.err);
  CHECK(ns.egress("list -o jsonpath='{.items[*].status.phase}'").out == "Ready");
  const Ran listed = testing::sh("kubectl egress list -A -o json | head -n 1");
  CHECK(listed.out == "{\n");
  CHECK(listed.err.empty());
}

}  // namespace egress

TEST_SUITE_END();
