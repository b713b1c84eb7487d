#pragma once

#include <map>
#include <optional>
#include <string>

#include "egress/base/json.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// One istiod, as its Deployment shows it.
struct ControlPlane {
  std::string name{};
  std::string ns{};
  std::string revision = "default";
  std::string hub{};                 ///< the image without its last name: "docker.io/istio"
  std::string tag{};                 ///< the image's; empty where it has none, or a digest alone
  std::optional<Version> version{};  ///< nothing where neither image nor labels say it
  std::map<std::string, std::string> environment{};  ///< the variables that have a plain value

  /// The value of a variable; empty where there is none.
  std::string variable(const std::string& variable_name) const;
};

/// Reads a Deployment labelled app=istiod. The version is the image tag's; where that is no release of Istio,
/// it is the label's that Istio's charts set since 1.24 (istio-discovery/templates/deployment.yaml).
ControlPlane read_control_plane(const Json& deployment);

}  // namespace egress::mesh
