#include "egress/kube/call.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

const Resource deployments{kinds::deployment};
const Resource config_maps{kinds::config_map};
const std::string collection = "/apis/apps/v1/namespaces/team/deployments";

Json web() {
  return object({
      {"apiVersion", "apps/v1"},
      {"kind", "Deployment"},
      {"metadata", object({{"name", "web"}, {"namespace", "team"}})},
  });
}

}  // namespace

TEST_CASE("get requests one object and has no body") {
  const Call call = get(deployments, "team", "web");
  CHECK(call.method == "GET");
  CHECK(call.target == collection + "/web");
  CHECK(call.accept == "application/json");
  CHECK(call.content_type.empty());
  CHECK(call.body.empty());
  CHECK(call.description == "get deployments.apps \"web\" in namespace \"team\"");
}

TEST_CASE("list requests pages of 500") {
  const Call call = list(deployments, "team");
  CHECK(call.target == collection + "?limit=500");
  CHECK(call.description == "list deployments.apps in namespace \"team\"");
}

TEST_CASE("list without a limit requests all objects at once") {
  CHECK(list(deployments, "team", {.limit = 0}).target == collection);
}

TEST_CASE("list without a namespace lists all namespaces") {
  const Call call = list(config_maps, "");
  CHECK(call.target == "/api/v1/configmaps?limit=500");
  CHECK(call.description == "list configmaps");
}

TEST_CASE("list escapes its selectors and its continue token") {
  const Call call = list(deployments, "team",
                         {.label_selector = "app=web,tier in (a)",
                          .field_selector = "metadata.name=web",
                          .limit = 2,
                          .continue_token = "a+/="});
  CHECK(call.target ==
        collection +
            "?labelSelector=app%3Dweb%2Ctier%20in%20%28a%29&fieldSelector=metadata.name%3Dweb&limit=2"
            "&continue=a%2B%2F%3D");
}

