#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/control_plane.hpp"

namespace egress::mesh {

/// The control planes of a cluster, and the names by which namespaces and pods mean them.
struct Revisions {
  std::vector<ControlPlane> istiods;
  std::vector<std::string> injectors;       ///< revisions with a webhook configuration of their own
  std::map<std::string, std::string> tags;  ///< the revision that each revision tag stands for
  bool istiods_known = true;                ///< false where this user may not look
  bool tags_known = true;                   ///< injectors and tags; false where this user may not look

  /// The revision of that name, or the one that the tag of that name stands for; nothing where none is seen.
  std::optional<std::string> resolve(const std::string& name) const;
  /// The one that injects where a namespace or pod names none: the tag "default", or else the revision.
  std::optional<std::string> default_revision() const;
  /// Every revision that is seen, once, sorted.
  std::vector<std::string> names() const;
  /// All of them and the tags, as messages list them: "1-29, default, prod (a tag of 1-29)".
  std::string text() const;
  /// True where a name that is not seen is not there either: nobody injects without a webhook.
  bool is_complete() const;
};

/// Reads the items of two lists: the Deployments labelled app=istiod, and the MutatingWebhookConfigurations
/// that have the label istio.io/rev, of which their metadata is enough. Null is what may not be looked at. A
/// configuration with the label istio.io/tag is a tag's (istio-discovery/templates/revision-tags-mwc.yaml,
/// 1.30.3).
Revisions read_revisions(const Json& deployments, const Json& webhooks);

}  // namespace egress::mesh
