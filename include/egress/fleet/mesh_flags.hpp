#pragma once

#include <string>

#include "egress/mesh/version.hpp"

namespace egress::fleet {

/// What the user says of the mesh; empty is: look.
struct MeshFlags {
  std::string version{};   ///< --istio-version
  std::string revision{};  ///< --istio-revision: a revision or a revision tag
  std::string ns{};        ///< --istio-namespace
  std::string hub{};       ///< --hub, of the proxy's image
  std::string tag{};       ///< --tag, of the proxy's image
};

/// The version that a flag names. Throws Error where it is not one.
mesh::Version parse_version_flag(const std::string& text);

}  // namespace egress::fleet
