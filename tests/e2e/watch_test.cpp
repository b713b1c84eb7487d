#include <doctest/doctest.h>

#include "egress/base/json.hpp"
#include "egress/base/text.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::TestNamespace;

/// The output of `list` with those arguments until SIGTERM, while a second gateway is created, loses a
/// Service and is deleted. Changes within a moment are reported together.
CommandResult watch_changes(const TestNamespace& ns, const std::string& arguments) {
  return testing::sh("ns=" + ns.name() + "; seen=$(mktemp); kubectl egress list " + arguments +
                     " -n $ns >$seen & pid=$!; sleep 2;"
                     " kubectl egress create second --host second.$ns.example.org -n $ns >&2; sleep 1;"
                     " kubectl delete service second-egress -n $ns >&2; sleep 1;"
                     " kubectl egress delete second --drain 0s -n $ns >&2; sleep 2;"
                     " kill -TERM $pid; wait $pid; echo ended with $? >&2; cat $seen; rm $seen");
}

bool contains_in_order(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t position = 0;
  for (const std::string& part : parts) {
    position = text.find(part, position);
    if (position == std::string::npos) return false;
    position += part.size();
  }
  return true;
}

}  // namespace

TEST_CASE("list -w follows gateways from creation to deletion") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create first --host first.$ns.example.org").status == 0);
  const CommandResult lines = watch_changes(ns, "-w");
  CHECK(lines.out.starts_with("NAME    HOSTS"));
  CHECK(contains_in_order(lines.out, {"\nfirst ", "\nsecond ", "\nsecond ", "Degraded", "Deleted"}));
  CHECK(lines.err.find("ended with 143") != std::string::npos);

  const CommandResult events = watch_changes(ns, "--watch-only --output-watch-events");
  CHECK(events.out.starts_with("EVENT "));
  CHECK(contains_in_order(events.out, {"\nADDED ", "\nMODIFIED ", "\nDELETED "}));
  CHECK(events.out.find("first") == std::string::npos);

  const CommandResult paths = watch_changes(ns, "-w -o jsonpath='{.metadata.name}={.status.phase} '");
  CHECK(paths.out.starts_with("first=Ready second="));
  CHECK(paths.out.ends_with("second=Deleted "));
}

TEST_CASE("list -w prints one change for an object that another client deletes") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create first --host first.$ns.example.org").status == 0);
  const CommandResult watched =
      testing::sh("ns=" + ns.name() +
                  "; seen=$(mktemp); kubectl egress list -w -o json -n $ns >$seen & pid=$!; sleep 2;"
                  " kubectl delete virtualservice first-egress -n $ns >&2; sleep 2; kill $pid; wait $pid;"
                  " cat $seen; rm $seen");
  CHECK(contains_in_order(watched.out, {"\n    \"kind\": \"EgressGateway\"", "\"phase\": \"Ready\"",
                                        "\n}\n{\n", "\"phase\": \"Degraded\""}));
  CHECK(watched.out.find("\n}\n{\n") == watched.out.rfind("\n}\n{\n"));
}

TEST_CASE("list -w ends with an error if the output cannot be printed") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create first --host first.$ns.example.org").status == 0);
  const CommandResult ended =
      testing::sh("timeout 60 kubectl egress list -w -o jsonpath='{.spec.hosts[5]}' -n " + ns.name());
  CHECK(ended.status == 1);
  CHECK(ended.err.find("array index out of bounds") != std::string::npos);
}

TEST_CASE("a closed pipe ends a list silently and does not interrupt a write") {
  const TestNamespace ns;
  const CommandResult created = testing::sh(
      "ns=" + ns.name() + "; kubectl egress create httpbin --host $ns.example.org -n $ns | head -n 1");
  CHECK(created.status == 0);
  CHECK_MESSAGE(created.err.find("error") == std::string::npos, created.err);
  CHECK(ns.egress("list -o jsonpath='{.items[*].status.phase}'").out == "Ready");
  const CommandResult listed = testing::sh("kubectl egress list -A -o json | head -n 1");
  CHECK(listed.out == "{\n");
  CHECK(listed.err.empty());
}

}  // namespace egress

TEST_SUITE_END();
