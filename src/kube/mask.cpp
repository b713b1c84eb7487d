#include "egress/kube/mask.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "egress/base/error.hpp"
#include "egress/base/private_keys.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress::kube {
namespace {

/// Longer YAML is not parsed, because that would take too long for a log line.
constexpr std::size_t max_yaml_size = 65536;
/// The maximum depth of manifests that are kept as text in other manifests.
constexpr int max_text_depth = 4;

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_secret_kind(std::string_view kind) {
  return equals_ignoring_case(kind, "Secret") || equals_ignoring_case(kind, "SecretList");
}

/// True if a text that cannot be parsed may be a Secret: it has the kind of a Secret, or is in Kubernetes'
/// binary format.
bool may_be_secret(std::string_view text) {
  if (text.starts_with(std::string_view("k8s\0", 4))) return true;
  if (text.find("ata") == std::string_view::npos) return false;
  constexpr std::string_view kind = "kind";
  for (std::size_t at = 0; (at = text.find("ecret", at)) != std::string_view::npos; ++at) {
    const std::string_view before = text.substr(0, std::max<std::size_t>(at, 1) - 1);
    const std::string_view word = before.substr(0, before.find_last_not_of(" \\\"':") + 1);
    if (word.size() >= kind.size() && equals_ignoring_case(word.substr(word.size() - kind.size()), kind))
      return true;
  }
  return false;
}

std::string unreadable_note(std::string_view text) {
  return "<" + std::to_string(text.size()) + " bytes that cannot be read>";
}

/// The context of a value in a body.
struct Context {
  bool is_secret = false;  ///< within a Secret
  int text_depth = 0;      ///< number of enclosing texts
};

Json masked_value(const Json& value, Context context);

/// Replaces all values except true and false, and keeps the structure.
Json masked_leaves(const Json& value) {
  if (value.is_array()) {
    Json::Array items;
    for (const Json& item : value.items()) items.push_back(masked_leaves(item));
    return items;
  }
  if (value.is_object()) {
    Json::Object members;
    for (const auto& [key, member] : value.members())
      members.emplace_back(masked_text(key), masked_leaves(member));
    return members;
  }
  const bool is_harmless =
      value.is_null() || value.is_bool() || (value.is_string() && value.as_string().empty());
  return is_harmless ? value : Json(masked);
}

bool is_structured(const Json& value) {
  return value.is_object() || value.is_array();
}

/// The documents of a JSON or YAML text; empty if it is neither or has only scalars.
std::vector<Json> documents_in(std::string_view text) {
  try {
    Json value = Json::parse(text);
    if (is_structured(value)) return {std::move(value)};
    return {};
  } catch (const Error&) {
  }
  if (text.size() > max_yaml_size) return {};
  try {
    std::vector<Json> documents = parse_yaml_documents(text);
    return std::ranges::any_of(documents, is_structured) ? std::move(documents) : std::vector<Json>{};
  } catch (const Error&) {
    return {};
  }
}

/// True for a text that may be a manifest.
bool may_be_structured(std::string_view text) {
  const std::string_view word = trim(text);
  return word.starts_with('{') || word.starts_with('[') ||
         (word.find('\n') != std::string_view::npos && word.find(':') != std::string_view::npos);
}

std::string masked_string(const std::string& text, Context context) {
  if (!may_be_structured(text)) return may_be_secret(text) ? unreadable_note(text) : masked_text(text);
  if (context.text_depth >= max_text_depth) return unreadable_note(text);
  ++context.text_depth;
  const std::vector<Json> documents = documents_in(text);
  if (documents.empty()) return may_be_secret(text) ? unreadable_note(text) : masked_text(text);
  std::vector<Json> shown;
  for (const Json& document : documents) shown.push_back(masked_value(document, context));
  // A text without secrets is unchanged, unless its comments may contain secrets.
  if (shown == documents && !may_be_secret(text)) return masked_text(text);
  return shown.size() == 1 ? shown.front().dump() : to_yaml(shown);
}

/// True for a member `value` whose sibling names a secret: a container's variable, a probe's header, or an
/// operation of a JSON Patch (RFC 6902).
bool is_named_secret(const Json& object, Context context) {
  const auto path = split(object["path"].as_string(), '/');
  if (object.has("op") && context.is_secret && (path.size() < 2 || path[1] != "metadata")) return true;
  return names_secret(object["name"].as_string()) || names_secret(object["key"].as_string()) ||
         std::ranges::any_of(path, names_secret);
}

/// True for a field whose complete value is secret.
bool is_secret_field(const std::string& key, const Json& object, Context context) {
  if (context.is_secret && (equals_ignoring_case(key, "data") || equals_ignoring_case(key, "stringData")))
    return true;
  return names_secret(key) || (key == "value" && is_named_secret(object, context));
}

Json masked_object(const Json& object, Context context) {
  const auto& members = object.members();
  const auto is_secret_kind_member = [](const auto& member) {
    return equals_ignoring_case(member.first, "kind") && is_secret_kind(member.second.as_string());
  };
  context.is_secret = context.is_secret || std::ranges::any_of(members, is_secret_kind_member);
  // The output of a credential plugin (client.authentication.k8s.io).
  const bool is_credential = object["kind"].as_string() == "ExecCredential";
  Json::Object shown;
  for (const auto& [key, member] : members) {
    // A string is the secret itself, as in an OAuth client; anything else refers to a Secret, as in a volume.
    const bool is_secret_text = equals_ignoring_case(key, "secret") && member.is_string();
    const bool is_masked =
        is_secret_text || is_secret_field(key, object, context) || (is_credential && key == "status");
    shown.emplace_back(masked_text(key), is_masked ? masked_leaves(member) : masked_value(member, context));
  }
  return shown;
}

bool has_private_key(const Json& item) {
  return item.as_string().find("PRIVATE KEY") != std::string::npos;
}

Json masked_array(const Json& array, Context context) {
  // The items may be the lines of the key.
  if (std::ranges::any_of(array.items(), has_private_key)) return masked_leaves(array);
  Json::Array shown;
  bool is_secret_flag = false;  // the previous item is a flag whose value is secret
  for (const Json& item : array.items()) {
    shown.push_back(is_secret_flag ? masked_leaves(item) : masked_value(item, context));
    is_secret_flag = item.as_string().starts_with('-') && names_secret(item.as_string());
  }
  return shown;
}

Json masked_value(const Json& value, Context context) {
  if (value.is_string()) return masked_string(value.as_string(), context);
  if (value.is_object()) return masked_object(value, context);
  return value.is_array() ? masked_array(value, context) : value;
}

bool is_secrets_target(std::string_view target) {
  const auto parts = split(target.substr(0, target.find('?')), '/');
  return std::ranges::find(parts, "secrets") != parts.end();
}

}  // namespace

