#include <doctest/doctest.h>

#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::in_namespace;
using testing::mentions;
using testing::Ran;
using testing::sh;
using testing::TestNamespace;

/// What stands in the namespace that could be a gateway's.
std::string objects_in(const TestNamespace& ns) {
  return ns
      .kubectl(
          "get configmap,serviceaccount,role,service,deployment,gateway.networking.istio.io,virtualservice,"
          "destinationrule,serviceentry,peerauthentication -o name | grep egress")
      .out;
}

}  // namespace

TEST_CASE("a namespace that is missing is an error, or made where that is asked for") {
  const TestNamespace ns;
  const std::string missing = ns.name() + "-new";
  const Ran refused = sh("kubectl egress create httpbin --host httpbin.org -n " + missing);
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with("error: "));
  CHECK(mentions(refused.err, {in_namespace(missing), "does not exist", "--create-namespace",
                               "kubectl create namespace " + missing}));
  const Ran made =
      sh("kubectl egress create httpbin --host " + missing + ".example.org --create-namespace -n " + missing);
  CHECK_MESSAGE(made.status == 0, made.err);
  CHECK(made.out.starts_with("namespace/" + missing + " created\n"));
  CHECK(sh("kubectl egress delete httpbin -n " + missing).status == 0);
  CHECK(sh("kubectl delete namespace --wait=false " + missing).status == 0);
}

TEST_CASE("who may not make the namespace is told so with all else, and is not left with half of it") {
  const TestNamespace ns;
  const std::string missing = ns.name() + "-new";
  const std::string user = " --as " + ns.name();
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const Ran refused = sh("kubectl egress create httpbin --host " + missing +
                         ".example.org --istio-version 1.30 --create-namespace -n " + missing + user);
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(refused.err.starts_with("error: "));
  CHECK(mentions(refused.err,
                 {"create deployments.apps", missing, "create namespaces",
                  "kubectl create clusterrole egress-gateways-1 --verb=create --resource=namespaces"}));
  CHECK(sh("kubectl get namespace " + missing).status != 0);
  sh("kubectl delete clusterrolebinding " + ns.name());
}

TEST_CASE("a namespace that was made stays where the rest is refused, and how to take it away is said") {
  const TestNamespace ns;
  const std::string made = ns.name() + "-new";
  const Ran refused = sh("kubectl egress create httpbin --host " + made +
                         ".example.org --adopt service/nobody --create-namespace -n " + made);
  CHECK(refused.status == 1);
  CHECK(refused.out == "namespace/" + made + " created\n");
  CHECK(mentions(refused.err, {"Warning", in_namespace(made), "kubectl delete namespace " + made}));
  CHECK(sh("kubectl get configmap httpbin-egress -n " + made).status != 0);
  CHECK(sh("kubectl delete namespace --wait=false " + made).status == 0);
}

TEST_CASE("a name that a foreign object has is refused before anything is written") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create service clusterip httpbin-egress --tcp=80:80").status == 0);
  const Json before = ns.object("service httpbin-egress");
  const Ran refused = ns.egress("create httpbin --host $ns.example.org");
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(mentions(refused.err, {"service/httpbin-egress", ns.name(), "--adopt"}));
  CHECK(ns.object("service httpbin-egress") == before);
  CHECK(objects_in(ns) == "service/httpbin-egress\n");
}

TEST_CASE("a ConfigMap of the record's name that is no record is refused, by every command") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create configmap httpbin-egress --from-literal=a=b").status == 0);
  for (const char* words : {"create httpbin --host httpbin.org", "inspect httpbin", "delete httpbin"}) {
    CAPTURE(words);
    const Ran refused = ns.egress(words);
    CHECK(refused.status == 1);
    CHECK(mentions(refused.err, {"error", "configmap/httpbin-egress", ns.name(), "record"}));
  }
  CHECK(objects_in(ns) == "configmap/httpbin-egress\n");
}

TEST_CASE("who may not write is told everything that is forbidden, and nothing is written") {
  const TestNamespace ns;
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const Ran refused =
      ns.egress("create httpbin --host $ns.example.org --istio-version 1.30 --as " + ns.name());
  sh("kubectl delete clusterrolebinding " + ns.name());
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(refused.err.starts_with("error: "));
  for (const char* kind :
       {"serviceaccounts", "deployments.apps", "gateways.networking.istio.io", "configmaps"}) {
    CAPTURE(kind);
    CHECK(refused.err.find(kind) != std::string::npos);
  }
  CHECK(objects_in(ns) == "");
}

TEST_CASE("a namespace that Istio passes over and a permission that is missing are told of in one run") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("label namespace $ns istio-injection=disabled").status == 0);
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const Ran refused =
      ns.egress("create httpbin --host $ns.example.org --istio-version 1.30 --as " + ns.name());
  sh("kubectl delete clusterrolebinding " + ns.name());
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with("error: "));
  CHECK(mentions(refused.err, {ns.name(), "istio-injection=disabled", "create deployments.apps",
                               "kubectl label namespace " + ns.name() + " istio-injection-"}));
  CHECK(refused.err.find("kubectl create role ") != std::string::npos);
  CHECK(objects_in(ns) == "");
}

