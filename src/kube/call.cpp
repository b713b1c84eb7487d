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

std::string described(std::string_view verb, const Resource& resource, std::string_view ns,
                      std::string_view name) {
  std::string text(verb);
  text.append(" ").append(resource.kind.plural);
  if (!resource.kind.group.empty()) text.append(".").append(resource.kind.group);
  if (!name.empty()) text.append(" \"").append(name).append("\"");
  if (!ns.empty()) text.append(" in namespace \"").append(ns).append("\"");
  return text;
}

/// What every write that stores an object says; from Kubernetes 1.25 on a field that the server does not know
/// is refused then, and not dropped. An older server passes over what it does not know of the query.
Query write_query(bool dry_run = false, std::string force = {}) {
  return {{"fieldManager", std::string(field_manager)},
          {"force", std::move(force)},
          {"fieldValidation", "Strict"},
          {"dryRun", dry_run ? "All" : ""}};
}

}  // namespace

Call get(const Resource& resource, std::string_view ns, std::string_view name) {
  return {.target = resource.path(ns, name), .what = described("get", resource, ns, name)};
}

Call list(const Resource& resource, std::string_view ns, const Selection& selection) {
  Call call{.what = described("list", resource, ns, {})};
  call.target =
      with_query(resource.path(ns), {
                                        {"labelSelector", selection.labels},
                                        {"fieldSelector", selection.fields},
                                        {"limit", selection.limit > 0 ? std::to_string(selection.limit) : ""},
                                        {"continue", selection.from},
                                    });
  if (selection.metadata_only)
    call.accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
  return call;
}

Call watch(const Resource& resource, std::string_view ns, const Selection& selection,
           const std::string& version, int seconds) {
  // The server ends the stream in time; where the connection is lost in silence, this side does.
  constexpr std::chrono::seconds grace(10);
  Call call{.within = std::chrono::seconds(seconds) + grace, .what = described("watch", resource, ns, {})};
  call.target = with_query(resource.path(ns), {
                                                  {"watch", "true"},
                                                  {"allowWatchBookmarks", "true"},
                                                  {"labelSelector", selection.labels},
                                                  {"fieldSelector", selection.fields},
                                                  {"resourceVersion", version},
                                                  {"timeoutSeconds", std::to_string(seconds)},
                                              });
  if (selection.metadata_only)
    call.accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
  return call;
}

Call create(const Resource& resource, std::string_view ns, const Json& object, Write write) {
  const std::string& name = object["metadata"]["name"].as_string();
  return {
      .method = "POST",
      .target = with_query(resource.path(ns), write_query(write.dry_run)),
      .content_type = "application/json",
      .body = object.dump(),
      .what = described("create", resource, ns, name),
  };
}

Call apply(const Resource& resource, const Json& object, Write write) {
  const Json& metadata = object["metadata"];
  Json body = object;
  if (write.only_new) body.edit("metadata").set(only_new_field, -1);
  const std::string& ns = metadata["namespace"].as_string();
  const std::string& name = metadata["name"].as_string();
  return {
      .method = "PATCH",
      .target =
          with_query(resource.path(ns, name), write_query(write.dry_run, write.force ? "true" : "false")),
      .content_type = "application/apply-patch+yaml",
      .body = body.dump(),
      .what = described("apply", resource, ns, name),
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
      .what = described("replace", resource, ns, name),
  };
}

Call merge(const Resource& resource, std::string_view ns, std::string_view name, const Json& patch) {
  return {
      .method = "PATCH",
      .target = with_query(resource.path(ns, name), write_query()),
      .content_type = "application/merge-patch+json",
      .body = patch.dump(),
      .what = described("patch", resource, ns, name),
  };
}

Call patch(const Resource& resource, std::string_view ns, std::string_view name, const Json& operations,
           const Json& version, Write write) {
  Json body{Json::Array{}};
  // The server answers 409 if the value differs from the object's own.
  if (!version.is_null())
    body.push(object({{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", version}}));
  for (const Json& one : operations.items()) body.push(one);
  return {
      .method = "PATCH",
      .target = with_query(resource.path(ns, name), write_query(write.dry_run)),
      .content_type = "application/json-patch+json",
      .body = body.dump(),
      .what = described("patch", resource, ns, name),
  };
}

Call remove(const Resource& resource, std::string_view ns, std::string_view name, const Removal& removal) {
  const Json preconditions = object({
      {"uid", removal.uid.empty() ? Json() : Json(removal.uid)},
      {"resourceVersion", removal.version.empty() ? Json() : Json(removal.version)},
  });
  const Json options = object({
      {"propagationPolicy", removal.foreground ? "Foreground" : "Background"},
      {"preconditions", preconditions.members().empty() ? Json() : preconditions},
      {"dryRun", removal.dry_run ? array({"All"}) : Json()},
  });
  return {
      .method = "DELETE",
      .target = resource.path(ns, name),
      .content_type = "application/json",
      .body = options.dump(),
      .what = described("delete", resource, ns, name),
  };
}

namespace {

/// As Go writes a duration: "1m30s", "1.5s", "250ms".
std::string go_duration(std::chrono::milliseconds span) {
  if (span < std::chrono::seconds(1)) return std::to_string(span.count()) + "ms";
  const auto hours = span.count() / 3'600'000;
  const auto minutes = span.count() / 60'000 % 60;
  std::string text;
  if (hours > 0) text += std::to_string(hours) + "h";
  if (hours > 0 || minutes > 0) text += std::to_string(minutes) + "m";
  text += std::to_string(span.count() / 1000 % 60);
  std::string part = std::to_string(1000 + span.count() % 1000).substr(1);
  while (part.ends_with('0')) part.pop_back();
  return text + (part.empty() ? "" : "." + part) + "s";
}

}  // namespace

std::string bounded(std::string target, std::chrono::milliseconds longest) {
  if (longest.count() == 0) return target;
  const char sign = target.find('?') == std::string::npos ? '?' : '&';
  return target + sign + "timeout=" + go_duration(longest);
}

Call discover(std::string_view group, std::string_view version) {
  std::string path = group.empty() ? "/api/" : "/apis/" + std::string(group) + "/";
  path.append(version);
  // As client-go has it (discovery/discovery_client.go, defaultTimeout).
  return {.target = path, .within = std::chrono::seconds(32), .what = "discover the API " + path.substr(1)};
}

}  // namespace egress::kube
