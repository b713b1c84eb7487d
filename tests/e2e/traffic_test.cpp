#include <doctest/doctest.h>

#include <algorithm>
#include <ostream>
#include <regex>
#include <utility>

#include "egress/base/text.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

// The requests that each command sends, as the last line of `-v 6` counts them. Only these tests check exact
// numbers, so a change that adds a request has one number to update. They run in a sandbox only: the numbers
// depend on the API versions that the server serves.

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::TestNamespace;

struct Traffic {
  int waves = 0;
  int requests = 0;
  int connections = 0;

  friend bool operator==(const Traffic&, const Traffic&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Traffic& traffic) {
    return out << "{" << traffic.waves << ", " << traffic.requests << ", " << traffic.connections << "}";
  }
};

/// Runs a command with `-v 6`. Fails the test where the command does not end with that status.
Traffic traffic(const TestNamespace& ns, const std::string& words, int status = 0) {
  const Ran ran = ns.kubectl("version --client >/dev/null 2>&1; " + words + " -n $ns -v 6");
  REQUIRE_MESSAGE(ran.status == status, ran.err);
  static const std::regex line("waves: ([0-9]+), requests: ([0-9]+), connections: ([0-9]+)\n");
  std::smatch found;
  REQUIRE_MESSAGE(std::regex_search(ran.err, found, line), ran.err);
  return {std::stoi(found[1]), std::stoi(found[2]), std::stoi(found[3])};
}

/// What a command costs on Istio 1.30. An Istio from before gateway injection needs one object more, the
/// Secret with root certificates, and so many requests for it.
Traffic expected(const Traffic& todays, int requests_for_roots) {
  static const Ran istiod = testing::sh(
      "kubectl get deployment istiod -n istio-system -o "
      "jsonpath='{.spec.template.spec.containers[0].image}'");
  REQUIRE(istiod.status == 0);
  const bool classic = istiod.out.find(":1.7.") != std::string::npos;
  return {todays.waves, todays.requests + (classic ? requests_for_roots : 0), todays.connections};
}

/// The file form of the gateway httpbin, to be piped into a command.
const std::string form =
    "printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: httpbin}\\nspec: "
    "{hosts: "
    "['$ns'.example.org]}\\n' | ";

/// A namespace with the gateway httpbin.
struct Gateway {
  Gateway() { REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0); }

  TestNamespace ns;
};

}  // namespace

TEST_CASE("what create asks of the server") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  CHECK(traffic(ns, "kubectl egress create httpbin --host $ns.example.org") == expected({9, 61, 1}, 2));
}

TEST_CASE("what apply asks of the server: of a new gateway, of one that is as the file says, of a change") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string apply = "kubectl egress apply -f -";
  CHECK(traffic(ns, form + apply) == expected({9, 61, 1}, 2));
  CHECK(traffic(ns, form + apply) == expected({3, 73, 1}, 2));
  CHECK(traffic(ns, form + "sed 's/spec: {/spec: {port: 8443, /' | " + apply) == expected({8, 80, 1}, 2));
}

TEST_CASE("what diff asks of the server") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, form + "kubectl egress diff -f -") == expected({3, 73, 1}, 2));
  CHECK(traffic(gateway.ns, form + "sed 's/spec: {/spec: {port: 8443, /' | kubectl egress diff -f -", 1) ==
        expected({3, 73, 1}, 2));
}

TEST_CASE("what list asks of the server") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress list") == expected({2, 26, 1}, 0));
}

TEST_CASE("what inspect asks of the server") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress inspect httpbin") == expected({2, 23, 1}, 1));
}

TEST_CASE("what check asks of the server") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress check httpbin") == expected({1, 24, 1}, 0));
}

TEST_CASE("what delete asks of the server") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress delete httpbin --drain 0s --wait=false") ==
        expected({9, 53, 1}, 1));
}

TEST_CASE("what list -w asks of the server: a watch for each kind, however many gateways there are") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  const std::string follow =
      "log=$(mktemp); kubectl egress list -w -n $ns -v 6 >/dev/null 2>$log & pid=$!;"
      " for i in $(seq 300); do [ $(grep -c watch=true $log) -ge 17 ] && break; sleep 0.2; done;"
      " sleep 1; kill $pid; wait $pid; grep ^GET $log; rm $log";
  const auto asked = [&] {
    const auto lines = split(testing::sh("ns=" + gateway.ns.name() + "; " + follow).out, '\n');
    const auto count = [&](const std::string& part) {
      return std::ranges::count_if(
          lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
    };
    return std::pair(count("limit="), count("watch=true"));
  };
  const auto one = asked();
  CHECK(one.first == 18);
  CHECK(one.second == 17);
  REQUIRE(gateway.ns.egress("create second --host second.$ns.example.org").status == 0);
  CHECK(asked() == one);
}

}  // namespace egress

TEST_SUITE_END();
