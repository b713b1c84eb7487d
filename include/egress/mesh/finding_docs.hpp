#pragma once

#include <span>
#include <string_view>

namespace egress::mesh {

/// The documentation of one code of `check`, for `kubectl egress explain check/CODE`.
struct FindingDoc {
  std::string_view code;         ///< "IST0109", "OpenToAll"
  std::string_view summary;      ///< a phrase without full stop
  std::string_view description;  ///< what Istio does in this situation, and the consequence; sentences
  std::string_view fix;          ///< sentences
};

/// Every code that an audit reports, sorted by code. Codes that begin with IST are those of `istioctl
/// analyze` (istio.io/latest/docs/reference/config/analysis).
std::span<const FindingDoc> finding_docs();

/// The documentation of a code; null for an unknown one.
const FindingDoc* find_finding_doc(std::string_view code);

}  // namespace egress::mesh
