#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/field_errors.hpp"

namespace egress::mesh {

/// The type of a manifest's field. The fields inside an `object` are in the schema; those inside an
/// `open_object` or `open_list` are Kubernetes' own, and the API server checks them.
enum class FieldType { string, integer, boolean, string_list, string_map, object, open_object, open_list };

/// One field of an EgressGateway manifest. Validation, `kubectl egress explain`, the JSON schema and the man
/// page kubectl-egress-file(5) all read it from the same table.
struct FieldSchema {
  std::string_view path;  ///< "spec.tls.mode"
  FieldType type;
  std::string_view description;                   ///< sentences
  std::string_view default_value = {};            ///< as text: "443, or 80 without TLS"; empty: none
  std::span<const std::string_view> values = {};  ///< the allowed values, in any case; empty: any value
  bool is_required = false;

  /// "mode"
  std::string_view name() const { return path.substr(path.rfind('.') + 1); }
};

/// The allowed values of spec.tls.mode, spec.protocol and spec.mesh.tls, in the order of the enumerators of
/// TlsMode and Protocol.
inline constexpr std::string_view tls_modes[]{"Simple", "Mutual", "Passthrough", "None"};
inline constexpr std::string_view protocols[]{"HTTP", "HTTPS", "GRPC", "TCP"};
inline constexpr std::string_view mesh_tls_modes[]{"Mutual", "Plaintext"};

/// Every field, each after the object that it is in.
std::span<const FieldSchema> manifest_schema();

/// The field with that path; null if there is none.
const FieldSchema* find_field(std::string_view path);

/// The fields directly inside an object ("spec.tls"); those at the top for an empty path.
std::vector<const FieldSchema*> fields_of(std::string_view path);

/// The index of the allowed value that `text` spells, in any case; their number if there is none.
std::size_t index_of_value(std::span<const std::string_view> values, std::string_view text);

/// Adds an error for each field that is unknown, has another type, or a value that is not allowed.
void check_fields(const Json& manifest, FieldErrors& errors);

}  // namespace egress::mesh
