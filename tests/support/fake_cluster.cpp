#include "support/fake_cluster.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "egress/base/text.hpp"
#include "support/label_query.hpp"

namespace egress::testing {
namespace {

http::Reply json_reply(int status, const Json& body) {
  http::Reply reply;
  reply.status = status;
  reply.body = body.dump();
  return reply;
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
bool named(const std::string& path, const std::string& query) {
  const std::string name = query_value(query, "fieldSelector");
  return !name.starts_with("metadata.name=") ||
         path.ends_with("/" + name.substr(std::string("metadata.name=").size()));
}

/// RFC 7396.
void merge(Json& into, const Json& patch) {
  for (const auto& [key, value] : patch.members()) {
    if (value.is_null())
      into.erase(key);
    else if (value.is_object())
      merge(into.edit(key), value);
    else
      into.edit(key) = value;
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
  return std::ranges::any_of(collections, [&](const Collection& one) {
    return one.group == group_of(path) && one.plural == plural;
  });
}

/// Which a server lets nobody change of an object that exists, and takes off a new one.
constexpr std::string_view immutable_field = "deletionGracePeriodSeconds";

const std::string webhooks_path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/";

std::string collection_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// What a deletion may name of the object that is to go.
bool meets(const Json& preconditions, const Json& metadata) {
  return std::ranges::all_of(preconditions.members(),
                             [&](const auto& one) { return metadata[one.first] == one.second; });
}

/// As Kubernetes 1.20 answers an apply of what was to be new.
http::Reply not_new(const std::string& path) {
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

http::Reply status_reply(int status, const std::string& reason, const std::string& message) {
  return json_reply(status, object({
                                {"kind", "Status"},
                                {"reason", reason},
                                {"message", message},
                                {"code", status},
                            }));
}

FakeCluster::FakeCluster(const std::string& istio) {
  served = {"networking.istio.io/v1beta1",
            "networking.istio.io/v1alpha3",
            "security.istio.io/v1beta1",
            "autoscaling/v2",
            "policy/v1",
            "metrics.k8s.io/v1beta1"};
  if (!istio.starts_with("1.7.")) {
    served.emplace_back("networking.istio.io/v1");
    served.emplace_back("security.istio.io/v1");
  }
  put("/api/v1/namespaces/httpbin", object({{"metadata", object({{"name", "httpbin"}})}}));
  put_istio(istio, "default");
}

void FakeCluster::put_istio(const std::string& version, const std::string& revision) {
  const std::string suffix = revision == "default" ? "" : "-" + revision;
  const std::string config_maps = "/api/v1/namespaces/istio-system/configmaps/";
  const Json labels = object({{"app", "istiod"}, {"istio.io/rev", revision}});
  const Json container = object({{"name", "discovery"}, {"image", "docker.io/istio/pilot:" + version}});
  const Json pod = object({{"containers", array({container})}});
  put("/apis/apps/v1/namespaces/istio-system/deployments/istiod" + suffix,
      object({
          {"metadata", object({
                           {"name", "istiod" + suffix},
                           {"namespace", "istio-system"},
                           {"labels", labels},
                       })},
          {"spec", object({{"template", object({{"spec", pod}})}})},
      }));
  put(config_maps + "istio" + suffix, object({{"data", object({{"mesh", "trustDomain: cluster.local"}})}}));
  put(config_maps + "istio-sidecar-injector" + suffix,
      object({{"data", object({{"values", R"({"global": {"hub": "docker.io/istio", "tag": ")" + version +
                                              R"("}})"}})}}));
  put(webhooks_path + "istio-sidecar-injector" + suffix,
      object({{"metadata", object({{"labels", labels}})}}));
}

void FakeCluster::put_tag(const std::string& tag, const std::string& revision) {
  const Json labels = object({{"istio.io/rev", revision}, {"istio.io/tag", tag}});
  put(webhooks_path + "istio-revision-tag-" + tag, object({{"metadata", object({{"labels", labels}})}}));
}

void FakeCluster::put(const std::string& path, Json object) {
  objects[path] = stored(std::move(object));
}

void FakeCluster::erase(const std::string& path) {
  const auto standing = objects.find(path);
  if (standing == objects.end()) return;
  Json& kept = erased_[path] = std::move(standing->second);
  kept.edit("metadata").set("resourceVersion", std::to_string(++version_));
  objects.erase(standing);
}

std::vector<std::string> FakeCluster::requests() const {
  std::vector<std::string> all;
  for (const auto& wave : waves) all.insert(all.end(), wave.begin(), wave.end());
  return all;
}

Json FakeCluster::stored(Json object) {
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
http::Reply FakeCluster::write_patched(const std::string& path, const Json& operations, bool dry_run) {
  Json object = objects.at(path);
  for (const Json& one : operations.items()) {
    if (one["op"].as_string() == "replace" && one["value"] != object["metadata"]["resourceVersion"])
      return status_reply(409, "Conflict", path + " has been modified");
    if (one["op"].as_string() != "remove") continue;
    auto keys = split(one["path"].as_string(), '/');
    Json* inside = &object;
    for (std::size_t i = 1; i + 1 < keys.size(); ++i) inside = &inside->edit(keys[i]);
    inside->erase(keys.back());
  }
  object.edit("metadata").erase("resourceVersion");
  return write(path, std::move(object), dry_run, false);
}

http::Reply FakeCluster::write(const std::string& path, Json object, bool dry_run, bool only_new) {
  const auto standing = objects.find(path);
  const bool stands = standing != objects.end();
  if (stands && only_new)
    return status_reply(409, "AlreadyExists", path.substr(path.rfind('/') + 1) + " already exists");
  if (stands && object["metadata"].has(immutable_field)) return not_new(path);
  object.edit("metadata").erase(immutable_field);
  const Json& version = object["metadata"]["resourceVersion"];
  if (stands && !version.is_null() && version != standing->second["metadata"]["resourceVersion"])
    return status_reply(409, "Conflict", path + " has been modified");
  if (stands)
    for (const char* kept : {"uid", "deletionTimestamp"})
      if (const Json value = standing->second["metadata"][kept]; !value.is_null())
        object.edit("metadata").set(kept, value);
  Json kept = stored(std::move(object));
  if (!dry_run) objects[path] = kept;
  return json_reply(stands ? 200 : 201, kept);
}

http::Reply FakeCluster::list(const std::string& path, const std::string& query) const {
  const std::string collection = path.substr(path.rfind('/') + 1);
  const bool one_namespace = path.find("/namespaces/") != std::string::npos;
  const std::string limit = query_value(query, "limit");
  const std::size_t most = limit.empty() ? objects.size() : std::min(std::stoul(limit), largest_page);
  Json items{Json::Array{}};
  Json metadata = egress::object({{"resourceVersion", std::to_string(version_)}});
  std::string last;
  const auto selector = LabelQuery::parse(query_value(query, "labelSelector"));
  if (!selector) return status_reply(400, "BadRequest", "unable to parse requirement");
  for (auto at = objects.upper_bound(query_value(query, "continue")); at != objects.end(); ++at) {
    const auto& [key, object] = *at;
    const std::string parent = collection_of(key);
    const bool here = one_namespace
                          ? parent == path
                          : parent.ends_with("/" + collection) && parent.starts_with(collection_of(path));
    if (!here || !selector->selects(object["metadata"]["labels"]) || !named(key, query)) continue;
    if (items.items().size() == most) {
      metadata.set("continue", last);
      break;
    }
    items.push(object);
    last = key;
  }
  return json_reply(200, egress::object({{"metadata", metadata}, {"items", items}}));
}

http::Reply FakeCluster::discover(const std::string& path) const {
  const std::string group_version = path.substr(std::string("/apis/").size());
  if (std::ranges::find(served, group_version) == served.end())
    return status_reply(404, "NotFound", "the server could not find the requested resource");
  Json resources{Json::Array{}};
  for (const Collection& one : collections)
    if (one.group == group_of(path)) resources.push(object({{"name", one.plural}, {"kind", one.kind}}));
  return json_reply(200, object({{"resources", resources}}));
}

http::Reply FakeCluster::answer(const http::Request& request) {
  if (fault)
    if (auto reply = fault(request)) return *reply;
  const std::size_t mark = request.target.find('?');
  const std::string path = request.target.substr(0, mark);
  const std::string query = mark == std::string::npos ? "" : request.target.substr(mark + 1);
  const bool dry_run = query_value(query, "dryRun") == "All";
  const auto standing = objects.find(path);

  if (path.ends_with("/selfsubjectaccessreviews")) return json_reply(201, Json::parse(request.body));
  if (path.ends_with("/selfsubjectrulesreviews")) return json_reply(201, egress::object({}));
  if (request.method == "PUT") return write(path, Json::parse(request.body), dry_run, false);
  if (request.method == "POST") {
    Json body = Json::parse(request.body);
    const std::string name = body["metadata"]["name"].as_string();
    return write(path + "/" + name, std::move(body), dry_run, true);
  }
  if (request.method == "PATCH" && query_value(query, "force").empty()) {
    if (standing == objects.end()) return status_reply(404, "NotFound", path + " not found");
    const Json patch = Json::parse(request.body);
    if (patch.is_array()) return write_patched(path, patch, dry_run);
    const Json& version = patch["metadata"]["resourceVersion"];
    if (!version.is_null() && version != standing->second["metadata"]["resourceVersion"])
      return status_reply(409, "Conflict", path + " has been modified");
    merge(standing->second, patch);
    standing->second.edit("metadata").set("resourceVersion", std::to_string(++version_));
    return json_reply(200, standing->second);
  }
  if (request.method == "PATCH") return write(path, Json::parse(request.body), dry_run, false);
  if (standing != objects.end()) {
    const Json object = standing->second;
    if (request.method == "DELETE" && !meets(Json::parse(request.body)["preconditions"], object["metadata"]))
      return status_reply(409, "Conflict", path + " is not as in precondition");
    const bool stays = request.method != "DELETE" || !Json::parse(request.body)["dryRun"].is_null();
    if (!stays) erase(path);
    if (!stays && says_gone) return status_reply(200, "", "");
    return json_reply(200, object);
  }
  if (path.starts_with("/apis/") && std::ranges::count(path, '/') == 3) return discover(path);
  const std::string last = path.substr(path.rfind('/') + 1);
  if (request.method == "GET" && is_collection(path)) return list(path, query);
  return status_reply(404, "NotFound", last + " not found");
}

std::vector<http::Reply> FakeCluster::send(std::span<const http::Request> wave) {
  std::vector<http::Reply> replies;
  waves.emplace_back();
  for (const http::Request& request : wave) {
    waves.back().push_back(request.method + " " + request.target);
    replies.push_back(answer(request));
  }
  return replies;
}

http::Reply FakeCluster::stream(const http::Request& request,
                                const std::function<bool(std::string_view)>& consume) {
  waves.push_back({request.method + " " + request.target});
  if (fault)
    if (auto reply = fault(request)) return *reply;
  const std::size_t mark = request.target.find('?');
  const std::string query = request.target.substr(mark + 1);
  const std::string from = query_value(query, "resourceVersion");
  const auto tell = [&](const std::string& type, const std::string& path, const Json& object) {
    const int version = std::stoi(object["metadata"]["resourceVersion"].as_string());
    const bool watched = collection_of(path) == request.target.substr(0, mark) && named(path, query);
    if (!watched || (!from.empty() && version <= std::stoi(from))) return true;
    return consume(egress::object({{"type", type}, {"object", object}}).dump() + "\n");
  };
  for (auto& [path, standing] : objects) {
    // Whoever controls it writes its status, soon after.
    if (standing["kind"].as_string() == "Deployment")
      standing.edit("metadata").set("resourceVersion", std::to_string(++version_));
    if (!tell("MODIFIED", path, standing)) break;
  }
  for (const auto& [path, gone] : erased_)
    if (!from.empty() && !tell("DELETED", path, gone)) break;
  http::Reply reply;
  reply.status = 200;
  return reply;
}

}  // namespace egress::testing
