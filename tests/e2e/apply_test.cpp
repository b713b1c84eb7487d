#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::mentions;
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

TEST_CASE("diff shows what only the gateway's record holds, too") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  // Nothing measures pods here: there is no autoscaler that would show it.
  const std::string changed =
      "version --client >/dev/null 2>&1; " + form + " | sed 's/max: 5/max: 7/' | kubectl egress ";
  const Ran shown = ns.kubectl(changed + "diff -f - -n $ns");
  CHECK(shown.status == 1);
  CHECK(has(shown.out, "--- standing/egressgateway/httpbin\n+++ planned/egressgateway/httpbin\n"));
  CHECK(has(shown.out, "max: 7"));
  CHECK(ns.kubectl(changed + "apply -f - -n $ns").status == 0);
  CHECK(ns.kubectl(changed + "diff -f - -n $ns").status == 0);
}

TEST_CASE("an object that lost its label is nobody's, and is not touched") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(ns.kubectl("label service httpbin-egress applyset.kubernetes.io/part-of-").status == 0);
  CHECK(has(ns.egress("list").out, "Degraded"));
  const Json before = ns.object("service httpbin-egress");
  const Ran refused = ns.kubectl("version --client >/dev/null 2>&1; " + form +
                                 " | sed 's/port: 443/port: 8443/' | kubectl egress apply -f - -n $ns");
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"service/httpbin-egress", ns.name(), "--adopt"}));
  CHECK(ns.object("service httpbin-egress") == before);
  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(ns.object("service httpbin-egress") == before);
}

TEST_CASE("an object that somebody made another's is not written to") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(ns.kubectl("create configmap owner").status == 0);
  const std::string uid = ns.object("configmap owner")["metadata"]["uid"].as_string();
  REQUIRE(ns.kubectl("patch service httpbin-egress --type merge -p '{\"metadata\":{\"ownerReferences\":[{"
                     "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\"" +
                     uid + "\"}]}}'")
              .status == 0);
  const Ran refused = ns.kubectl("version --client >/dev/null 2>&1; " + form +
                                 " | sed 's/port: 443/port: 8443/' | kubectl egress apply -f - -n $ns");
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"service/httpbin-egress", "configmap/owner"}));
}