std::string masked_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return masked_text(line);
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  const std::string head = std::string(name) + ": ";
  if (equals_ignoring_case(name, "Authorization") || equals_ignoring_case(name, "Proxy-Authorization")) {
    constexpr std::array schemes{"bearer", "basic", "negotiate"};
    const std::string_view scheme = value.substr(0, value.find(' '));
    const bool is_known_scheme = std::ranges::any_of(
        schemes, [&](const char* candidate) { return equals_ignoring_case(scheme, candidate); });
    return head + (is_known_scheme ? std::string(scheme) + ' ' : "") + std::string(masked);
  }
  const bool is_public = equals_ignoring_case(name.substr(0, 12), "Impersonate-") ||
                         equals_ignoring_case(name, "WWW-Authenticate");
  if (is_public) return head + std::string(value);
  return head + (names_secret(name) ? std::string(masked) : masked_text(value));
}

std::string masked_body(std::string_view target, std::string_view body) {
  const Context context{.is_secret = is_secrets_target(target)};
  const std::vector<Json> documents = documents_in(body);
  if (documents.empty())
    return context.is_secret || may_be_secret(body) ? unreadable_note(body) : masked_text(body);
  std::string shown;
  for (const Json& document : documents)
    shown += (shown.empty() ? "" : " ") + masked_value(document, context).dump();
  return shown;
}

}  // namespace egress::kube
