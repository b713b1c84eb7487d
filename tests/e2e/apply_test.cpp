#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

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

}  // namespace

TEST_CASE("apply changes what the file changes, and a second apply changes nothing") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const std::string pipe_changed_manifest_to =
      print_manifest + " | sed 's/port: 443/port: 8443/' | kubectl egress ";
  const CommandResult diff =
      ns.kubectl("version --client >/dev/null 2>&1; " + pipe_changed_manifest_to + "diff -f - -n $ns");
  CHECK(diff.status == 1);
  CHECK(contains(diff.out, "-    number: 443\n+    number: 8443\n"));

  const CommandResult applied =
      ns.kubectl("version --client >/dev/null 2>&1; " + pipe_changed_manifest_to + "apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(contains(applied.out, "serviceentry.networking.istio.io/httpbin-egress configured\n"));
  CHECK(contains(applied.out, "deployment.apps/httpbin-egress unchanged\n"));
  CHECK(applied.out.ends_with("egressgateway/httpbin configured\n"));
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["ports"].items().at(0)["number"].as_integer() ==
        8443);
  CHECK(contains(ns.egress("list").out, "Ready"));

  const Json before = ns.object("configmap httpbin-egress");
  const CommandResult again =
      ns.kubectl("version --client >/dev/null 2>&1; " + pipe_changed_manifest_to + "apply -f - -n $ns");
  CHECK(again.status == 0);
  CHECK_FALSE(contains(again.out, "configured"));
  CHECK(again.out.ends_with("egressgateway/httpbin unchanged\n"));
  CHECK(ns.object("configmap httpbin-egress") == before);
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE("diff also shows changes that only the record holds") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  // Nothing measures pods here: there is no autoscaler that would show it.
  const std::string pipe_changed_manifest_to =
      "version --client >/dev/null 2>&1; " + print_manifest + " | sed 's/max: 5/max: 7/' | kubectl egress ";
  const CommandResult diff = ns.kubectl(pipe_changed_manifest_to + "diff -f - -n $ns");
  CHECK(diff.status == 1);
  CHECK(contains(diff.out, "--- live/egressgateway/httpbin\n+++ planned/egressgateway/httpbin\n"));
  CHECK(contains(diff.out, "max: 7"));
  CHECK(ns.kubectl(pipe_changed_manifest_to + "apply -f - -n $ns").status == 0);
  CHECK(ns.kubectl(pipe_changed_manifest_to + "diff -f - -n $ns").status == 0);
}

TEST_CASE("an object without its label has no owner and is not changed") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(ns.kubectl("label service httpbin-egress applyset.kubernetes.io/part-of-").status == 0);
  CHECK(contains(ns.egress("list").out, "Degraded"));
  const Json before = ns.object("service httpbin-egress");
  const CommandResult refused =
      ns.kubectl("version --client >/dev/null 2>&1; " + print_manifest +
                 " | sed 's/port: 443/port: 8443/' | kubectl egress apply -f - -n $ns");
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"service/httpbin-egress", ns.name(), "--adopt"}));
  CHECK(ns.object("service httpbin-egress") == before);
  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(ns.object("service httpbin-egress") == before);
}

TEST_CASE("an object with another owner reference is not written") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(ns.kubectl("create configmap owner").status == 0);
  const std::string uid = ns.object("configmap owner")["metadata"]["uid"].as_string();
  REQUIRE(ns.kubectl("patch service httpbin-egress --type merge -p '{\"metadata\":{\"ownerReferences\":[{"
                     "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\"" +
                     uid + "\"}]}}'")
              .status == 0);
  const CommandResult refused =
      ns.kubectl("version --client >/dev/null 2>&1; " + print_manifest +
                 " | sed 's/port: 443/port: 8443/' | kubectl egress apply -f - -n $ns");
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"service/httpbin-egress", "configmap/owner"}));
}

