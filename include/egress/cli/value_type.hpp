#pragma once

/// The type of a flag's value or of an argument. It is stored as the option's type name and selects the
/// completions (src/cli/value_completion.cpp). A type with fixed values lists them in lower case:
/// "none|client|server".
namespace egress::cli::value_type {

inline constexpr const char* context = "CONTEXT";
inline constexpr const char* cluster = "CLUSTER";
inline constexpr const char* user = "USER";
inline constexpr const char* ns = "NAMESPACE";
inline constexpr const char* gateway = "GATEWAY";
inline constexpr const char* secret = "SECRET";
/// A Secret in the namespace of the ingress gateway.
inline constexpr const char* ingress_secret = "INGRESS_SECRET";
inline constexpr const char* revision = "REVISION";
/// NAMESPACE or NAMESPACE/SERVICEACCOUNT.
inline constexpr const char* callers = "CALLERS";
/// TYPE/NAME of an object that may belong to a gateway.
inline constexpr const char* object = "OBJECT";
/// The "TYPE/" of an object.
inline constexpr const char* object_type = "OBJECT_TYPE";
inline constexpr const char* config_map_or_file = "CONFIGMAP_OR_FILE";
inline constexpr const char* file = "FILE";
/// A YAML or JSON file.
inline constexpr const char* manifest = "MANIFEST";
/// A topic of `explain`: a field of the manifest, or check/CODE.
inline constexpr const char* topic = "TOPIC";
/// Any text, without completions.
inline constexpr const char* text = "";

}  // namespace egress::cli::value_type
