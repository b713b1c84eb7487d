#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/missing_field.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::mentions;
using testing::sh;
using testing::TestNamespace;

bool has_field(const std::string& text, const std::string& name, const std::string& value) {
  return std::ranges::any_of(split(text, '\n'), [&](const std::string& line) {
    return line.starts_with(name + ":") && trim(line.substr(name.size() + 1)) == value;
  });
}

/// Every object in any namespace, of every kind that can be listed, in which that text stands; events are
/// history.
std::string lines_mentioning(const std::string& text) {
  const CommandResult kinds =
      sh("kubectl api-resources --verbs=list -o name | grep -v '^events' | paste -sd, -");
  REQUIRE(kinds.status == 0);
  const CommandResult found = sh("kubectl get " + std::string(trim(kinds.out)) +
                                 " -A --no-headers --ignore-not-found -o yaml | grep -- " + text);
  return found.out;
}

}  // namespace

// users.md: 1
TEST_CASE("the main job: create, list, inspect and delete a gateway") {
  const TestNamespace ns;
  const CommandResult created = ns.egress("create httpbin --host " + ns.name() + ".example.org");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  CHECK(mentions(created.err, {"Warning", "mesh", "spec.mesh.allow"}));
  CHECK(lines_mentioning(ns.name() + ".example.org") != "");
  CHECK(created.out.starts_with("configmap/httpbin-egress created\nserviceaccount/httpbin-egress created\n"));
  CHECK(created.out.ends_with(
      "virtualservice.networking.istio.io/httpbin-egress created\negressgateway/httpbin created\n"));

  const auto listed = split(ns.egress("list").out, '\n');
  CHECK(listed[0].starts_with("NAME      HOSTS "));
  CHECK(listed[0].ends_with("TLS      READY   STATUS   AGE"));
  CHECK(listed[1].find("Simple   1/1     Ready    ") != std::string::npos);
  const CommandResult inspected = ns.egress("inspect httpbin");
  CHECK(has_field(inspected.out, "Status", "Ready"));
  CHECK(inspected.out.find("Missing") == std::string::npos);

  const CommandResult deleted = ns.egress("delete httpbin");
  REQUIRE_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(deleted.out.starts_with("virtualservice.networking.istio.io/httpbin-egress deleted\n"));
  CHECK(deleted.out.ends_with("configmap/httpbin-egress deleted\negressgateway/httpbin deleted\n"));
  CHECK(lines_mentioning(ns.name() + ".example.org") == "");
  CHECK(lines_mentioning("httpbin." + ns.name()) == "");
  CHECK(ns.kubectl("get all,secret,endpoints,endpointslice -o name | grep httpbin-egress").out == "");
}

// users.md: 9
TEST_CASE("every object is stored whole: the server drops no field") {
  const TestNamespace ns;
  const CommandResult created =
      ns.egress("create httpbin --host $ns.example.org --alias bin.$ns.example.org --port 8443 -o json");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const Json list = Json::parse(created.out);
  CHECK(list["items"].items().size() >= 14);
  for (const Json& requested : list["items"].items()) {
    const std::string kind = requested["kind"].as_string();
    const std::string group_version = requested["apiVersion"].as_string();
    const std::size_t slash = group_version.find('/');
    const std::string resource = slash == std::string::npos ? kind
                                                            : kind + "." + group_version.substr(slash + 1) +
                                                                  "." + group_version.substr(0, slash);
    const Json stored = ns.object(resource + " " + requested["metadata"]["name"].as_string());
    const std::string missing = testing::first_missing_field(stored, requested, kind);
    CHECK_MESSAGE(missing.empty(), missing);
  }
}

TEST_CASE("a second create is refused and changes nothing") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const Json before = ns.object("configmap httpbin-egress");
  const CommandResult again = ns.egress("create httpbin --host other.$ns.example.org");
  CHECK(again.status == 1);
  CHECK(again.out.empty());
  CHECK(again.err.starts_with("error: "));
  CHECK(mentions(again.err, {"egressgateway", "httpbin", "already exists",
                             "kubectl egress inspect httpbin -n " + ns.name()}));
  CHECK(ns.object("configmap httpbin-egress") == before);
}

// users.md: 22
TEST_CASE("delete deletes one of two gateways and leaves the other") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create one --host one.$ns.example.org").status == 0);
  REQUIRE(ns.egress("create two --host two.$ns.example.org").status == 0);
  REQUIRE(ns.egress("delete one").status == 0);
  CHECK(ns.egress("list -o name").out == "egressgateway/two\n");
  CHECK(ns.egress("list").out.find("Ready") != std::string::npos);
  CHECK(ns.egress("delete two").status == 0);
  CHECK(ns.kubectl("get virtualservice,destinationrule,serviceentry -o name").out == "");
}