TEST_CASE("a changed OPA policy is rolled out with new pods, and the old policy is deleted after that") {
  const TestNamespace ns;
  const auto write_policy = [](const std::string& allow) {
    return "rules=$(mktemp --suffix=.rego); printf 'package envoy.authz\\ndefault allow := " + allow +
           "\\n' >$rules; ";
  };
  const CommandResult created =
      ns.kubectl("version --client >/dev/null 2>&1; " + write_policy("false") +
                 "kubectl egress create httpbin --host $ns.example.org --opa-policy $rules -n $ns");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const auto policy = [&] {
    const Json pod = ns.object("deployment httpbin-egress")["spec"]["template"]["spec"];
    for (const Json& volume : pod["volumes"].items())
      if (volume["name"].as_string() == "opa-policy") return volume["configMap"]["name"].as_string();
    return std::string();
  };
  const std::string before = policy();
  CHECK(contains(ns.object("configmap " + before)["data"]["policy.rego"].as_string(), "allow := false"));

  const std::string pipe_changed_manifest_to = "version --client >/dev/null 2>&1; " + print_manifest +
                                               " | sed 's/allow := false/allow := true/' | kubectl egress ";
  const CommandResult applied = ns.kubectl(pipe_changed_manifest_to + "apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  const std::string after = policy();
  CHECK(after != before);
  CHECK(contains(applied.out, "configmap/" + after + " created\n"));
  CHECK(contains(applied.out, "deployment.apps/httpbin-egress configured\n"));
  CHECK(contains(applied.out, "configmap/" + before + " deleted\n"));
  CHECK(applied.out.find("deployment.apps/httpbin-egress configured") <
        applied.out.find("configmap/" + before + " deleted"));
  CHECK(contains(ns.object("configmap " + after)["data"]["policy.rego"].as_string(), "allow := true"));
  CHECK(ns.object("configmap " + before).is_null());
  CHECK(contains(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE("a gateway whose record was deleted is reported, adopted by apply and deleted by delete") {
  const TestNamespace ns;
  const std::string objects =
      "api-resources --verbs=list --namespaced -o name | sort -u | grep -v -e events -e "
      "endpoint | xargs -I % kubectl get % -n $ns -o name --ignore-not-found -l "
      "app.kubernetes.io/managed-by=kubectl-egress 2>/dev/null";
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --expose $ns.example.com --self-signed "
                    "--ingress-namespace $ns")
              .status == 0);
  const CommandResult manifest = ns.egress("inspect httpbin -o yaml");
  REQUIRE(ns.kubectl("delete configmap httpbin-egress").status == 0);
  const std::string warning = "Warning: egressgateway/httpbin -n " + ns.name() +
                              " has objects but no record (configmap/httpbin-egress -n " + ns.name() + "); ";
  const std::string delete_command = "kubectl egress delete httpbin -n " + ns.name();
  for (const char* words : {"list", "list httpbin", "list -A -o json"}) {
    CAPTURE(words);
    const CommandResult listed = ns.egress(words);
    CHECK_MESSAGE(contains(listed.err, warning), listed.err);
    CHECK(contains(listed.err, delete_command));
  }
  CHECK_FALSE(contains(ns.egress("list -l team=shop").err, warning));

  const CommandResult applied = ns.kubectl(
      "version --client >/dev/null 2>&1; kubectl egress apply -n $ns -f - <<'X'\n" + manifest.out + "X\n");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  const CommandResult listed = ns.egress("list");
  CHECK(contains(listed.out, "Ready"));
  CHECK_FALSE(contains(listed.err, warning));

  REQUIRE(ns.kubectl("delete configmap httpbin-egress").status == 0);
  CHECK(contains(ns.kubectl(objects).out, "deployment.apps/httpbin-egress"));
  const CommandResult dry_run = ns.egress("delete httpbin --dry-run=server");
  CHECK(dry_run.status == 0);
  CHECK_FALSE(contains(dry_run.out, "configmap/httpbin-egress"));
  const CommandResult deleted = ns.egress("delete httpbin --drain 0s");
  CHECK_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(deleted.out.ends_with("egressgateway/httpbin deleted\n"));
  CHECK(ns.kubectl(objects).out.empty());
  CHECK(ns.egress("list").err == "No egress gateways found in " + ns.name() + " namespace.\n");
  CHECK(ns.egress("delete httpbin").status == 1);
}

TEST_CASE("a failed diff and a diff with differences have different exit codes") {
  const TestNamespace ns;
  CHECK(ns.egress("diff nobody").status == 2);
  CHECK(ns.egress("diff -f nothing.yaml").status == 2);
}

TEST_CASE("apply recreates deleted objects and deletes obsolete ones") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org --network-policy").status == 0);
  REQUIRE(ns.kubectl("delete destinationrule httpbin-egress").status == 0);
  const CommandResult applied = ns.kubectl("version --client >/dev/null 2>&1; " + print_manifest +
                                           " | grep -v networkPolicy | kubectl egress apply -f - -n $ns");
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(contains(applied.out, "destinationrule.networking.istio.io/httpbin-egress created\n"));
  CHECK(contains(applied.out, "networkpolicy.networking.k8s.io/httpbin-egress deleted\n"));
  CHECK(ns.object("networkpolicy httpbin-egress").is_null());
  CHECK(contains(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE(
    "apply adds and removes a probe, a policy, pod placement and the profile of another Istio version") {
  const TestNamespace ns;
  const std::string plain =
      "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n"
      "metadata: {name: httpbin, namespace: $ns}\nspec:\n  hosts: [$ns.example.org]\n";
  const std::vector<std::string> manifests{
      plain,
      plain + "  probe: {path: /status/200}\n  networkPolicy: true\n",
      plain + "  gateway: {replicas: {min: 2, max: 2}, nodeSelector: {a: b}}\n  mesh: {tls: Plaintext}\n",
      plain + "  istio: {version: 1.7.8}\n",
      plain,
  };
  for (const std::string& manifest : manifests) {
    CAPTURE(manifest);
    const CommandResult applied = ns.kubectl(
        "version --client >/dev/null 2>&1; kubectl egress apply --wait=false -f - <<X\n" + manifest + "X\n");
    REQUIRE_MESSAGE(applied.status == 0, applied.err);
  }
  const Json pod = ns.object("deployment httpbin-egress")["spec"]["template"]["spec"];
  CHECK(pod["containers"].items().at(0)["livenessProbe"].is_null());
  CHECK(pod["nodeSelector"].is_null());
}

TEST_CASE("the Service's type changes in place and its address stays") {
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
    const CommandResult applied = ns.kubectl(apply);
    REQUIRE_MESSAGE(applied.status == 0, applied.err);
    const Json spec = ns.object("service httpbin-egress")["spec"];
    CHECK(spec["type"].as_string() == type);
    if (address.empty()) address = spec["clusterIP"].as_string();
    CHECK_FALSE(address.empty());
    CHECK(spec["clusterIP"].as_string() == address);
    for (const Json& port : spec["ports"].items()) CHECK(port.has("nodePort") == (type != "ClusterIP"));
    CHECK(contains(ns.egress("list").out, "Ready"));
    CHECK(contains(ns.kubectl(apply).out, "egressgateway/httpbin unchanged\n"));
  }
}

TEST_CASE("kubectl apply --prune does not prune a gateway's ApplySet") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const std::string prune_command =
      "apply --prune --applyset=configmaps/httpbin-egress -n $ns -f - <<X\n"
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: $ns}}\nX\n";
  const CommandResult refused = testing::sh("export KUBECTL_APPLYSET=true ns=" + ns.name() +
                                            "; ${EGRESS_CURRENT_KUBECTL:-kubectl} " + prune_command);
  CHECK(refused.status != 0);
  if (contains(refused.err, "unknown flag")) {
    return testing::skip("this kubectl knows no ApplySets; see EGRESS_CURRENT_KUBECTL");
  }
  CHECK_MESSAGE(contains(refused.err, "is managed by tooling \"kubectl-egress\" instead of \"kubectl\""),
                refused.err);
  CHECK(ns.object("configmap x").is_null());
  CHECK(contains(ns.egress("list").out, "Ready"));
}

