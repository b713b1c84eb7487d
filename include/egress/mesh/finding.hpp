#pragma once

#include <string>

#include "egress/mesh/parts.hpp"

namespace egress::mesh {

/// How much a finding matters: an error stops callers or misleads them now, a warning may, the rest is worth
/// knowing.
enum class Severity { info, warning, error };

/// "Error", "Warning", "Info".
std::string text(Severity severity);

/// Something that an audit found.
struct Finding {
  Severity severity = Severity::info;
  std::string code;  ///< `istioctl analyze`'s where it has one ("IST0109"), or a word of this tool's; stable
  Reference object;  ///< what it is about
  std::string gateway;  ///< "NS/NAME" of the gateway that it concerns; empty: the whole mesh
  std::string message;  ///< one sentence: what is wrong, and what comes of it
  std::string fix;      ///< one command line that mends it; empty where there is none
  /// Of how the gateway stands now, not of what it is asked to be: writing it again does no harm, and may be
  /// what mends it.
  bool is_about_live_state = false;
};

/// The gateway as a whole, for findings about what it is asked to be.
Reference gateway_reference(const Egress& egress);

/// An item of `check -o json`.
Json to_json(const Finding& finding);

}  // namespace egress::mesh
