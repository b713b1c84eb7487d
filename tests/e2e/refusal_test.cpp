#include <doctest/doctest.h>

#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::in_namespace;
using testing::mentions;
using testing::sh;
using testing::TestNamespace;

/// The objects in the namespace that could belong to a gateway.
std::string gateway_objects(const TestNamespace& ns) {
  return ns
      .kubectl(
          "get configmap,serviceaccount,role,service,deployment,gateway.networking.istio.io,virtualservice,"
          "destinationrule,serviceentry,peerauthentication -o name | grep egress")
      .out;
}

}  // namespace

TEST_CASE("a missing namespace is an error, or created with --create-namespace") {
  const TestNamespace ns;
  const std::string missing = ns.name() + "-new";
  const CommandResult refused = sh("kubectl egress create httpbin --host httpbin.org -n " + missing);
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with("error: "));
  CHECK(mentions(refused.err, {in_namespace(missing), "does not exist", "--create-namespace",
                               "kubectl create namespace " + missing}));
  const CommandResult created =
      sh("kubectl egress create httpbin --host " + missing + ".example.org --create-namespace -n " + missing);
  CHECK_MESSAGE(created.status == 0, created.err);
  CHECK(created.out.starts_with("namespace/" + missing + " created\n"));
  CHECK(sh("kubectl egress delete httpbin -n " + missing).status == 0);
  CHECK(sh("kubectl delete namespace --wait=false " + missing).status == 0);
}

TEST_CASE(
    "a missing permission to create the namespace is reported with the others, and nothing is written") {
  const TestNamespace ns;
  const std::string missing = ns.name() + "-new";
  const std::string user = " --as " + ns.name();
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const CommandResult refused =
      sh("kubectl egress create httpbin --host " + missing +
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

TEST_CASE("a created namespace stays when the rest is refused, with the command to delete it") {
  const TestNamespace ns;
  const std::string new_namespace = ns.name() + "-new";
  const CommandResult refused =
      sh("kubectl egress create httpbin --host " + new_namespace +
         ".example.org --adopt service/nobody --create-namespace -n " + new_namespace);
  CHECK(refused.status == 1);
  CHECK(refused.out == "namespace/" + new_namespace + " created\n");
  CHECK(mentions(refused.err,
                 {"Warning", in_namespace(new_namespace), "kubectl delete namespace " + new_namespace}));
  CHECK(sh("kubectl get configmap httpbin-egress -n " + new_namespace).status != 0);
  CHECK(sh("kubectl delete namespace --wait=false " + new_namespace).status == 0);
}

TEST_CASE("a name that a foreign object uses is refused before anything is written") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create service clusterip httpbin-egress --tcp=80:80").status == 0);
  const Json before = ns.object("service httpbin-egress");
  const CommandResult refused = ns.egress("create httpbin --host $ns.example.org");
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(mentions(refused.err, {"service/httpbin-egress", ns.name(), "--adopt"}));
  CHECK(ns.object("service httpbin-egress") == before);
  CHECK(gateway_objects(ns) == "service/httpbin-egress\n");
}

TEST_CASE("every command refuses a ConfigMap with the record's name that is no record") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create configmap httpbin-egress --from-literal=a=b").status == 0);
  for (const char* arguments : {"create httpbin --host httpbin.org", "inspect httpbin", "delete httpbin"}) {
    CAPTURE(arguments);
    const CommandResult refused = ns.egress(arguments);
    CHECK(refused.status == 1);
    CHECK(mentions(refused.err, {"error", "configmap/httpbin-egress", ns.name(), "record"}));
  }
  CHECK(gateway_objects(ns) == "configmap/httpbin-egress\n");
}

TEST_CASE("all missing permissions are reported, and nothing is written") {
  const TestNamespace ns;
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const CommandResult refused =
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
  CHECK(gateway_objects(ns) == "");
}

TEST_CASE("a namespace without injection and a missing permission are reported together") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("label namespace $ns istio-injection=disabled").status == 0);
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const CommandResult refused =
      ns.egress("create httpbin --host $ns.example.org --istio-version 1.30 --as " + ns.name());
  sh("kubectl delete clusterrolebinding " + ns.name());
  CHECK(refused.status == 1);
  CHECK(refused.err.starts_with("error: "));
  CHECK(mentions(refused.err, {ns.name(), "istio-injection=disabled", "create deployments.apps",
                               "kubectl label namespace " + ns.name() + " istio-injection-"}));
  CHECK(refused.err.find("kubectl create role ") != std::string::npos);
  CHECK(gateway_objects(ns) == "");
}