TEST_CASE("an extra object of this tool's field manager is shown and deleted, and a copy stays") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const Json labels = ns.object("service httpbin-egress")["metadata"]["labels"];
  // `manager` is what tells what this tool wrote from what somebody copied.
  const auto apply_service = [&](const std::string& name, const std::string& manager) {
    std::string lines;
    for (const auto& [key, value] : labels.members()) lines += key + "=" + value.as_string() + " ";
    const CommandResult result =
        ns.kubectl("create service clusterip " + name +
                   " --tcp=80:80 --dry-run=client -o yaml | kubectl label -f - --local -o yaml "
                   "--overwrite " +
                   lines + " | kubectl apply --server-side --field-manager=" + manager + " -n $ns -f -");
    REQUIRE_MESSAGE(result.status == 0, result.err);
  };
  apply_service("stray", "kubectl-egress");
  CHECK(contains(ns.egress("list").out, "Degraded"));
  const CommandResult diff = ns.egress("diff httpbin");
  CHECK(diff.status == 1);
  CHECK(contains(diff.out, "--- live/service/stray\n+++ /dev/null\n"));
  const std::string apply =
      "version --client >/dev/null 2>&1; " + print_manifest + " | kubectl egress apply -f - -n $ns";
  const CommandResult applied = ns.kubectl(apply);
  REQUIRE_MESSAGE(applied.status == 0, applied.err);
  CHECK(contains(applied.out, "service/stray deleted\n"));
  CHECK(contains(ns.egress("list").out, "Ready"));

  apply_service("stray", "kubectl-egress");
  apply_service("copy", "somebody");
  const std::string command =
      "kubectl label service/copy -n " + ns.name() + " applyset.kubernetes.io/part-of-";
  CHECK(mentions(ns.egress("inspect httpbin").out, {"service/copy", command}));
  REQUIRE(ns.kubectl(apply).status == 0);
  CHECK(ns.object("service stray").is_null());
  // Apply does not delete the copy; the printed command fixes the gateway.
  CHECK(contains(ns.egress("list").out, "Degraded"));
  CHECK(contains(ns.egress("inspect httpbin").out, "\n  " + command + "\n"));
  REQUIRE(testing::sh(command).status == 0);
  CHECK(contains(ns.egress("list").out, "Ready"));
  apply_service("stray", "kubectl-egress");
  apply_service("copy", "somebody");
  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(ns.object("service stray").is_null());
  CHECK_FALSE(ns.object("service copy").is_null());
}

TEST_CASE("missing permissions are listed before anything is written, with the role that grants them") {
  const TestNamespace ns;
  REQUIRE(testing::sh("kubectl create clusterrolebinding " + ns.name() +
                      "-view --clusterrole=view --user=" + ns.name())
              .status == 0);
  const CommandResult refused =
      ns.egress("create httpbin --host $ns.example.org --istio-version 1.30 --as " + ns.name());
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"create deployments.apps", ns.name()}));
  CHECK(contains(refused.err, "kubectl create role "));
  CHECK(ns.object("configmap httpbin-egress").is_null());
  testing::sh("kubectl delete clusterrolebinding " + ns.name() + "-view");
}

}  // namespace egress

TEST_SUITE_END();
