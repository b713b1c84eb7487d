#pragma once

#include <string>

#include "egress/mesh/parts.hpp"

namespace egress::mesh {

/// How severe a finding is: an error breaks or misroutes traffic now, a warning may do so, info is worth
/// knowing.
enum class Severity { info, warning, error };

/// "Error", "Warning", "Info".
std::string text(Severity severity);

/// A problem or risk that an audit reports.
struct Finding {
  Severity severity = Severity::info;
  std::string code;     ///< stable; that of `istioctl analyze` ("IST0109"), or this tool's own
  Reference object;     ///< the object at fault
  std::string gateway;  ///< "NS/NAME" of the affected gateway; empty: the whole mesh
  std::string message;  ///< one sentence: the problem and its consequence
  std::string fix;      ///< a command that fixes the problem, in one line; empty if there is none
  /// True for a problem of the live objects, not of the settings: applying the gateway again does no harm and
  /// may fix it.
  bool is_about_live_state = false;
};

/// The gateway as an object, for findings about its settings.
Reference gateway_reference(const Egress& egress);

/// An item of `check -o json`.
Json to_json(const Finding& finding);

}  // namespace egress::mesh