TEST_CASE("list can request metadata only") {
  CHECK(list(deployments, "team", {.metadata_only = true}).accept ==
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
  CHECK(list(deployments, "team").accept == "application/json");
}

TEST_CASE("watch starts at a resource version and has a timeout") {
  const Call call =
      watch(deployments, "team", {.label_selector = "a=b", .field_selector = "metadata.name=web"}, "7", 30);
  CHECK(call.method == "GET");
  CHECK(call.target ==
        collection +
            "?watch=true&allowWatchBookmarks=true&labelSelector=a%3Db&fieldSelector=metadata.name%3Dweb"
            "&resourceVersion=7&timeoutSeconds=30");
  CHECK(call.accept == "application/json");
  CHECK(call.description == "watch deployments.apps in namespace \"team\"");
  CHECK(watch(deployments, "", {.metadata_only = true}, "", 5).accept ==
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
}

TEST_CASE("create posts the object to its collection") {
  const Call call = create(deployments, "team", web());
  CHECK(call.method == "POST");
  CHECK(call.target == collection + "?fieldManager=kubectl-egress&fieldValidation=Strict");
  CHECK(call.content_type == "application/json");
  CHECK(call.body == web().dump());
  CHECK(call.description == "create deployments.apps \"web\" in namespace \"team\"");
  CHECK(create(deployments, "team", web(), {.dry_run = true}).target ==
        collection + "?fieldManager=kubectl-egress&fieldValidation=Strict&dryRun=All");
}

TEST_CASE("replace puts the object at its own path") {
  const Call call = replace(deployments, web());
  CHECK(call.method == "PUT");
  CHECK(call.target == collection + "/web?fieldManager=kubectl-egress&fieldValidation=Strict");
  CHECK(call.content_type == "application/json");
  CHECK(call.body == web().dump());
  CHECK(call.description == "replace deployments.apps \"web\" in namespace \"team\"");
}

TEST_CASE("patch is conditional on the resource version") {
  const Json operation = object({{"op", "remove"}, {"path", "/spec/paused"}});
  const Call call = patch(deployments, "team", "web", array({operation}), "7", {.dry_run = true});
  CHECK(call.method == "PATCH");
  CHECK(call.target == collection + "/web?fieldManager=kubectl-egress&fieldValidation=Strict&dryRun=All");
  CHECK(call.content_type == "application/json-patch+json");
  CHECK(
      call.body ==
      R"([{"op":"replace","path":"/metadata/resourceVersion","value":"7"},{"op":"remove","path":"/spec/paused"}])");
}

TEST_CASE("apply takes name and namespace from the object and does not force") {
  const Call call = apply(deployments, web());
  CHECK(call.method == "PATCH");
  CHECK(call.target == collection + "/web?fieldManager=kubectl-egress&force=false&fieldValidation=Strict");
  CHECK(call.content_type == "application/apply-patch+yaml");
  CHECK(call.body == web().dump());
  CHECK(call.description == "apply deployments.apps \"web\" in namespace \"team\"");
}

TEST_CASE("apply forces and dry-runs only if asked to") {
  CHECK(apply(deployments, web(), {.dry_run = true, .force = true}).target ==
        collection + "/web?fieldManager=kubectl-egress&force=true&fieldValidation=Strict&dryRun=All");
}

TEST_CASE("apply of an object that must be new sets a field that is immutable on existing objects") {
  const Call call = apply(deployments, web(), {.only_new = true});
  CHECK(call.body ==
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"team",)"
        R"("deletionGracePeriodSeconds":-1}})");
  CHECK(call.target == apply(deployments, web()).target);
}

TEST_CASE("merge sends a JSON merge patch") {
  const Call call = merge(config_maps, "team", "web", object({{"data", object({{"a", "b"}})}}));
  CHECK(call.method == "PATCH");
  CHECK(call.target ==
        "/api/v1/namespaces/team/configmaps/web?fieldManager=kubectl-egress&fieldValidation=Strict");
  CHECK(call.content_type == "application/merge-patch+json");
  CHECK(call.body == R"({"data":{"a":"b"}})");
  CHECK(call.description == "patch configmaps \"web\" in namespace \"team\"");
}

TEST_CASE("remove deletes dependents in the background") {
  const Call call = remove(deployments, "team", "web");
  CHECK(call.method == "DELETE");
  CHECK(call.target == collection + "/web");
  CHECK(call.content_type == "application/json");
  CHECK(call.body == R"({"propagationPolicy":"Background"})");
  CHECK(call.description == "delete deployments.apps \"web\" in namespace \"team\"");
}

TEST_CASE("remove supports a uid precondition, foreground deletion and dry run") {
  CHECK(remove(deployments, "team", "web", {.uid = "u-1", .foreground = true, .dry_run = true}).body ==
        R"({"propagationPolicy":"Foreground","preconditions":{"uid":"u-1"},"dryRun":["All"]})");
}

TEST_CASE("discover requests one group and version") {
  CHECK(discover("apps", "v1").target == "/apis/apps/v1");
  CHECK(discover("apps", "v1").description == "discover the API apis/apps/v1");
  CHECK(discover("", "v1").target == "/api/v1");
  CHECK(discover("", "v1").timeout == std::chrono::seconds(32));
}

TEST_CASE("a query keeps what RFC 3986 leaves unreserved and escapes the rest") {
  CHECK(url_escaped("AZaz09-_.~") == "AZaz09-_.~");
  CHECK(url_escaped("a b&c=d/e?f#g%h+i") == "a%20b%26c%3Dd%2Fe%3Ff%23g%25h%2Bi");
  CHECK(url_escaped("\u00e9\n") == "%C3%A9%0A");
  CHECK(url_escaped("").empty());
}

TEST_CASE("the timeout is in the query") {
  using std::chrono::milliseconds;
  CHECK(with_timeout("/api", milliseconds(0)) == "/api");
  CHECK(with_timeout("/api", milliseconds(90'000)) == "/api?timeout=1m30s");
  CHECK(with_timeout("/api?limit=5", milliseconds(1'500)) == "/api?limit=5&timeout=1.5s");
  CHECK(with_timeout("/api", milliseconds(3'600'000)) == "/api?timeout=1h0m0s");
  CHECK(with_timeout("/api", milliseconds(250)) == "/api?timeout=250ms");
}

}  // namespace egress::kube

TEST_SUITE_END();
