#pragma once

#include <map>
#include <optional>
#include <string>

#include "egress/base/json.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// One istiod, as read from its Deployment.
struct ControlPlane {
  std::string name{};
  std::string ns{};
  std::string revision = "default";
  std::string hub{};                                 ///< the image up to its last part: "docker.io/istio"
  std::string tag{};                                 ///< of the image; empty if it has none, or only a digest
  std::optional<Version> version{};                  ///< empty if neither image nor labels have one
  std::map<std::string, std::string> environment{};  ///< variables with a literal value

  /// The value of an environment variable; empty if it is not set.
  std::string variable(const std::string& variable_name) const;
};

/// Reads a Deployment labelled app=istiod. The version is the image's tag, or if that is not a release of
/// Istio, the label that Istio's charts set since 1.24 (istio-discovery/templates/deployment.yaml).
ControlPlane read_control_plane(const Json& deployment);

}  // namespace egress::mesh
