#include "egress/mesh/json_schema.hpp"

#include <string>

#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/manifest_schema.hpp"

namespace egress::mesh {
namespace {

Json type_schema(FieldType type) {
  switch (type) {
    case FieldType::string:
      return object({{"type", "string"}});
    case FieldType::integer:
      return object({{"type", "integer"}});
    case FieldType::boolean:
      return object({{"type", "boolean"}});
    case FieldType::string_list:
      return object({{"type", "array"}, {"items", type_schema(FieldType::string)}});
    case FieldType::open_list:
      return object({{"type", "array"}, {"items", object({{"type", "object"}})}});
    case FieldType::string_map:
      return object({{"type", "object"}, {"additionalProperties", type_schema(FieldType::string)}});
    case FieldType::open_object:
    case FieldType::object:
      break;
  }
  return object({{"type", "object"}});
}

void add_fields(Json& schema, std::string_view path) {
  std::vector<std::string> required;
  Json properties;
  for (const FieldSchema* field : fields_of(path)) {
    Json property = type_schema(field->type);
    std::string description(field->description);
    if (!field->default_value.empty()) description += " Default: " + std::string(field->default_value) + ".";
    property.set("description", description);
    if (!field->values.empty())
      property.set("enum", array(std::vector<std::string>(field->values.begin(), field->values.end())));
    if (field->type == FieldType::object) add_fields(property, field->path);
    if (field->is_required) required.emplace_back(field->name());
    properties.set(std::string(field->name()), std::move(property));
  }
  schema.set("properties", std::move(properties));
  schema.set("additionalProperties", false);
  if (!required.empty()) schema.set("required", array(required));
}

}  // namespace

Json json_schema() {
  Json schema = object({
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "EgressGateway of kubectl-egress/v1alpha1"},
      {"type", "object"},
  });
  add_fields(schema, "");
  schema.edit("properties").edit("apiVersion").set("const", egress_api_version);
  schema.edit("properties").edit("kind").set("const", "EgressGateway");
  return schema;
}

}  // namespace egress::mesh
