#include "egress/mesh/revisions.hpp"

#include <algorithm>
#include <set>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

const std::string default_name = "default";

void read_webhook(Revisions& into, const Json& webhook) {
  const Json& labels = webhook["metadata"]["labels"];
  const std::string& revision = labels["istio.io/rev"].as_string();
  const std::string& tag = labels["istio.io/tag"].as_string();
  const std::string& target = revision.empty() ? default_name : revision;
  if (tag.empty())
    into.injectors.push_back(target);
  else
    into.tags[tag] = target;
}

}  // namespace

std::optional<std::string> Revisions::resolve(const std::string& name) const {
  if (const auto tag = tags.find(name); tag != tags.end()) return tag->second;
  const auto revisions = names();
  return std::ranges::find(revisions, name) == revisions.end() ? std::nullopt : std::optional(name);
}

std::optional<std::string> Revisions::default_revision() const {
  return resolve(default_name);
}

std::vector<std::string> Revisions::names() const {
  std::set<std::string> names(injectors.begin(), injectors.end());
  for (const ControlPlane& istiod : istiods) names.insert(istiod.revision);
  return {names.begin(), names.end()};
}

bool Revisions::is_complete() const {
  const bool has_webhooks = !injectors.empty() || !tags.empty();
  return tags_known && (has_webhooks || !istiods.empty());
}

std::string Revisions::text() const {
  std::vector<std::string> items;
  for (const std::string& revision : names()) items.push_back(printable(revision, 100));
  for (const auto& [tag, revision] : tags)
    items.push_back(printable(tag, 100) + " (a tag of " + printable(revision, 100) + ")");
  return join(items, ", ");
}

Revisions read_revisions(const Json& deployments, const Json& webhooks) {
  Revisions revisions;
  revisions.istiods_known = !deployments.is_null();
  revisions.tags_known = !webhooks.is_null();
  for (const Json& deployment : deployments.items())
    revisions.istiods.push_back(read_control_plane(deployment));
  for (const Json& webhook : webhooks.items()) read_webhook(revisions, webhook);
  return revisions;
}

}  // namespace egress::mesh
