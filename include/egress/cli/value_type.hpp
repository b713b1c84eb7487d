#pragma once

/// What the value of a flag, or a NAME, stands for. It is the option's type name, so that completion knows
/// what to offer (src/cli/value_candidates.cpp). Where there are only a few values, the type name is all of
/// them, in small letters: "none|client|server".
namespace egress::cli::value_type {

inline constexpr const char* context = "CONTEXT";
inline constexpr const char* cluster = "CLUSTER";
inline constexpr const char* user = "USER";
inline constexpr const char* ns = "NAMESPACE";
inline constexpr const char* gateway = "GATEWAY";
inline constexpr const char* secret = "SECRET";
/// Beside the ingress gateway.
inline constexpr const char* ingress_secret = "INGRESS_SECRET";
inline constexpr const char* revision = "REVISION";
/// NAMESPACE or NAMESPACE/SERVICEACCOUNT.
inline constexpr const char* callers = "CALLERS";
/// TYPE/NAME of what a gateway may be made of.
inline constexpr const char* object = "OBJECT";
/// The first half of that, with the slash.
inline constexpr const char* object_type = "OBJECT_TYPE";
inline constexpr const char* config_map_or_file = "CONFIGMAP_OR_FILE";
inline constexpr const char* file = "FILE";
/// A file of YAML or JSON.
inline constexpr const char* manifest = "MANIFEST";
/// Anything: nothing is offered.
inline constexpr const char* text = "";

}  // namespace egress::cli::value_type