TEST_CASE("what may not be pruned is told of together with what may not be written") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create old --host old.$ns.example.org --network-policy --wait=false").status == 0);
  const std::string before = objects_in(ns);
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const auto pruned = [&](const std::vector<std::string>& names) {
    std::string files;
    for (const std::string& name : names)
      files += "---\napiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\nmetadata: {name: " + name +
               ", namespace: $ns}\nspec: {hosts: [" + name + ".$ns.example.org], istio: {version: 1.30.0}}\n";
    return ns.kubectl("version --client >/dev/null 2>&1; kubectl egress apply --prune -f - --as " +
                      ns.name() + " <<X\n" + files + "X\n");
  };
  for (const std::vector<std::string>& names : {std::vector<std::string>{"a"}, {"a", "b"}}) {
    CAPTURE(names.size());
    const Ran refused = pruned(names);
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(mentions(refused.err, {"create deployments.apps"}));
    // Of what stands alone, and of what is to stand.
    const std::string policies = "delete networkpolicies.networking.k8s.io";
    CHECK(refused.err.find(policies) != std::string::npos);
    CHECK(refused.err.find(policies) == refused.err.rfind(policies));
    CHECK(objects_in(ns) == before);
  }
  sh("kubectl delete clusterrolebinding " + ns.name());
}

TEST_CASE("impossible names and hosts are refused without asking the server") {
  for (const char* words :
       {"create Httpbin --host httpbin.org", "create httpbin --host httpbin", "create httpbin --host '*.org'",
        "create httpbin --host https://httpbin.org", "create httpbin --host httpbin.org --port 70000",
        "create httpbin --host httpbin.org --alias httpbin.org",
        "create httpbin --host httpbin.org --tls sometimes",
        "create httpbin --host httpbin.org --timeout soon", "create httpbin", "create"}) {
    CAPTURE(words);
    const Ran refused = sh("kubectl egress " + std::string(words) + " --server https://127.0.0.1:1");
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(refused.err.starts_with("error: "));
    CHECK(refused.err.find("127.0.0.1") == std::string::npos);
  }
}

TEST_CASE("a misspelt command or flag gets the nearest one") {
  const Ran command = sh("kubectl egress craete httpbin");
  CHECK(command.status == 1);
  CHECK(command.err.find("unknown command \"craete\" for \"kubectl egress\"") != std::string::npos);
  CHECK(mentions(command.err, {"did you mean", "create"}));
  const Ran flag = sh("kubectl egress create httpbin --hots httpbin.org");
  CHECK(flag.err.find("unknown flag: --hots") != std::string::npos);
  CHECK(mentions(flag.err, {"did you mean --host"}));
}

TEST_CASE("a cluster without Istio's CustomResourceDefinitions is told so") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string crd = "gateways.networking.istio.io";
  const std::string kept = "\"$EGRESS_SANDBOX_DIR\"/kept-crd.yaml";
  REQUIRE(sh("kubectl get crd " + crd +
             " -o json | jq 'del(.metadata.uid, .metadata.resourceVersion, .status)' > " + kept +
             " && kubectl delete crd " + crd)
              .status == 0);
  // The server's discovery follows a moment later.
  sh("for i in $(seq 50); do kubectl get --raw /apis/networking.istio.io/v1beta1 | grep -q '\"gateways\"' || "
     "exit 0; "
     "sleep 0.2; done");
  const Ran refused = ns.egress("create httpbin --host $ns.example.org");
  REQUIRE(sh("kubectl create --validate=false -f " + kept).status == 0);
  CHECK(sh("kubectl wait --for=condition=Established --timeout=20s crd " + crd).status == 0);
  CHECK(sh("for i in $(seq 50); do kubectl get --raw /apis/networking.istio.io/v1beta1 | grep -q "
           "'\"gateways\"' && "
           "exit 0; sleep 0.2; done; exit 1")
            .status == 0);
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"CustomResourceDefinitions", "Gateway.networking.istio.io"}));
  CHECK(objects_in(ns) == "");
}

TEST_CASE("deleting and inspecting what is not there is an error that says where to look") {
  const TestNamespace ns;
  for (const char* words : {"delete nope", "inspect nope"}) {
    CAPTURE(words);
    const Ran refused = ns.egress(words);
    CHECK(refused.status == 1);
    CHECK(refused.err.starts_with("error: "));
    CHECK(mentions(refused.err, {"egressgateway", "nope", ns.name(), "not found", "kubectl egress list -A"}));
  }
  CHECK(ns.egress("delete nope --ignore-not-found").status == 0);
}

}  // namespace egress

TEST_SUITE_END();
