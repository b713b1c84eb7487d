#include "support/crd_schema.hpp"

#include <algorithm>

#include "egress/base/file.hpp"
#include "egress/base/yaml.hpp"

namespace egress::testing {
namespace {

constexpr std::string_view serve_v1_placeholder = "@SERVE_V1@";

bool contains(const Json& list, const Json& wanted) {
  const auto& items = list.items();
  return std::ranges::find(items, wanted) != items.end();
}

/// Fields that the server itself knows, whatever the schema says.
bool is_common_field(const std::string& key) {
  return key == "apiVersion" || key == "kind" || key == "metadata";
}

/// Holds values against schemas (Kubernetes' OpenAPI v3 subset).
class SchemaValidator {
 public:
  std::vector<std::string> violations;

  void validate(const Json& value, const Json& schema, const std::string& path) {
    if (!schema["x-kubernetes-int-or-string"].as_bool()) check_type(value, schema["type"].as_string(), path);
    if (schema.has("enum") && !contains(schema["enum"], value))
      add_violation(path, "is " + value.dump() + ", none of " + schema["enum"].dump());
    if (value.is_number()) {
      check_range(value.as_number(), schema["minimum"], schema["maximum"], path);
    } else if (value.is_string()) {
      check_size(value.as_string().size(), schema["minLength"], schema["maxLength"], path);
    } else if (value.is_array()) {
      check_items(value, schema, path);
    } else if (value.is_object()) {
      check_members(value, schema, path);
    }
    check_combinations(value, schema, path);
  }

 private:
  void add_violation(const std::string& path, const std::string& message) {
    violations.push_back(path + " " + message);
  }

  void check_type(const Json& value, const std::string& type, const std::string& path) {
    const bool has_type = type.empty() || (type == "string" && value.is_string()) ||
                          (type == "integer" && value.is_integer()) ||
                          (type == "number" && value.is_number()) || (type == "boolean" && value.is_bool()) ||
                          (type == "array" && value.is_array()) || (type == "object" && value.is_object());
    if (!has_type) add_violation(path, "is " + value.dump() + ", which is no " + type);
  }

  void check_range(double number, const Json& least, const Json& most, const std::string& path) {
    if (least.is_number() && number < least.as_number()) add_violation(path, "is below " + least.dump());
    if (most.is_number() && number > most.as_number()) add_violation(path, "is above " + most.dump());
  }

  void check_size(std::size_t size, const Json& least, const Json& most, const std::string& path) {
    check_range(static_cast<double>(size), least, most, path + " (its size)");
  }

  void check_items(const Json& value, const Json& schema, const std::string& path) {
    check_size(value.items().size(), schema["minItems"], schema["maxItems"], path);
    if (!schema.has("items")) return;
    for (std::size_t i = 0; i < value.items().size(); ++i)
      validate(value.items()[i], schema["items"], path + "[" + std::to_string(i) + "]");
  }

  void check_members(const Json& value, const Json& schema, const std::string& path) {
    check_size(value.members().size(), schema["minProperties"], schema["maxProperties"], path);
    for (const Json& name : schema["required"].items())
      if (!value.has(name.as_string())) add_violation(path, "lacks " + name.as_string());
    const Json& additional = schema["additionalProperties"];
    // A part of a combination tells fields apart, but does not name all that there are.
    const bool allows_unknown =
        in_combination_ || schema["x-kubernetes-preserve-unknown-fields"].as_bool() || additional.as_bool();
    for (const auto& [key, member] : value.members()) {
      if (path.empty() && is_common_field(key)) continue;
      const std::string inner = path.empty() ? key : path + "." + key;
      if (const Json* known = schema["properties"].find(key))
        validate(member, *known, inner);
      else if (additional.is_object())
        validate(member, additional, inner);
      else if (!allows_unknown)
        add_violation(inner, "is unknown and would be dropped");
    }
  }

  void check_combinations(const Json& value, const Json& schema, const std::string& path) {
    if (schema["x-kubernetes-int-or-string"].as_bool()) return;
    const std::size_t all_of = schema["allOf"].items().size();
    if (count_valid(value, schema["allOf"]) != all_of) add_violation(path, "does not match allOf");
    if (schema.has("oneOf") && count_valid(value, schema["oneOf"]) != 1)
      add_violation(path, "does not match one of oneOf");
    if (schema.has("anyOf") && count_valid(value, schema["anyOf"]) == 0)
      add_violation(path, "does not match any of anyOf");
    if (schema.has("not") && is_valid(value, schema["not"])) add_violation(path, "matches what it must not");
  }

  std::size_t count_valid(const Json& value, const Json& schemas) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        schemas.items(), [&](const Json& candidate) { return is_valid(value, candidate); }));
  }

  static bool is_valid(const Json& value, const Json& schema) {
    SchemaValidator inner;
    inner.in_combination_ = true;
    inner.validate(value, schema, "");
    return inner.violations.empty();
  }

  bool in_combination_ = false;
};

/// The sandbox's own definitions as for a mesh of today.
std::string sandbox_definitions() {
  std::string text = read_file(EGRESS_SANDBOX_CRDS);
  for (std::size_t at = 0; (at = text.find(serve_v1_placeholder, at)) != std::string::npos;)
    text.replace(at, serve_v1_placeholder.size(), "true");
  return text;
}

CrdSchema read_istio(const std::string& version) {
  const std::string file = std::string(EGRESS_SHARED_DIR) + "/reference/istio-" + version + "/crds.yaml";
  return CrdSchema(file_exists(file) ? read_file(file) : sandbox_definitions());
}

}  // namespace

CrdSchema::CrdSchema(const std::string& yaml) {
  for (const Json& definition : parse_yaml_documents(yaml)) {
    const Json& spec = definition["spec"];
    for (const Json& version : spec["versions"].items())
      schemas_[spec["group"].as_string() + "/" + version["name"].as_string() + " " +
               spec["names"]["kind"].as_string()] = version["schema"]["openAPIV3Schema"];
  }
}

std::vector<std::string> CrdSchema::violations(const Json& object) const {
  const std::string& version = object["apiVersion"].as_string();
  if (version.find(".istio.io/") == std::string::npos) return {};
  const auto schema = schemas_.find(version + " " + object["kind"].as_string());
  if (schema == schemas_.end()) return {version + " has no " + object["kind"].as_string()};
  SchemaValidator validator;
  validator.validate(object, schema->second, "");
  return validator.violations;
}

const CrdSchema& istio_schema(mesh::Version version) {
  static const CrdSchema first = read_istio("1.7.0");
  static const CrdSchema newest = read_istio("1.30.3");
  // The last field that came between the two and that is written: workloadSelector, 1.14.
  return version < mesh::Version{1, 14, 0} ? first : newest;
}

}  // namespace egress::testing
