#pragma once

#include <map>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/version.hpp"

namespace egress::testing {

/// The schemas of custom resources: what an API server does silently to objects of those kinds is said here.
class CrdSchema {
 public:
  /// Reads CustomResourceDefinitions of apiextensions.k8s.io/v1 out of a YAML text.
  explicit CrdSchema(const std::string& yaml);

  /// What is wrong with an object, a line each: a field that its schema does not know and the server would
  /// drop, a value that it does not allow, a field that is missing. CEL and patterns are not looked at. Of
  /// Kubernetes' own kinds nothing is known and nothing said.
  std::vector<std::string> violations(const Json& object) const;

 private:
  std::map<std::string, Json> schemas_;  ///< by "networking.istio.io/v1beta1 Gateway"
};

/// Istio's own schemas for that version or the next older one that is there (EGRESS_SHARED_DIR); else the
/// sandbox's, which know every field of 1.30.
const CrdSchema& istio_schema(mesh::Version version);

}  // namespace egress::testing
