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

using testing::CommandResult;
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
Traffic traffic(const TestNamespace& ns, const std::string& arguments, int status = 0) {
  const CommandResult result = ns.kubectl("version --client >/dev/null 2>&1; " + arguments + " -n $ns -v 6");
  REQUIRE_MESSAGE(result.status == status, result.err);
  static const std::regex line("waves: ([0-9]+), requests: ([0-9]+), connections: ([0-9]+)\n");
  std::smatch match;
  REQUIRE_MESSAGE(std::regex_search(result.err, match, line), result.err);
  return {std::stoi(match[1]), std::stoi(match[2]), std::stoi(match[3])};
}

/// What a command costs on Istio 1.30. An Istio from before gateway injection needs one object more, the
/// Secret with root certificates, and so many requests for it.
Traffic expected(const Traffic& on_istio_1_30, int root_certificate_requests) {
  static const CommandResult istiod = testing::sh(
      "kubectl get deployment istiod -n istio-system -o "
      "jsonpath='{.spec.template.spec.containers[0].image}'");
  REQUIRE(istiod.status == 0);
  const bool is_istio_1_7 = istiod.out.find(":1.7.") != std::string::npos;
  return {on_istio_1_30.waves, on_istio_1_30.requests + (is_istio_1_7 ? root_certificate_requests : 0),
          on_istio_1_30.connections};
}

/// The file form of the gateway httpbin, to be piped into a command.
const std::string print_manifest =
    "printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: httpbin}\\nspec: "
    "{hosts: "
    "['$ns'.example.org]}\\n' | ";

/// A namespace with the gateway httpbin.
struct Gateway {
  Gateway() { REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0); }

  TestNamespace ns;
};

}  // namespace

TEST_CASE("requests of create") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  CHECK(traffic(ns, "kubectl egress create httpbin --host $ns.example.org") == expected({9, 61, 1}, 2));
}

TEST_CASE("requests of apply: new gateway, unchanged gateway, changed gateway") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string apply = "kubectl egress apply -f -";
  CHECK(traffic(ns, print_manifest + apply) == expected({9, 61, 1}, 2));
  CHECK(traffic(ns, print_manifest + apply) == expected({3, 73, 1}, 2));
  CHECK(traffic(ns, print_manifest + "sed 's/spec: {/spec: {port: 8443, /' | " + apply) ==
        expected({8, 80, 1}, 2));
}

TEST_CASE("requests of diff") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, print_manifest + "kubectl egress diff -f -") == expected({3, 73, 1}, 2));
  CHECK(traffic(gateway.ns,
                print_manifest + "sed 's/spec: {/spec: {port: 8443, /' | kubectl egress diff -f -",
                1) == expected({3, 73, 1}, 2));
}

TEST_CASE("requests of list") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress list") == expected({2, 26, 1}, 0));
}

TEST_CASE("requests of inspect") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress inspect httpbin") == expected({2, 23, 1}, 1));
}

TEST_CASE("requests of check") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress check httpbin") == expected({1, 24, 1}, 0));
}

TEST_CASE("requests of delete") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  CHECK(traffic(gateway.ns, "kubectl egress delete httpbin --drain 0s --wait=false") ==
        expected({9, 53, 1}, 1));
}

TEST_CASE("requests of list -w: one watch for each kind, however many gateways there are") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const Gateway gateway;
  const std::string watch_script =
      "log=$(mktemp); kubectl egress list -w -n $ns -v 6 >/dev/null 2>$log & pid=$!;"
      " for i in $(seq 300); do [ $(grep -c watch=true $log) -ge 17 ] && break; sleep 0.2; done;"
      " sleep 1; kill $pid; wait $pid; grep ^GET $log; rm $log";
  const auto count_requests = [&] {
    const auto lines = split(testing::sh("ns=" + gateway.ns.name() + "; " + watch_script).out, '\n');
    const auto count = [&](const std::string& part) {
      return std::ranges::count_if(
          lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
    };
    return std::pair(count("limit="), count("watch=true"));
  };
  const auto single = count_requests();
  CHECK(single.first == 18);
  CHECK(single.second == 17);
  REQUIRE(gateway.ns.egress("create second --host second.$ns.example.org").status == 0);
  CHECK(count_requests() == single);
}

}  // namespace egress

TEST_SUITE_END();
