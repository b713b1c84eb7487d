#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::mentions;
using testing::TestNamespace;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The gateway httpbin of a namespace, as a file.
const std::string print_manifest = "kubectl egress inspect httpbin -o yaml -n $ns";

/// The first line that begins so and names this; empty where none does.
std::string line_naming(const std::string& text, const std::string& start, const std::string& fact) {
  for (const std::string& line : split(text, '\n'))
    if (line.starts_with(start) && mentions(line, {fact})) return line;
  return {};
}

}  // namespace

TEST_CASE(
    "a field changed by another manager is drift: shown, refused, and overwritten with --force-conflicts") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(
      ns.kubectl("patch serviceentry httpbin-egress --type merge -p '{\"spec\":{\"resolution\":\"STATIC\"}}'")
          .status == 0);
  CHECK(contains(ns.egress("list").out, "Degraded"));
  const std::string inspected = ns.egress("inspect httpbin").out;
  CHECK(mentions(inspected, {"serviceentry.networking.istio.io/httpbin-egress", ".spec.resolution"}));
  const CommandResult diff = ns.egress("diff httpbin");
  CHECK(diff.status == 1);
  CHECK(contains(diff.out, "-  resolution: STATIC\n+  resolution: DNS\n"));

  const std::string apply =
      "version --client >/dev/null 2>&1; " + print_manifest + " | kubectl egress apply -f - -n $ns";
  const CommandResult refused = ns.kubectl(apply);
  CHECK(refused.status == 1);
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["resolution"].as_string() == "STATIC");
  CHECK(contains(refused.err, ".spec.resolution"));
  CHECK(contains(refused.err, "--force-conflicts"));
  const CommandResult forced = ns.kubectl(apply + " --force-conflicts");
  REQUIRE_MESSAGE(forced.status == 0, forced.err);
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["resolution"].as_string() == "DNS");
  CHECK(contains(ns.egress("list").out, "Ready"));
}

