#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/control_plane.hpp"

namespace egress::mesh {

/// The control planes of a cluster with their revisions and revision tags.
struct Revisions {
  std::vector<ControlPlane> istiods;
  std::vector<std::string> injectors;       ///< revisions with their own webhook configuration
  std::map<std::string, std::string> tags;  ///< the revision of each revision tag
  bool istiods_known = true;                ///< false if this user may not list them
  bool tags_known = true;                   ///< injectors and tags; false if this user may not list them

  /// The revision of the tag with that name, or the revision with that name; empty if neither is known.
  std::optional<std::string> resolve(const std::string& name) const;
  /// The revision that injects if a namespace or pod names none: that of the tag "default", or else the
  /// revision "default"; empty if neither is known.
  std::optional<std::string> default_revision() const;
  /// All known revisions, sorted, without duplicates.
  std::vector<std::string> names() const;
  /// All known revisions and tags for messages: "1-29, default, prod (a tag of 1-29)".
  std::string text() const;
  /// True if an unknown name does not exist: all webhooks were listed, and nothing injects without a webhook.
  bool is_complete() const;
};

/// Reads the items of two lists: the Deployments labelled app=istiod, and the MutatingWebhookConfigurations
/// with the label istio.io/rev, for which metadata is enough. Null is a list that this user may not read. A
/// configuration with the label istio.io/tag belongs to a tag
/// (istio-discovery/templates/revision-tags-mwc.yaml, 1.30.3).
Revisions read_revisions(const Json& deployments, const Json& webhooks);

}  // namespace egress::mesh
