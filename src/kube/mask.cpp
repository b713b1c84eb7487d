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

/// YAML that is longer is not read: it takes too long for what is told on the side.
constexpr std::size_t longest_yaml = 65536;
/// How deep manifests are kept as text in manifests.
constexpr int deepest_text = 4;

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_secret_kind(std::string_view kind) {
  return same(kind, "Secret") || same(kind, "SecretList");
}

/// True where a text that cannot be read may be of a Secret: it says so of itself, or is in Kubernetes'
/// binary form.
bool may_be_secret(std::string_view text) {
  if (text.starts_with(std::string_view("k8s\0", 4))) return true;
  if (text.find("ata") == std::string_view::npos) return false;
  constexpr std::string_view kind = "kind";
  for (std::size_t at = 0; (at = text.find("ecret", at)) != std::string_view::npos; ++at) {
    const std::string_view before = text.substr(0, std::max<std::size_t>(at, 1) - 1);
    const std::string_view word = before.substr(0, before.find_last_not_of(" \\\"':") + 1);
    if (word.size() >= kind.size() && same(word.substr(word.size() - kind.size()), kind)) return true;
  }
  return false;
}

std::string left_out(std::string_view text) {
  return "<" + std::to_string(text.size()) + " bytes that cannot be read>";
}

/// What is known of the place in a body where a value stands.
struct Place {
  bool secret = false;  ///< within a Secret
  int text = 0;         ///< in how many texts
};

Json masked_value(const Json& value, Place place);

/// With its structure, and nothing of what it says; true and false are no secret.
Json hidden(const Json& value) {
  if (value.is_array()) {
    Json::Array items;
    for (const Json& item : value.items()) items.push_back(hidden(item));
    return items;
  }
  if (value.is_object()) {
    Json::Object members;
    for (const auto& [key, member] : value.members()) members.emplace_back(masked_text(key), hidden(member));
    return members;
  }
  const bool says_nothing =
      value.is_null() || value.is_bool() || (value.is_string() && value.as_string().empty());
  return says_nothing ? value : Json(masked);
}

bool holds_structure(const Json& value) {
  return value.is_object() || value.is_array();
}

/// The documents of a text that is JSON or YAML; none where it is neither, or has no structure.
std::vector<Json> documents_in(std::string_view text) {
  try {
    Json value = Json::parse(text);
    if (holds_structure(value)) return {std::move(value)};
    return {};
  } catch (const Error&) {
  }
  if (text.size() > longest_yaml) return {};
  try {
    std::vector<Json> documents = parse_yaml_documents(text);
    return std::ranges::any_of(documents, holds_structure) ? std::move(documents) : std::vector<Json>{};
  } catch (const Error&) {
    return {};
  }
}

/// True for what may be a manifest that is kept as text.
bool looks_structured(std::string_view text) {
  const std::string_view word = trimmed(text);
  return word.starts_with('{') || word.starts_with('[') ||
         (word.find('\n') != std::string_view::npos && word.find(':') != std::string_view::npos);
}

std::string masked_string(const std::string& text, Place place) {
  if (!looks_structured(text)) return may_be_secret(text) ? left_out(text) : masked_text(text);
  if (place.text >= deepest_text) return left_out(text);
  ++place.text;
  const std::vector<Json> documents = documents_in(text);
  if (documents.empty()) return may_be_secret(text) ? left_out(text) : masked_text(text);
  std::vector<Json> shown;
  for (const Json& document : documents) shown.push_back(masked_value(document, place));
  // A text without secrets stays as it was written, unless they may stand in its comments.
  if (shown == documents && !may_be_secret(text)) return masked_text(text);
  return shown.size() == 1 ? shown.front().dump() : to_yaml(shown);
}

/// True for a member `value` whose neighbour names it: a variable of a container, a header of a probe, an
/// operation of a JSON patch (RFC 6902).
bool is_named_secret(const Json& object, Place place) {
  const auto path = split(object["path"].as_string(), '/');
  if (object.has("op") && place.secret && (path.size() < 2 || path[1] != "metadata")) return true;
  return names_secret(object["name"].as_string()) || names_secret(object["key"].as_string()) ||
         std::ranges::any_of(path, names_secret);
}

/// True for a field whose value is secret as a whole.
bool is_secret_field(const std::string& key, const Json& object, Place place) {
  if (place.secret && (same(key, "data") || same(key, "stringData"))) return true;
  return names_secret(key) || (key == "value" && is_named_secret(object, place));
}

Json masked_object(const Json& object, Place place) {
  const auto& members = object.members();
  const auto says_secret = [](const auto& member) {
    return same(member.first, "kind") && is_secret_kind(member.second.as_string());
  };
  place.secret = place.secret || std::ranges::any_of(members, says_secret);
  // What a credential plugin prints (client.authentication.k8s.io).
  const bool credential = object["kind"].as_string() == "ExecCredential";
  Json::Object shown;
  for (const auto& [key, member] : members) {
    // As a text it is one (OAuth's clients have such), otherwise it says which one (volumes).
    const bool secret = same(key, "secret") && member.is_string();
    const bool whole = secret || is_secret_field(key, object, place) || (credential && key == "status");
    shown.emplace_back(masked_text(key), whole ? hidden(member) : masked_value(member, place));
  }
  return shown;
}

bool holds_key(const Json& item) {
  return item.as_string().find("PRIVATE KEY") != std::string::npos;
}

Json masked_array(const Json& array, Place place) {
  // Each line of the key may be an item.
  if (std::ranges::any_of(array.items(), holds_key)) return hidden(array);
  Json::Array shown;
  bool flag = false;  // that the item before is, and whose value is secret
  for (const Json& item : array.items()) {
    shown.push_back(flag ? hidden(item) : masked_value(item, place));
    flag = item.as_string().starts_with('-') && names_secret(item.as_string());
  }
  return shown;
}

Json masked_value(const Json& value, Place place) {
  if (value.is_string()) return masked_string(value.as_string(), place);
  if (value.is_object()) return masked_object(value, place);
  return value.is_array() ? masked_array(value, place) : value;
}

bool leads_to_secrets(std::string_view target) {
  const auto parts = split(target.substr(0, target.find('?')), '/');
  return std::ranges::find(parts, "secrets") != parts.end();
}

}  // namespace

std::string masked_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return masked_text(line);
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  const std::string head = std::string(name) + ": ";
  if (same(name, "Authorization") || same(name, "Proxy-Authorization")) {
    constexpr std::array schemes{"bearer", "basic", "negotiate"};
    const std::string_view scheme = value.substr(0, value.find(' '));
    const bool known = std::ranges::any_of(schemes, [&](const char* one) { return same(scheme, one); });
    return head + (known ? std::string(scheme) + ' ' : "") + std::string(masked);
  }
  const bool plain = same(name.substr(0, 12), "Impersonate-") || same(name, "WWW-Authenticate");
  if (plain) return head + std::string(value);
  return head + (names_secret(name) ? std::string(masked) : masked_text(value));
}

std::string masked_body(std::string_view target, std::string_view body) {
  const Place place{.secret = leads_to_secrets(target)};
  const std::vector<Json> documents = documents_in(body);
  if (documents.empty()) return place.secret || may_be_secret(body) ? left_out(body) : masked_text(body);
  std::string shown;
  for (const Json& document : documents)
    shown += (shown.empty() ? "" : " ") + masked_value(document, place).dump();
  return shown;
}

}  // namespace egress::kube