TEST_CASE("another policy of OPA comes with new pods, and the old one stays until they are there") {
  const TestNamespace ns;
  const auto rules = [](const std::string& allow) {
    return "rules=$(mktemp --suffix=.rego); printf 'package envoy.authz\\ndefault allow := " + allow +
           "\\n' >$rules; ";
  };
  const Ran made =
      ns.kubectl("version --client >/dev/null 2>&1; " + rules("false") +
                 "kubectl egress create httpbin --host $ns.example.org --opa-policy $rules -n $ns");
  REQUIRE_MESSAGE(made.status == 0, made.err);
  const auto policy = [&] {
    const Json pod = ns.object("deployment httpbin-egress")["spec"]["template"]["spec"];
    for (const Json& volume : pod["volumes"].items())
      if (volume["name"].as_string() == "opa-policy") return volume["configMap"]["name"].as_string();
    return std::string();
  };
  const std::string before = policy();
  CHECK(has(ns.object("configmap " + before)["data"]["policy.rego"].as_string(), "allow := false"));

  const std::string changed = "version --client >/dev/null 2>&1; " + form +
                              " | sed 's/allow := false/allow := true/' | kubectl egress ";
  const Ran applied = ns.kubectl(changed + "apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  const std::string after = policy();
  CHECK(after != before);
  CHECK(has(applied.out, "configmap/" + after + " created\n"));
  CHECK(has(applied.out, "deployment.apps/httpbin-egress configured\n"));
  CHECK(has(applied.out, "configmap/" + before + " deleted\n"));
  CHECK(applied.out.find("deployment.apps/httpbin-egress configured") <
        applied.out.find("configmap/" + before + " deleted"));
  CHECK(has(ns.object("configmap " + after)["data"]["policy.rego"].as_string(), "allow := true"));
  CHECK(ns.object("configmap " + before).is_null());
  CHECK(has(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE(
    "a gateway whose record somebody deleted is told of, taken up by an apply, and removed by a delete") {
  const TestNamespace ns;
  const std::string objects =
      "api-resources --verbs=list --namespaced -o name | sort -u | grep -v -e events -e "
      "endpoint | xargs -I % kubectl get % -n $ns -o name --ignore-not-found -l "
      "app.kubernetes.io/managed-by=kubectl-egress 2>/dev/null";
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --expose $ns.example.com --self-signed "
                    "--ingress-namespace $ns")
              .status == 0);
  const Ran saved = ns.egress("inspect httpbin -o yaml");
  REQUIRE(ns.kubectl("delete configmap httpbin-egress").status == 0);
  const std::string told = "Warning: objects of egressgateway \"httpbin\" in namespace \"" + ns.name() +
                           "\" stand without their record, configmap/httpbin-egress: ";
  const std::string removal = "kubectl egress delete httpbin -n " + ns.name();
  for (const char* words : {"list", "list httpbin", "list -A -o json"}) {
    CAPTURE(words);
    const Ran listed = ns.egress(words);
    CHECK_MESSAGE(has(listed.err, told), listed.err);
    CHECK(has(listed.err, removal));
  }
  CHECK_FALSE(has(ns.egress("list -l team=shop").err, told));

  const Ran applied = ns.kubectl(
      "version --client >/dev/null 2>&1; kubectl egress apply -n $ns -f - <<'X'\n" + saved.out + "X\n");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  const Ran listed = ns.egress("list");
  CHECK(has(listed.out, "Ready"));
  CHECK_FALSE(has(listed.err, told));

  REQUIRE(ns.kubectl("delete configmap httpbin-egress").status == 0);
  CHECK(has(ns.kubectl(objects).out, "deployment.apps/httpbin-egress"));
  const Ran tried = ns.egress("delete httpbin --dry-run=server");
  CHECK(tried.status == 0);
  CHECK_FALSE(has(tried.out, "configmap/httpbin-egress"));
  const Ran removed = ns.egress("delete httpbin --drain 0s");
  CHECK_MESSAGE(removed.status == 0, removed.err);
  CHECK(removed.out.ends_with("egressgateway/httpbin deleted\n"));
  CHECK(ns.kubectl(objects).out.empty());
  CHECK(ns.egress("list").err == "No egress gateways found in " + ns.name() + " namespace.\n");
  CHECK(ns.egress("delete httpbin").status == 1);
}

TEST_CASE("diff that fails exits with another code than diff that differs") {
  const TestNamespace ns;
  CHECK(ns.egress("diff nobody").status == 2);
  CHECK(ns.egress("diff -f nothing.yaml").status == 2);
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

TEST_CASE(
    "a probe, a policy and pods' places come and go by apply, and so does the profile of another Istio") {
  const TestNamespace ns;
  const std::string plain =
      "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n"
      "metadata: {name: httpbin, namespace: $ns}\nspec:\n  hosts: [$ns.example.org]\n";
  const std::vector<std::string> forms{
      plain,
      plain + "  probe: {path: /status/200}\n  networkPolicy: true\n",
      plain + "  gateway: {replicas: {min: 2, max: 2}, nodeSelector: {a: b}}\n  mesh: {tls: Plaintext}\n",
      plain + "  istio: {version: 1.7.8}\n",
      plain,
  };
  for (const std::string& wanted : forms) {
    CAPTURE(wanted);
    const Ran applied = ns.kubectl(
        "version --client >/dev/null 2>&1; kubectl egress apply --wait=false -f - <<X\n" + wanted + "X\n");
    REQUIRE_MESSAGE(applied.status == 0, applied.err);
  }
  const Json pod = ns.object("deployment httpbin-egress")["spec"]["template"]["spec"];
  CHECK(pod["containers"].items().at(0)["livenessProbe"].is_null());
  CHECK(pod["nodeSelector"].is_null());
}

TEST_CASE("the Service changes its type in place, and keeps its address") {
  const TestNamespace ns;
  std::string address;
  for (const std::string type : {"ClusterIP", "NodePort", "LoadBalancer", "ClusterIP"}) {
    CAPTURE(type);
    const std::string apply =
        "version --client >/dev/null 2>&1; kubectl egress apply -f - <<X\n"
        "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n"
        "metadata: {name: httpbin, namespace: $ns}\n"
        "spec: {hosts: [$ns.example.org], gateway: {serviceType: " +
        type + "}}\nX\n";
    const Ran applied = ns.kubectl(apply);
    REQUIRE_MESSAGE(applied.status == 0, applied.err);
    const Json spec = ns.object("service httpbin-egress")["spec"];
    CHECK(spec["type"].as_string() == type);
    if (address.empty()) address = spec["clusterIP"].as_string();
    CHECK_FALSE(address.empty());
    CHECK(spec["clusterIP"].as_string() == address);
    for (const Json& port : spec["ports"].items()) CHECK(port.has("nodePort") == (type != "ClusterIP"));
    CHECK(has(ns.egress("list").out, "Ready"));
    CHECK(has(ns.kubectl(apply).out, "egressgateway/httpbin unchanged\n"));
  }
}

TEST_CASE("another tool's set of objects is not this one's: kubectl's own pruning leaves a gateway alone") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const std::string pruning =
      "apply --prune --applyset=configmaps/httpbin-egress -n $ns -f - <<X\n"
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: $ns}}\nX\n";
  const Ran refused = testing::sh("export KUBECTL_APPLYSET=true ns=" + ns.name() +
                                  "; ${EGRESS_CURRENT_KUBECTL:-kubectl} " + pruning);
  CHECK(refused.status != 0);
  if (has(refused.err, "unknown flag")) {
    return testing::skip("this kubectl knows no ApplySets; see EGRESS_CURRENT_KUBECTL");
  }
  CHECK_MESSAGE(has(refused.err, "is managed by tooling \"kubectl-egress\" instead of \"kubectl\""),
                refused.err);
  CHECK(ns.object("configmap x").is_null());
  CHECK(has(ns.egress("list").out, "Ready"));
}

