#include <doctest/doctest.h>

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

/// The gateway httpbin of a namespace, as a file.
const std::string form = "kubectl egress inspect httpbin -o yaml -n $ns";

}  // namespace

TEST_CASE("apply changes what the file changes, and the same apply again nothing") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const std::string changed = form + " | sed 's/port: 443/port: 8443/' | kubectl egress ";
  const Ran shown = ns.kubectl("version --client >/dev/null 2>&1; " + changed + "diff -f - -n $ns");
  CHECK(shown.status == 1);
  CHECK(has(shown.out, "-    number: 443\n+    number: 8443\n"));

  const Ran applied = ns.kubectl("version --client >/dev/null 2>&1; " + changed + "apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(has(applied.out, "serviceentry.networking.istio.io/httpbin-egress configured\n"));
  CHECK(has(applied.out, "deployment.apps/httpbin-egress unchanged\n"));
  CHECK(applied.out.ends_with("egressgateway/httpbin configured\n"));
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["ports"].items().at(0)["number"].as_integer() ==
        8443);
  CHECK(has(ns.egress("list").out, "Ready"));

  const Json before = ns.object("configmap httpbin-egress");
  const Ran again = ns.kubectl("version --client >/dev/null 2>&1; " + changed + "apply -f - -n $ns");
  CHECK(again.status == 0);
  CHECK_FALSE(has(again.out, "configured"));
  CHECK(again.out.ends_with("egressgateway/httpbin unchanged\n"));
  CHECK(ns.object("configmap httpbin-egress") == before);
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE(
    "a field that somebody else changes is drift: shown, refused, and taken back where that is asked for") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(
      ns.kubectl("patch serviceentry httpbin-egress --type merge -p '{\"spec\":{\"resolution\":\"STATIC\"}}'")
          .status == 0);
  CHECK(has(ns.egress("list").out, "Degraded"));
  CHECK(has(ns.egress("inspect httpbin").out,
            "serviceentry.networking.istio.io/httpbin-egress was changed by someone else: "));
  const Ran shown = ns.egress("diff httpbin");
  CHECK(shown.status == 1);
  CHECK(has(shown.out, "-  resolution: STATIC\n+  resolution: DNS\n"));

  const std::string apply =
      "version --client >/dev/null 2>&1; " + form + " | kubectl egress apply -f - -n $ns";
  const Ran refused = ns.kubectl(apply);
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "nothing was written"));
  CHECK(has(refused.err, ".spec.resolution"));
  CHECK(has(refused.err, "--force-conflicts"));
  const Ran forced = ns.kubectl(apply + " --force-conflicts");
  REQUIRE_MESSAGE(forced.status == 0, forced.err);
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["resolution"].as_string() == "DNS");
  CHECK(has(ns.egress("list").out, "Ready"));
}

TEST_CASE("apply makes anew what somebody deleted, and removes what the gateway no longer needs") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --network-policy").status == 0);
  REQUIRE(ns.kubectl("delete destinationrule httpbin-egress").status == 0);
  const Ran applied = ns.kubectl("version --client >/dev/null 2>&1; " + form +
                                 " | grep -v networkPolicy | kubectl egress apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(has(applied.out, "destinationrule.networking.istio.io/httpbin-egress created\n"));
  CHECK(has(applied.out, "networkpolicy.networking.k8s.io/httpbin-egress deleted\n"));
  CHECK(ns.object("networkpolicy httpbin-egress").is_null());
  CHECK(has(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE("an object of others is taken over only where it is named, and from whom is said") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount httpbin-egress").status == 0);
  const Ran refused = ns.egress("create httpbin --host $ns.example.org");
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "--adopt serviceaccount/httpbin-egress"));
  const Ran adopted =
      ns.egress("create httpbin --host $ns.example.org --adopt serviceaccount/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  CHECK(has(adopted.err,
            "serviceaccount/httpbin-egress in namespace \"" + ns.name() + "\" is taken over from "));
  CHECK(ns.egress("delete httpbin").status == 0);
  CHECK(ns.object("serviceaccount httpbin-egress").is_null());
}

TEST_CASE(
    "permissions that are missing are listed before anything is written, with the role that grants them") {
  const TestNamespace ns;
  REQUIRE(testing::sh("kubectl create clusterrolebinding " + ns.name() +
                      "-view --clusterrole=view --user=" + ns.name())
              .status == 0);
  const Ran refused =
      ns.egress("create httpbin --host $ns.example.org --istio-version 1.30 --as " + ns.name());
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "you may not create deployments.apps in namespace \"" + ns.name() + "\""));
  CHECK(has(refused.err, "kubectl create role "));
  CHECK(ns.object("configmap httpbin-egress").is_null());
  testing::sh("kubectl delete clusterrolebinding " + ns.name() + "-view");
}

}  // namespace egress

TEST_SUITE_END();
