#include "egress/fleet/mesh_flags.hpp"

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress::fleet {

mesh::Version parse_version_flag(const std::string& text) {
  const auto version = mesh::Version::parse(text);
  if (!version)
    throw UsageError("--istio-version: \"" + printable(text, 100) + "\" is not a version such as 1.30.3");
  if (*version < mesh::oldest_version)
    throw UsageError("--istio-version: Istio " + version->text() +
                     " is not supported: the oldest supported version is " + mesh::oldest_version.text());
  return *version;
}

}  // namespace egress::fleet
