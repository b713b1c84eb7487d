#include "egress/mesh/control_plane.hpp"

namespace egress::mesh {
namespace {

const Json& discovery_container(const Json& deployment) {
  const auto& containers = deployment["spec"]["template"]["spec"]["containers"].items();
  for (const Json& container : containers)
    if (container["name"].as_string() == "discovery") return container;
  static const Json none;
  return containers.empty() ? none : containers.front();
}

/// Charts that are not released have the version 1.0.0.
std::optional<Version> chart_version(const Json& labels) {
  const auto version = Version::parse_release(labels["app.kubernetes.io/version"].as_string());
  return version && *version >= Version{1, 24, 0} ? version : std::nullopt;
}

/// Reads hub and tag from "docker.io/istio/pilot:1.30.3@sha256:…".
void read_image(ControlPlane& into, const std::string& image) {
  const std::string name = image.substr(0, image.find('@'));
  const std::size_t slash = name.rfind('/');
  const std::size_t colon = name.rfind(':');
  if (slash != std::string::npos) into.hub = name.substr(0, slash);
  if (colon != std::string::npos && (slash == std::string::npos || slash < colon))
    into.tag = name.substr(colon + 1);
}

}  // namespace

std::string ControlPlane::variable(const std::string& variable_name) const {
  const auto at = environment.find(variable_name);
  return at == environment.end() ? "" : at->second;
}

ControlPlane read_control_plane(const Json& deployment) {
  const Json& metadata = deployment["metadata"];
  const Json& labels = metadata["labels"];
  const Json& container = discovery_container(deployment);
  ControlPlane control_plane;
  control_plane.name = metadata["name"].as_string();
  control_plane.ns = metadata["namespace"].as_string();
  if (!labels["istio.io/rev"].as_string().empty())
    control_plane.revision = labels["istio.io/rev"].as_string();
  read_image(control_plane, container["image"].as_string());
  control_plane.version = Version::parse_release(control_plane.tag);
  if (!control_plane.version) control_plane.version = chart_version(labels);
  for (const Json& variable : container["env"].items())
    control_plane.environment[variable["name"].as_string()] = variable["value"].as_string();
  return control_plane;
}

}  // namespace egress::mesh