TEST_CASE("a label added to a selector is drift") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  for (const char* object : {"service", "gateway.networking.istio.io"})
    REQUIRE(ns.kubectl(std::string("patch ") + object +
                       " httpbin-egress --type merge -p '{\"spec\":{\"selector\":{\"tier\":\"x\"}}}'")
                .status == 0);
  CHECK(contains(ns.egress("list").out, "Degraded"));
  // The very field; a Service's selector is one of its own on newer servers.
  CHECK(mentions(ns.egress("inspect httpbin").out,
                 {"gateway.networking.istio.io/httpbin-egress", ".spec.selector.tier"}));
  const CommandResult diff = ns.egress("diff httpbin");
  CHECK(diff.status == 1);
  CHECK(contains(diff.out, "-    tier: x\n"));

  const std::string apply =
      "version --client >/dev/null 2>&1; " + print_manifest + " | kubectl egress apply -f - -n $ns";
  const CommandResult refused = ns.kubectl(apply);
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {".spec.selector.tier"}));
  CHECK(contains(refused.err, "--force-conflicts"));
  const CommandResult forced = ns.kubectl(apply + " --force-conflicts");
  REQUIRE_MESSAGE(forced.status == 0, forced.err);
  CHECK_FALSE(ns.object("service httpbin-egress")["spec"]["selector"].has("tier"));
  CHECK(contains(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE("added pod selectors and port TLS settings are drift in every kind, for list, diff and apply") {
  const TestNamespace ns;
  // To one host a policy has the ports' TLS; to several each host has its own, and the policy none.
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --network-policy").status == 0);
  REQUIRE(ns.egress("create several --host a.$ns.example.org --host b.$ns.example.org --protocol https "
                    "--tls passthrough")
              .status == 0);
  const std::string exists_selector = R"({"matchExpressions":[{"key":"tier","operator":"Exists"}]})";
  struct Case {
    const char* gateway;
    std::string object;
    std::string added;
    std::string field;
  };
  const std::vector<Case> cases{
      // From Istio 1.14 on it selects something already.
      {"httpbin", "destinationrule httpbin-egress-upstream",
       R"({"workloadSelector":{"matchLabels":{"tier":"x"}}})", ".spec.workloadSelector"},
      {"httpbin", "destinationrule httpbin-egress", R"({"workloadSelector":{"matchLabels":{"tier":"x"}}})",
       ".spec.workloadSelector"},
      {"httpbin", "serviceentry httpbin-egress", R"({"workloadSelector":{"labels":{"tier":"x"}}})",
       ".spec.workloadSelector"},
      {"httpbin", "networkpolicy httpbin-egress", R"({"podSelector":)" + exists_selector + "}",
       ".spec.podSelector"},
      {"httpbin", "poddisruptionbudget httpbin-egress", R"({"selector":)" + exists_selector + "}",
       ".spec.selector"},
      {"httpbin", "peerauthentication httpbin-egress", R"({"portLevelMtls":{"8080":{"mode":"DISABLE"}}})",
       ".spec.portLevelMtls"},
      {"several", "destinationrule several-egress",
       R"({"trafficPolicy":{"portLevelSettings":[{"port":{"number":443},"tls":{"mode":"DISABLE"}}]}})",
       ".spec.trafficPolicy.portLevelSettings"},
  };
  for (const Case& drift : cases) {
    CAPTURE(drift.object);
    CAPTURE(drift.added);
    const std::string gateway = drift.gateway;
    const Json before = ns.object(drift.object)["spec"];
    const CommandResult patched =
        ns.kubectl("patch " + drift.object + " --type merge -p '{\"spec\":" + drift.added + "}'");
    REQUIRE_MESSAGE(patched.status == 0, patched.err);
    if (ns.object(drift.object)["spec"] == before) {
      MESSAGE("this Istio has no such field");
      continue;
    }
    CHECK(contains(ns.egress("list " + gateway).out, "Degraded"));
    CHECK_MESSAGE(contains(ns.egress("inspect " + gateway).out, " manages " + drift.field),
                  ns.egress("inspect " + gateway).out);
    CHECK(ns.egress("diff " + gateway).status == 1);
    const std::string apply = "version --client >/dev/null 2>&1; kubectl egress inspect " + gateway +
                              " -o yaml -n $ns | kubectl egress apply -f - -n $ns";
    const CommandResult refused = ns.kubectl(apply);
    CHECK(refused.status == 1);
    CHECK(contains(refused.err, drift.field));
    CHECK(contains(refused.err, "--force-conflicts"));
    const CommandResult forced = ns.kubectl(apply + " --force-conflicts");
    REQUIRE_MESSAGE(forced.status == 0, forced.err);
    Json after = ns.object(drift.object)["spec"];
    // What held the settings of ports may stay, and holds nothing.
    if (!before.has("trafficPolicy") && after["trafficPolicy"] == Json(Json::Object{}))
      after.erase("trafficPolicy");
    CHECK(after == before);
    CHECK(contains(ns.egress("list " + gateway).out, "Ready"));
    CHECK(ns.egress("diff " + gateway).status == 0);
  }
}

TEST_CASE(
    "a field changed and set back has a new field manager, and diff shows that apply would take it back") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  for (const char* value : {"STATIC", "DNS"})
    REQUIRE(ns.kubectl("patch serviceentry httpbin-egress --type merge --field-manager=somebody -p "
                       "'{\"spec\":{\"resolution\":\"" +
                       std::string(value) + "\"}}'")
                .status == 0);
  CHECK(contains(ns.egress("list").out, "Degraded"));
  CHECK(mentions(ns.egress("inspect httpbin").out, {"somebody", ".spec.resolution"}));
  const CommandResult diff = ns.egress("diff httpbin");
  CHECK(diff.status == 1);
  const std::string before = line_naming(diff.out, "-#", ".spec.resolution");
  CHECK(mentions(before, {"somebody"}));
  CHECK_FALSE(mentions(before, {"kubectl-egress"}));
  CHECK(mentions(line_naming(diff.out, "+#", ".spec.resolution"), {"kubectl-egress", "somebody"}));
  const CommandResult applied = ns.kubectl("version --client >/dev/null 2>&1; " + print_manifest +
                                           " | kubectl egress apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(contains(applied.out, "serviceentry.networking.istio.io/httpbin-egress configured\n"));
  CHECK(contains(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

}  // namespace egress

TEST_SUITE_END();