TEST_CASE("missing permissions to prune are reported together with those to write") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create old --host old.$ns.example.org --network-policy --wait=false").status == 0);
  const std::string before = gateway_objects(ns);
  REQUIRE(sh("kubectl create clusterrolebinding " + ns.name() + " --clusterrole=view --user=" + ns.name())
              .status == 0);
  const auto apply_with_prune = [&](const std::vector<std::string>& names) {
    std::string files;
    for (const std::string& name : names)
      files += "---\napiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\nmetadata: {name: " + name +
               ", namespace: $ns}\nspec: {hosts: [" + name + ".$ns.example.org], istio: {version: 1.30.0}}\n";
    return ns.kubectl("version --client >/dev/null 2>&1; kubectl egress apply --prune -f - --as " +
                      ns.name() + " <<X\n" + files + "X\n");
  };
  for (const std::vector<std::string>& names : {std::vector<std::string>{"a"}, {"a", "b"}}) {
    CAPTURE(names.size());
    const CommandResult refused = apply_with_prune(names);
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(mentions(refused.err, {"create deployments.apps"}));
    // An existing object, and one that is to be created.
    const std::string policies = "delete networkpolicies.networking.k8s.io";
    CHECK(refused.err.find(policies) != std::string::npos);
    CHECK(refused.err.find(policies) == refused.err.rfind(policies));
    CHECK(gateway_objects(ns) == before);
  }
  sh("kubectl delete clusterrolebinding " + ns.name());
}

TEST_CASE("invalid names and hosts are refused without a request") {
  for (const char* arguments :
       {"create Httpbin --host httpbin.org", "create httpbin --host httpbin", "create httpbin --host '*.org'",
        "create httpbin --host https://httpbin.org", "create httpbin --host httpbin.org --port 70000",
        "create httpbin --host httpbin.org --alias httpbin.org",
        "create httpbin --host httpbin.org --tls sometimes",
        "create httpbin --host httpbin.org --timeout soon", "create httpbin", "create"}) {
    CAPTURE(arguments);
    const CommandResult refused =
        sh("kubectl egress " + std::string(arguments) + " --server https://127.0.0.1:1");
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(refused.err.starts_with("error: "));
    CHECK(refused.err.find("127.0.0.1") == std::string::npos);
  }
}

TEST_CASE("a misspelt command or flag gets a suggestion") {
  const CommandResult command = sh("kubectl egress craete httpbin");
  CHECK(command.status == 1);
  CHECK(command.err.find("unknown command \"craete\" for \"kubectl egress\"") != std::string::npos);
  CHECK(mentions(command.err, {"did you mean \"create\"?"}));
  const CommandResult flag = sh("kubectl egress create httpbin --hots httpbin.org");
  CHECK(flag.err.find("unknown flag: --hots") != std::string::npos);
  CHECK(mentions(flag.err, {"did you mean \"--host\"?"}));
}

TEST_CASE("missing Istio CustomResourceDefinitions are reported") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string crd = "gateways.networking.istio.io";
  const std::string saved_crd = "\"$EGRESS_SANDBOX_DIR\"/kept-crd.yaml";
  REQUIRE(sh("kubectl get crd " + crd +
             " -o json | jq 'del(.metadata.uid, .metadata.resourceVersion, .status)' > " + saved_crd +
             " && kubectl delete crd " + crd)
              .status == 0);
  // The server's discovery follows a moment later.
  sh("for i in $(seq 50); do kubectl get --raw /apis/networking.istio.io/v1beta1 | grep -q '\"gateways\"' || "
     "exit 0; "
     "sleep 0.2; done");
  const CommandResult refused = ns.egress("create httpbin --host $ns.example.org");
  REQUIRE(sh("kubectl create --validate=false -f " + saved_crd).status == 0);
  CHECK(sh("kubectl wait --for=condition=Established --timeout=20s crd " + crd).status == 0);
  CHECK(sh("for i in $(seq 50); do kubectl get --raw /apis/networking.istio.io/v1beta1 | grep -q "
           "'\"gateways\"' && "
           "exit 0; sleep 0.2; done; exit 1")
            .status == 0);
  CHECK(refused.status == 1);
  CHECK(mentions(refused.err, {"Istio is not installed", "Gateway.networking.istio.io"}));
  CHECK(gateway_objects(ns) == "");
}

TEST_CASE("delete and inspect of a missing gateway are an error with a hint") {
  const TestNamespace ns;
  for (const char* arguments : {"delete nope", "inspect nope"}) {
    CAPTURE(arguments);
    const CommandResult refused = ns.egress(arguments);
    CHECK(refused.status == 1);
    CHECK(refused.err.starts_with("error: "));
    CHECK(mentions(refused.err, {"egressgateway", "nope", ns.name(), "not found", "kubectl egress list -A"}));
  }
  CHECK(ns.egress("delete nope --ignore-not-found").status == 0);
}

}  // namespace egress

TEST_SUITE_END();
