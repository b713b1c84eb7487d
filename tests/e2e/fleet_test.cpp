#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/text.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::TestNamespace;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// As many gateways as that, a document each; `sed` changes them.
std::string forms(int count, const std::string& sed = "") {
  return "for i in $(seq " + std::to_string(count) +
         "); do printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: EgressGateway\\nmetadata: {name: "
         "gw-%s}\\n"
         "spec: {hosts: [%s.'$ns'.example.org]}\\n---\\n' $i $i; done | sed '" +
         sed + "' | kubectl egress ";
}

Ran run(const TestNamespace& ns, const std::string& words, int count, const std::string& sed = "") {
  return testing::sh("ns=" + ns.name() + "; " + forms(count, sed) + words + " -n $ns");
}

/// How often a line ends like that.
long count(const std::string& text, const std::string& end) {
  return std::ranges::count_if(split(text, '\n'),
                               [&](const std::string& line) { return line.ends_with(end); });
}

std::string traffic(const Ran& ran) {
  const auto lines = split(ran.err, '\n');
  const auto found =
      std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with("waves: "); });
  return found == lines.end() ? "" : *found;
}

int number_behind(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  return at == std::string::npos ? -1 : std::stoi(text.substr(at + word.size()));
}

}  // namespace

TEST_CASE("several gateways are made, left alone and changed at once, each with a line of its own") {
  const TestNamespace ns;
  const Ran made = run(ns, "apply -f -", 12);
  REQUIRE_MESSAGE(made.status == 0, made.err);
  CHECK(count(made.out, " created") == 12);
  CHECK(count(ns.egress("list").out, "s") == 12);
  CHECK_FALSE(has(ns.egress("list").out, "Incomplete"));

  const Ran again = run(ns, "apply -f - -v 6", 12);
  CHECK(again.status == 0);
  CHECK(count(again.out, " unchanged") == 12);
  CHECK_FALSE(has(again.err, "PATCH "));
  CHECK(number_behind(traffic(again), "connections: ") == 1);

  const Ran changed = run(ns, "apply -f -", 12, "s/hosts: \\[7/port: 8443, hosts: [7/");
  REQUIRE_MESSAGE(changed.status == 0, changed.err);
  CHECK(count(changed.out, " unchanged") == 11);
  CHECK(has(changed.out, "egressgateway/gw-7 configured\n"));
  CHECK(run(ns, "diff -f -", 12).status == 1);
}

TEST_CASE("the lists that tell that nothing is to be done are as many for three gateways as for nine") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 9).status == 0);
  const int few = number_behind(traffic(run(ns, "apply -f - -v 6", 3)), "requests: ");
  const int more = number_behind(traffic(run(ns, "apply -f - -v 6", 9)), "requests: ");
  CHECK(few > 0);
  CHECK(few == more);
}

TEST_CASE("a gateway that cannot be made does not keep the others, unless --fail-fast says so") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount gw-2-egress").status == 0);
  const Ran stopped = run(ns, "apply -f - --fail-fast", 3);
  CHECK(stopped.status == 1);
  CHECK(has(stopped.err, "kubectl egress did not make it"));
  CHECK(has(stopped.err, "nothing was written"));
  CHECK(ns.egress("list -o name").out.empty());

  const Ran made = run(ns, "apply -f -", 3);
  CHECK(made.status == 1);
  CHECK(count(made.out, " created") == 2);
  CHECK(has(made.err, "1 of 3 gateways failed; the others are as the files say"));
  CHECK(ns.egress("list -o name").out == "egressgateway/gw-1\negressgateway/gw-3\n");
}

TEST_CASE("two gateways of the files for one host are refused before anything is written") {
  const TestNamespace ns;
  const Ran refused = run(ns, "apply -f -", 2, "s/hosts: .*example/hosts: [same.example/");
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "IST0109"));
  CHECK(ns.egress("list -o name").out.empty());
}

TEST_CASE("what the files no longer name is pruned where that is asked for, and named before") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 3).status == 0);
  const Ran tried = run(ns, "apply -f - --prune --dry-run=server", 1);
  CHECK(tried.status == 0);
  CHECK(has(tried.err, "pruning egressgateway \"gw-2\""));
  CHECK(count(ns.egress("list -o name").out, "") == 4);

  const Ran pruned = run(ns, "apply -f - --prune", 1);
  REQUIRE_MESSAGE(pruned.status == 0, pruned.err);
  CHECK(has(pruned.out, "egressgateway/gw-2 pruned\n"));
  CHECK(has(pruned.out, "egressgateway/gw-3 pruned\n"));
  CHECK(ns.egress("list -o name").out == "egressgateway/gw-1\n");
}

TEST_CASE("several are deleted at once, and drain beside each other") {
  const TestNamespace ns;
  REQUIRE(run(ns, "apply -f - --wait=false", 4).status == 0);
  const Ran gone = ns.egress("delete gw-1 gw-2 gw-3 gw-4 gw-5");
  CHECK(gone.status == 1);
  CHECK(count(gone.out, " deleted") == 4);
  CHECK(has(gone.err, "egressgateway \"gw-5\" not found"));
  CHECK(ns.egress("list -o name").out.empty());
}

}  // namespace egress
