#include "support/fake_cluster.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "egress/base/text.hpp"
#include "support/label_query.hpp"

namespace egress::testing {
namespace {

http::Response json_reply(int status, const Json& body) {
  http::Response response;
  response.status = status;
  response.body = body.dump();
  return response;
}

std::string query_value(const std::string& query, const std::string& key) {
  for (const std::string& pair : split(query, '&')) {
    if (!pair.starts_with(key + "=")) continue;
    std::string value;
    for (std::size_t i = key.size() + 1; i < pair.size(); ++i) {
      if (pair[i] != '%') {
        value += pair[i];
        continue;
      }
      value += static_cast<char>(std::stoi(pair.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
    return value;
  }
  return {};
}

/// Whether a query's field selector, if it has one of names, names the object of that path.
bool matches_name_selector(const std::string& path, const std::string& query) {
  const std::string name = query_value(query, "fieldSelector");
  return !name.starts_with("metadata.name=") ||
         path.ends_with("/" + name.substr(std::string("metadata.name=").size()));
}

/// RFC 7396.
void apply_merge_patch(Json& target, const Json& patch) {
  for (const auto& [key, value] : patch.members()) {
    if (value.is_null())
      target.erase(key);
    else if (value.is_object())
      apply_merge_patch(target.edit(key), value);
    else
      target.edit(key) = value;
  }
}

/// A collection that this server has.
struct Collection {
  std::string_view group;
  std::string_view plural;
  std::string_view kind;
};

/// The kinds of Kubernetes and Istio that tests need. The table is not the program's: what the program looks
/// for in the wrong place is not found here.
constexpr std::array<Collection, 22> collections{{
    {"", "configmaps", "ConfigMap"},
    {"", "events", "Event"},
    {"", "namespaces", "Namespace"},
    {"", "pods", "Pod"},
    {"", "secrets", "Secret"},
    {"", "serviceaccounts", "ServiceAccount"},
    {"", "services", "Service"},
    {"admissionregistration.k8s.io", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"},
    {"apps", "deployments", "Deployment"},
    {"autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler"},
    {"networking.istio.io", "destinationrules", "DestinationRule"},
    {"networking.istio.io", "envoyfilters", "EnvoyFilter"},
    {"networking.istio.io", "gateways", "Gateway"},
    {"networking.istio.io", "serviceentries", "ServiceEntry"},
    {"networking.istio.io", "sidecars", "Sidecar"},
    {"networking.istio.io", "virtualservices", "VirtualService"},
    {"networking.k8s.io", "networkpolicies", "NetworkPolicy"},
    {"policy", "poddisruptionbudgets", "PodDisruptionBudget"},
    {"rbac.authorization.k8s.io", "rolebindings", "RoleBinding"},
    {"rbac.authorization.k8s.io", "roles", "Role"},
    {"security.istio.io", "authorizationpolicies", "AuthorizationPolicy"},
    {"security.istio.io", "peerauthentications", "PeerAuthentication"},
}};

/// The API group of a path: "apps" of "/apis/apps/v1/deployments", empty of "/api/v1/pods".
std::string_view group_of(std::string_view path) {
  constexpr std::string_view named = "/apis/";
  if (!path.starts_with(named)) return {};
  path.remove_prefix(named.size());
  return path.substr(0, path.find('/'));
}

bool is_collection(std::string_view path) {
  const std::string_view plural = path.substr(path.rfind('/') + 1);
  return std::ranges::any_of(collections, [&](const Collection& collection) {
    return collection.group == group_of(path) && collection.plural == plural;
  });
}

/// Which a server lets nobody change of an object that exists, and takes off a new one.
constexpr std::string_view immutable_field = "deletionGracePeriodSeconds";

const std::string webhooks_path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/";

std::string parent_path(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// What a deletion may name of the object that is to go.
bool meets_preconditions(const Json& preconditions, const Json& metadata) {
  return std::ranges::all_of(preconditions.members(), [&](const auto& precondition) {
    return metadata[precondition.first] == precondition.second;
  });
}

/// The answer of Kubernetes 1.20 to an apply that must create.
http::Response immutable_field_reply(const std::string& path) {
  const std::string field = "metadata." + std::string(immutable_field);
  const Json cause = object({{"reason", "FieldValueInvalid"},
                             {"message", "Invalid value: -1: field is immutable"},
                             {"field", field}});
  return json_reply(
      422, object({
               {"kind", "Status"},
               {"reason", "Invalid"},
               {"message", path + " is invalid: " + field + ": Invalid value: -1: field is immutable"},
               {"details", object({{"causes", array({cause, cause})}})},
               {"code", 422},
           }));
}

}  // namespace

http::Response status_reply(int status, const std::string& reason, const std::string& message) {
  return json_reply(status, object({
                                {"kind", "Status"},
                                {"reason", reason},
                                {"message", message},
                                {"code", status},
                            }));
}

FakeCluster::FakeCluster(const std::string& istio) {
  group_versions = {"networking.istio.io/v1beta1",
                    "networking.istio.io/v1alpha3",
                    "security.istio.io/v1beta1",
                    "autoscaling/v2",
                    "policy/v1",
                    "metrics.k8s.io/v1beta1"};
  if (!istio.starts_with("1.7.")) {
    group_versions.emplace_back("networking.istio.io/v1");
    group_versions.emplace_back("security.istio.io/v1");
  }
  store("/api/v1/namespaces/httpbin", object({{"metadata", object({{"name", "httpbin"}})}}));
  add_istio(istio, "default");
}

void FakeCluster::add_istio(const std::string& version, const std::string& revision) {
  const std::string suffix = revision == "default" ? "" : "-" + revision;
  const std::string config_maps = "/api/v1/namespaces/istio-system/configmaps/";
  const Json labels = object({{"app", "istiod"}, {"istio.io/rev", revision}});
  const Json container = object({{"name", "discovery"}, {"image", "docker.io/istio/pilot:" + version}});
  const Json pod = object({{"containers", array({container})}});
  store("/apis/apps/v1/namespaces/istio-system/deployments/istiod" + suffix,
        object({
            {"metadata", object({
                             {"name", "istiod" + suffix},
                             {"namespace", "istio-system"},
                             {"labels", labels},
                         })},
            {"spec", object({{"template", object({{"spec", pod}})}})},
        }));
  store(config_maps + "istio" + suffix, object({{"data", object({{"mesh", "trustDomain: cluster.local"}})}}));
  store(config_maps + "istio-sidecar-injector" + suffix,
        object({{"data", object({{"values", R"({"global": {"hub": "docker.io/istio", "tag": ")" + version +
                                                R"("}})"}})}}));
  store(webhooks_path + "istio-sidecar-injector" + suffix,
        object({{"metadata", object({{"labels", labels}})}}));
}

void FakeCluster::add_revision_tag(const std::string& tag, const std::string& revision) {
  const Json labels = object({{"istio.io/rev", revision}, {"istio.io/tag", tag}});
  store(webhooks_path + "istio-revision-tag-" + tag, object({{"metadata", object({{"labels", labels}})}}));
}

void FakeCluster::store(const std::string& path, Json object) {
  objects[path] = with_server_metadata(std::move(object));
}

void FakeCluster::erase(const std::string& path) {
  const auto existing = objects.find(path);
  if (existing == objects.end()) return;
  Json& erased = erased_[path] = std::move(existing->second);
  erased.edit("metadata").set("resourceVersion", std::to_string(++version_));
  objects.erase(existing);
}

std::vector<std::string> FakeCluster::requests() const {
  std::vector<std::string> all;
  for (const auto& wave : waves) all.insert(all.end(), wave.begin(), wave.end());
  return all;
}

Json FakeCluster::with_server_metadata(Json object) {
  Json& metadata = object.edit("metadata");
  if (!metadata.has("uid")) metadata.set("uid", "uid-" + std::to_string(++version_));
  metadata.set("resourceVersion", std::to_string(++version_));
  metadata.set("creationTimestamp", "2026-11-23T00:00:00Z");
  if (object["kind"].as_string() == "Deployment") {
    const int ready = pods_ready ? 1 : 0;
    object.set("status", object["status"].is_null() ? egress::object({
                                                          {"updatedReplicas", 1},
                                                          {"readyReplicas", ready},
                                                          {"availableReplicas", ready},
                                                      })
                                                    : object["status"]);
  }
  return object;
}

/// A JSON Patch of the sorts that this tool sends: the version it is made for, and removals.
http::Response FakeCluster::apply_json_patch(const std::string& path, const Json& operations, bool dry_run) {
  Json object = objects.at(path);
  for (const Json& operation : operations.items()) {
    if (operation["op"].as_string() == "replace" &&
        operation["value"] != object["metadata"]["resourceVersion"])
      return status_reply(409, "Conflict", path + " has been modified");
    if (operation["op"].as_string() != "remove") continue;
    auto keys = split(operation["path"].as_string(), '/');
    Json* parent = &object;
    for (std::size_t i = 1; i + 1 < keys.size(); ++i) parent = &parent->edit(keys[i]);
    parent->erase(keys.back());
  }
  object.edit("metadata").erase("resourceVersion");
  return write(path, std::move(object), dry_run, false);
}

http::Response FakeCluster::write(const std::string& path, Json object, bool dry_run, bool must_be_new) {
  const auto existing = objects.find(path);
  const bool exists = existing != objects.end();
  if (exists && must_be_new)
    return status_reply(409, "AlreadyExists", path.substr(path.rfind('/') + 1) + " already exists");
  if (exists && object["metadata"].has(immutable_field)) return immutable_field_reply(path);
  object.edit("metadata").erase(immutable_field);
  const Json& version = object["metadata"]["resourceVersion"];
  if (exists && !version.is_null() && version != existing->second["metadata"]["resourceVersion"])
    return status_reply(409, "Conflict", path + " has been modified");
  if (exists)
    for (const char* field : {"uid", "deletionTimestamp"})
      if (const Json value = existing->second["metadata"][field]; !value.is_null())
        object.edit("metadata").set(field, value);
  Json stored = with_server_metadata(std::move(object));
  if (!dry_run) objects[path] = stored;
  return json_reply(exists ? 200 : 201, stored);
}

http::Response FakeCluster::list(const std::string& path, const std::string& query) const {
  const std::string collection = path.substr(path.rfind('/') + 1);
  const bool is_namespaced = path.find("/namespaces/") != std::string::npos;
  const std::string limit = query_value(query, "limit");
  const std::size_t page_size = limit.empty() ? objects.size() : std::min(std::stoul(limit), max_page_size);
  Json items{Json::Array{}};
  Json metadata = egress::object({{"resourceVersion", std::to_string(version_)}});
  std::string last_key;
  const auto selector = LabelQuery::parse(query_value(query, "labelSelector"));
  if (!selector) return status_reply(400, "BadRequest", "unable to parse requirement");
  for (auto it = objects.upper_bound(query_value(query, "continue")); it != objects.end(); ++it) {
    const auto& [key, object] = *it;
    const std::string parent = parent_path(key);
    const bool is_in_scope =
        is_namespaced ? parent == path
                      : parent.ends_with("/" + collection) && parent.starts_with(parent_path(path));
    if (!is_in_scope || !selector->selects(object["metadata"]["labels"]) ||
        !matches_name_selector(key, query))
      continue;
    if (items.items().size() == page_size) {
      metadata.set("continue", last_key);
      break;
    }
    items.push(object);
    last_key = key;
  }
  return json_reply(200, egress::object({{"metadata", metadata}, {"items", items}}));
}

http::Response FakeCluster::discover(const std::string& path) const {
  const std::string group_version = path.substr(std::string("/apis/").size());
  if (std::ranges::find(group_versions, group_version) == group_versions.end())
    return status_reply(404, "NotFound", "the server could not find the requested resource");
  Json resources{Json::Array{}};
  for (const Collection& collection : collections)
    if (collection.group == group_of(path))
      resources.push(object({{"name", collection.plural}, {"kind", collection.kind}}));
  return json_reply(200, object({{"resources", resources}}));
}

http::Response FakeCluster::answer(const http::Request& request) {
  if (fault)
    if (auto response = fault(request)) return *response;
  const std::size_t question_mark = request.target.find('?');
  const std::string path = request.target.substr(0, question_mark);
  const std::string query =
      question_mark == std::string::npos ? "" : request.target.substr(question_mark + 1);
  const bool dry_run = query_value(query, "dryRun") == "All";
  const auto existing = objects.find(path);

  if (path.ends_with("/selfsubjectaccessreviews")) return json_reply(201, Json::parse(request.body));
  if (path.ends_with("/selfsubjectrulesreviews")) return json_reply(201, egress::object({}));
  if (request.method == "PUT") return write(path, Json::parse(request.body), dry_run, false);
  if (request.method == "POST") {
    Json body = Json::parse(request.body);
    const std::string name = body["metadata"]["name"].as_string();
    return write(path + "/" + name, std::move(body), dry_run, true);
  }
  if (request.method == "PATCH" && query_value(query, "force").empty()) {
    if (existing == objects.end()) return status_reply(404, "NotFound", path + " not found");
    const Json patch = Json::parse(request.body);
    if (patch.is_array()) return apply_json_patch(path, patch, dry_run);
    const Json& version = patch["metadata"]["resourceVersion"];
    if (!version.is_null() && version != existing->second["metadata"]["resourceVersion"])
      return status_reply(409, "Conflict", path + " has been modified");
    apply_merge_patch(existing->second, patch);
    existing->second.edit("metadata").set("resourceVersion", std::to_string(++version_));
    return json_reply(200, existing->second);
  }
  if (request.method == "PATCH") return write(path, Json::parse(request.body), dry_run, false);
  if (existing != objects.end()) {
    const Json object = existing->second;
    if (request.method == "DELETE" &&
        !meets_preconditions(Json::parse(request.body)["preconditions"], object["metadata"]))
      return status_reply(409, "Conflict", path + " is not as in precondition");
    const bool is_kept = request.method != "DELETE" || !Json::parse(request.body)["dryRun"].is_null();
    if (!is_kept) erase(path);
    if (!is_kept && returns_status_on_delete) return status_reply(200, "", "");
    return json_reply(200, object);
  }
  if (path.starts_with("/apis/") && std::ranges::count(path, '/') == 3) return discover(path);
  const std::string name = path.substr(path.rfind('/') + 1);
  if (request.method == "GET" && is_collection(path)) return list(path, query);
  return status_reply(404, "NotFound", name + " not found");
}

std::vector<http::Response> FakeCluster::send(std::span<const http::Request> wave) {
  std::vector<http::Response> responses;
  waves.emplace_back();
  for (const http::Request& request : wave) {
    waves.back().push_back(request.method + " " + request.target);
    responses.push_back(answer(request));
  }
  return responses;
}

http::Response FakeCluster::stream(const http::Request& request,
                                   const std::function<bool(std::string_view)>& consume) {
  waves.push_back({request.method + " " + request.target});
  if (fault)
    if (auto response = fault(request)) return *response;
  const std::size_t question_mark = request.target.find('?');
  const std::string query = request.target.substr(question_mark + 1);
  const std::string from = query_value(query, "resourceVersion");
  const auto send_event = [&](const std::string& type, const std::string& path, const Json& object) {
    const int version = std::stoi(object["metadata"]["resourceVersion"].as_string());
    const bool watched =
        parent_path(path) == request.target.substr(0, question_mark) && matches_name_selector(path, query);
    if (!watched || (!from.empty() && version <= std::stoi(from))) return true;
    return consume(egress::object({{"type", type}, {"object", object}}).dump() + "\n");
  };
  for (auto& [path, object] : objects) {
    // Its controller writes its status soon after.
    if (object["kind"].as_string() == "Deployment")
      object.edit("metadata").set("resourceVersion", std::to_string(++version_));
    if (!send_event("MODIFIED", path, object)) break;
  }
  for (const auto& [path, object] : erased_)
    if (!from.empty() && !send_event("DELETED", path, object)) break;
  http::Response response;
  response.status = 200;
  return response;
}

}  // namespace egress::testing
