#include "egress/kube/call.hpp"

#include <utility>
#include <vector>

namespace egress::kube {
namespace {

using Query = std::vector<std::pair<std::string_view, std::string>>;

std::string with_query(std::string path, const Query& query) {
  char separator = '?';
  for (const auto& [key, value] : query) {
    if (value.empty()) continue;
    path += std::exchange(separator, '&');
    path.append(key).append("=").append(url_escaped(value));
  }
  return path;
}

std::string describe(std::string_view verb, const Resource& resource, std::string_view ns,
                     std::string_view name) {
  std::string text(verb);
  text.append(" ").append(resource.kind.plural);
  if (!resource.kind.group.empty()) text.append(".").append(resource.kind.group);
  if (!name.empty()) text.append(" \"").append(name).append("\"");
  if (!ns.empty()) text.append(" in namespace \"").append(ns).append("\"");
  return text;
}

/// The query of every write that stores an object. With fieldValidation, Kubernetes 1.25 or later refuses
/// unknown fields instead of dropping them; an older server ignores unknown query parameters.
Query write_query(bool dry_run = false, std::string force = {}) {
  return {{"fieldManager", std::string(field_manager)},
          {"force", std::move(force)},
          {"fieldValidation", "Strict"},
          {"dryRun", dry_run ? "All" : ""}};
}

}  // namespace

Call get(const Resource& resource, std::string_view ns, std::string_view name) {
  return {.target = resource.path(ns, name), .description = describe("get", resource, ns, name)};
}

Call list(const Resource& resource, std::string_view ns, const ListOptions& options) {
  Call call{.description = describe("list", resource, ns, {})};
  call.target =
      with_query(resource.path(ns), {
                                        {"labelSelector", options.label_selector},
                                        {"fieldSelector", options.field_selector},
                                        {"limit", options.limit > 0 ? std::to_string(options.limit) : ""},
                                        {"continue", options.continue_token},
                                    });
  if (options.metadata_only)
    call.accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
  return call;
}

Call watch(const Resource& resource, std::string_view ns, const ListOptions& options,
           const std::string& version, int seconds) {
  // The server ends the stream in time; the grace period ends it here if the connection was lost silently.
  constexpr std::chrono::seconds grace(10);
  Call call{.timeout = std::chrono::seconds(seconds) + grace,
            .description = describe("watch", resource, ns, {})};
  call.target = with_query(resource.path(ns), {
                                                  {"watch", "true"},
                                                  {"allowWatchBookmarks", "true"},
                                                  {"labelSelector", options.label_selector},
                                                  {"fieldSelector", options.field_selector},
                                                  {"resourceVersion", version},
                                                  {"timeoutSeconds", std::to_string(seconds)},
                                              });
  if (options.metadata_only)
    call.accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
  return call;
}

Call create(const Resource& resource, std::string_view ns, const Json& object, WriteOptions options) {
  const std::string& name = object["metadata"]["name"].as_string();
  return {
      .method = "POST",
      .target = with_query(resource.path(ns), write_query(options.dry_run)),
      .content_type = "application/json",
      .body = object.dump(),
      .description = describe("create", resource, ns, name),
  };
}

Call apply(const Resource& resource, const Json& object, WriteOptions options) {
  const Json& metadata = object["metadata"];
  Json body = object;
  if (options.only_new) body.edit("metadata").set(only_new_field, -1);
  const std::string& ns = metadata["namespace"].as_string();
  const std::string& name = metadata["name"].as_string();
  return {
      .method = "PATCH",
      .target =
          with_query(resource.path(ns, name), write_query(options.dry_run, options.force ? "true" : "false")),
      .content_type = "application/apply-patch+yaml",
      .body = body.dump(),
      .description = describe("apply", resource, ns, name),
  };
}

Call replace(const Resource& resource, const Json& object) {
  const Json& metadata = object["metadata"];
  const std::string& ns = metadata["namespace"].as_string();
  const std::string& name = metadata["name"].as_string();
  return {
      .method = "PUT",
      .target = with_query(resource.path(ns, name), write_query()),
      .content_type = "application/json",
      .body = object.dump(),
      .description = describe("replace", resource, ns, name),
  };
}

Call merge(const Resource& resource, std::string_view ns, std::string_view name, const Json& patch) {
  return {
      .method = "PATCH",
      .target = with_query(resource.path(ns, name), write_query()),
      .content_type = "application/merge-patch+json",
      .body = patch.dump(),
      .description = describe("patch", resource, ns, name),
  };
}

Call patch(const Resource& resource, std::string_view ns, std::string_view name, const Json& operations,
           const Json& version, WriteOptions options) {
  Json body{Json::Array{}};
  // The server answers 409 if the value differs from the object's own.
  if (!version.is_null())
    body.push(object({{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", version}}));
  for (const Json& operation : operations.items()) body.push(operation);
  return {
      .method = "PATCH",
      .target = with_query(resource.path(ns, name), write_query(options.dry_run)),
      .content_type = "application/json-patch+json",
      .body = body.dump(),
      .description = describe("patch", resource, ns, name),
  };
}

Call remove(const Resource& resource, std::string_view ns, std::string_view name,
            const DeleteOptions& options) {
  const Json preconditions = object({
      {"uid", options.uid.empty() ? Json() : Json(options.uid)},
      {"resourceVersion", options.version.empty() ? Json() : Json(options.version)},
  });
  const Json body = object({
      {"propagationPolicy", options.foreground ? "Foreground" : "Background"},
      {"preconditions", preconditions.members().empty() ? Json() : preconditions},
      {"dryRun", options.dry_run ? array({"All"}) : Json()},
  });
  return {
      .method = "DELETE",
      .target = resource.path(ns, name),
      .content_type = "application/json",
      .body = body.dump(),
      .description = describe("delete", resource, ns, name),
  };
}

namespace {

/// In Go's notation: "1m30s", "1.5s", "250ms".
std::string go_duration(std::chrono::milliseconds duration) {
  if (duration < std::chrono::seconds(1)) return std::to_string(duration.count()) + "ms";
  const auto hours = duration.count() / 3'600'000;
  const auto minutes = duration.count() / 60'000 % 60;
  std::string text;
  if (hours > 0) text += std::to_string(hours) + "h";
  if (hours > 0 || minutes > 0) text += std::to_string(minutes) + "m";
  text += std::to_string(duration.count() / 1000 % 60);
  std::string part = std::to_string(1000 + duration.count() % 1000).substr(1);
  while (part.ends_with('0')) part.pop_back();
  return text + (part.empty() ? "" : "." + part) + "s";
}

}  // namespace

std::string with_timeout(std::string target, std::chrono::milliseconds timeout) {
  if (timeout.count() == 0) return target;
  const char sign = target.find('?') == std::string::npos ? '?' : '&';
  return target + sign + "timeout=" + go_duration(timeout);
}

Call discover(std::string_view group, std::string_view version) {
  std::string path = group.empty() ? "/api/" : "/apis/" + std::string(group) + "/";
  path.append(version);
  // client-go's limit (discovery/discovery_client.go, defaultTimeout).
  return {.target = path,
          .timeout = std::chrono::seconds(32),
          .description = "discover the API " + path.substr(1)};
}

}  // namespace egress::kube
