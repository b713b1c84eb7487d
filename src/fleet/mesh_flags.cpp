#include "egress/fleet/mesh_flags.hpp"

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress::fleet {

mesh::Version version_flag(const std::string& text) {
  const auto version = mesh::Version::parse(text);
  if (!version)
    throw UsageError("--istio-version: \"" + printable(text, 100) + "\" is not a version such as 1.30.3");
  if (*version < mesh::oldest_version)
    throw UsageError("--istio-version: Istio " + version->text() + " is older than " +
                     mesh::oldest_version.text() + ", the oldest that a gateway can be made for");
  return *version;
}

}  // namespace egress::fleet
