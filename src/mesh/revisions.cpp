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
  const std::string& meant = revision.empty() ? default_name : revision;
  if (tag.empty())
    into.injectors.push_back(meant);
  else
    into.tags[tag] = meant;
}

}  // namespace

std::optional<std::string> Revisions::named(const std::string& name) const {
  if (const auto tag = tags.find(name); tag != tags.end()) return tag->second;
  const auto revisions = all();
  return std::ranges::find(revisions, name) == revisions.end() ? std::nullopt : std::optional(name);
}

std::optional<std::string> Revisions::by_default() const {
  return named(default_name);
}

std::vector<std::string> Revisions::all() const {
  std::set<std::string> names(injectors.begin(), injectors.end());
  for (const ControlPlane& one : istiods) names.insert(one.revision);
  return {names.begin(), names.end()};
}

bool Revisions::complete() const {
  const bool webhooks_seen = !injectors.empty() || !tags.empty();
  return tags_known && (webhooks_seen || !istiods.empty());
}

std::string Revisions::listed() const {
  std::vector<std::string> names;
  for (const std::string& revision : all()) names.push_back(printable(revision, 100));
  for (const auto& [tag, revision] : tags)
    names.push_back(printable(tag, 100) + " (a tag of " + printable(revision, 100) + ")");
  return join(names, ", ");
}

Revisions read_revisions(const Json& deployments, const Json& webhooks) {
  Revisions read;
  read.istiods_known = !deployments.is_null();
  read.tags_known = !webhooks.is_null();
  for (const Json& one : deployments.items()) read.istiods.push_back(read_control_plane(one));
  for (const Json& one : webhooks.items()) read_webhook(read, one);
  return read;
}

}  // namespace egress::mesh