TEST_CASE("what was written for a gateway without being on its record is shown, and goes; a copy stays") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const Json labels = ns.object("service httpbin-egress")["metadata"]["labels"];
  // `manager` is what tells what this tool wrote from what somebody copied.
  const auto put = [&](const std::string& name, const std::string& manager) {
    std::string lines;
    for (const auto& [key, value] : labels.members()) lines += key + "=" + value.as_string() + " ";
    const Ran ran =
        ns.kubectl("create service clusterip " + name +
                   " --tcp=80:80 --dry-run=client -o yaml | kubectl label -f - --local -o yaml "
                   "--overwrite " +
                   lines + " | kubectl apply --server-side --field-manager=" + manager + " -n $ns -f -");
    REQUIRE_MESSAGE(ran.status == 0, ran.err);
  };
  put("stray", "kubectl-egress");
  CHECK(has(ns.egress("list").out, "Degraded"));
  const Ran shown = ns.egress("diff httpbin");
  CHECK(shown.status == 1);
  CHECK(has(shown.out, "--- standing/service/stray\n+++ /dev/null\n"));
  const std::string apply =
      "version --client >/dev/null 2>&1; " + form + " | kubectl egress apply -f - -n $ns";
  const Ran applied = ns.kubectl(apply);
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(has(applied.out, "service/stray deleted\n"));
  CHECK(has(ns.egress("list").out, "Ready"));

  put("stray", "kubectl-egress");
  put("copy", "somebody");
  const std::string command =
      "kubectl label service/copy -n " + ns.name() + " applyset.kubernetes.io/part-of-";
  CHECK(mentions(ns.egress("inspect httpbin").out, {"service/copy", command}));
  REQUIRE(ns.kubectl(apply).status == 0);
  CHECK(ns.object("service stray").is_null());
  // No apply takes the copy away; the command that is told heals the gateway.
  CHECK(has(ns.egress("list").out, "Degraded"));
  CHECK(has(ns.egress("inspect httpbin").out, "\n  " + command + "\n"));
  REQUIRE(testing::sh(command).status == 0);
  CHECK(has(ns.egress("list").out, "Ready"));
  put("stray", "kubectl-egress");
  put("copy", "somebody");
  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(ns.object("service stray").is_null());
  CHECK_FALSE(ns.object("service copy").is_null());
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
  CHECK(mentions(refused.err, {"create deployments.apps", ns.name()}));
  CHECK(has(refused.err, "kubectl create role "));
  CHECK(ns.object("configmap httpbin-egress").is_null());
  testing::sh("kubectl delete clusterrolebinding " + ns.name() + "-view");
}

}  // namespace egress

TEST_SUITE_END();