// users.md: 14
TEST_CASE("traffic is not routed while no pod is ready, and the same create continues") {
  if (!testing::on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  REQUIRE(sh("kubectl label namespace " + ns.name() + " sandbox.kubectl-egress/kubelet=stopped").status == 0);
  const CommandResult timed_out = ns.egress("create httpbin --host $ns.example.org --timeout 2s");
  CHECK(timed_out.status == 1);
  CHECK(mentions(timed_out.err, {"httpbin", "0 of 1"}));
  CHECK(timed_out.err.find("pod/httpbin-egress-") != std::string::npos);
  CHECK(ns.object("virtualservice httpbin-egress").is_null());
  CHECK_FALSE(ns.object("virtualservice httpbin-egress-upstream").is_null());
  CHECK(ns.egress("list").out.find("Incomplete") != std::string::npos);

  const CommandResult other = ns.egress("create httpbin --host other.$ns.example.org --timeout 2s");
  CHECK(other.status == 1);
  CHECK(mentions(other.err, {"httpbin", "exists", "incomplete"}));

  REQUIRE(sh("kubectl label namespace " + ns.name() + " sandbox.kubectl-egress/kubelet-").status == 0);
  const CommandResult resumed = ns.egress("create httpbin --host $ns.example.org");
  REQUIRE_MESSAGE(resumed.status == 0, resumed.err);
  CHECK(resumed.out.ends_with(
      "virtualservice.networking.istio.io/httpbin-egress created\negressgateway/httpbin created\n"));
  CHECK(ns.egress("list").out.find("Ready") != std::string::npos);
}

// users.md: 19
TEST_CASE("a deleted object makes the gateway Degraded and is named") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  REQUIRE(ns.kubectl("delete serviceentry httpbin-egress").status == 0);
  CHECK(ns.egress("list").out.find("Degraded") != std::string::npos);
  CHECK(mentions(ns.egress("inspect httpbin").out,
                 {"serviceentry.networking.istio.io/httpbin-egress", "missing"}));
  CHECK(ns.egress("delete httpbin").status == 0);
}

TEST_CASE("delete keeps the pods until callers are drained") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const CommandResult watched = ns.kubectl(
      "version --client >/dev/null 2>&1; kubectl egress delete httpbin -n $ns --drain 2s & "
      "kubectl wait --for=delete virtualservice/httpbin-egress -n $ns --timeout=20s >/dev/null && "
      "kubectl get deployment httpbin-egress -n $ns -o name; wait");
  CHECK_MESSAGE(watched.out.find("deployment.apps/httpbin-egress\n") != std::string::npos, watched.out);
  CHECK(ns.object("deployment httpbin-egress").is_null());
  CHECK(ns.egress("delete httpbin --drain soon").err.find("--drain") != std::string::npos);
}

// users.md: 22
TEST_CASE("delete names the finalizer that blocks an object, and continues without it") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const std::string service = "service httpbin-egress --type merge -p ";
  REQUIRE(ns.kubectl("patch " + service + R"('{"metadata":{"finalizers":["example.org/hold"]}}')").status ==
          0);
  const CommandResult blocked = ns.egress("delete httpbin --timeout 2s");
  CHECK(blocked.status == 1);
  CHECK(mentions(blocked.err, {"service/httpbin-egress", ns.name(), "finalizer", "example.org/hold"}));
  CHECK(ns.egress("list").out.find("Deleting") != std::string::npos);
  REQUIRE(ns.kubectl("patch " + service + R"('{"metadata":{"finalizers":null}}')").status == 0);
  CHECK(ns.egress("delete httpbin").status == 0);
  CHECK(lines_mentioning("httpbin." + ns.name()) == "");
}

TEST_CASE("delete names the pod that blocks a Deployment") {
  const TestNamespace ns;
  REQUIRE(ns.egress("create httpbin --host $ns.example.org").status == 0);
  const std::string pod = ns.kubectl("get pods -o name").out;
  REQUIRE(pod.starts_with("pod/httpbin-egress-"));
  const std::string patch = "patch " + pod.substr(0, pod.find('\n')) + " --type merge -p ";
  REQUIRE(ns.kubectl(patch + R"('{"metadata":{"finalizers":["example.org/hold"]}}')").status == 0);
  const CommandResult blocked = ns.egress("delete httpbin --timeout 3s --drain 0s");
  CHECK(blocked.status == 1);
  CHECK(mentions(blocked.err, {"deployment.apps/httpbin-egress", ns.name(), "foregroundDeletion",
                               pod.substr(0, pod.find('\n')), "example.org/hold"}));
  REQUIRE(ns.kubectl(patch + R"('{"metadata":{"finalizers":null}}')").status == 0);
  CHECK(ns.egress("delete httpbin").status == 0);
  CHECK(lines_mentioning("httpbin." + ns.name()) == "");
}

}  // namespace egress

TEST_SUITE_END();
