#include "egress/kube/kubeconfig_schema.hpp"

#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress::kube {
namespace {

enum class Type { text, boolean, base64, texts, text_map, texts_map, extensions, provider, exec, variables };

struct Field {
  const char* key;
  Type type;
};

constexpr std::array top_fields{Field{"apiVersion", Type::text}, Field{"kind", Type::text},
                                Field{"current-context", Type::text}, Field{"extensions", Type::extensions}};
constexpr std::array cluster_fields{
    Field{"server", Type::text},
    Field{"tls-server-name", Type::text},
    Field{"insecure-skip-tls-verify", Type::boolean},
    Field{"certificate-authority", Type::text},
    Field{"certificate-authority-data", Type::base64},
    Field{"proxy-url", Type::text},
    Field{"disable-compression", Type::boolean},
    Field{"extensions", Type::extensions},
};
constexpr std::array user_fields{
    Field{"client-certificate", Type::text},
    Field{"client-certificate-data", Type::base64},
    Field{"client-key", Type::text},
    Field{"client-key-data", Type::base64},
    Field{"token", Type::text},
    Field{"tokenFile", Type::text},
    Field{"as", Type::text},
    Field{"as-uid", Type::text},
    Field{"as-groups", Type::texts},
    Field{"as-user-extra", Type::texts_map},
    Field{"username", Type::text},
    Field{"password", Type::text},
    Field{"auth-provider", Type::provider},
    Field{"exec", Type::exec},
    Field{"extensions", Type::extensions},
};
constexpr std::array context_fields{Field{"cluster", Type::text}, Field{"user", Type::text},
                                    Field{"namespace", Type::text}, Field{"extensions", Type::extensions}};
constexpr std::array provider_fields{Field{"name", Type::text}, Field{"config", Type::text_map}};
constexpr std::array exec_fields{
    Field{"command", Type::text},         Field{"args", Type::texts},
    Field{"env", Type::variables},        Field{"apiVersion", Type::text},
    Field{"installHint", Type::text},     Field{"provideClusterInfo", Type::boolean},
    Field{"interactiveMode", Type::text},
};
constexpr std::array variable_fields{Field{"name", Type::text}, Field{"value", Type::text}};

const char* type_name(const Json& value) {
  if (value.is_number()) return "a number";
  if (value.is_bool()) return "true or false";
  if (value.is_string()) return "a string";
  return value.is_array() ? "a list" : "a map";
}

/// The position of the first base64 error, counted as by Go's decoder; empty if the text is valid.
std::optional<std::size_t> base64_error_position(std::string_view text) {
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\r' || c == '\n') continue;
    if (c == '=' ? digits % 4 + padding < 2 || digits % 4 + padding > 3
                 : padding > 0 || (std::isalnum(c) == 0 && c != '+' && c != '/'))
      return i;
    ++(c == '=' ? padding : digits);
  }
  if ((digits + padding) % 4 == 0) return std::nullopt;
  return text.size() - (digits + padding) % 4;
}

/// Checks the value of a kubeconfig and keeps track of the current path.
class SchemaCheck {
 public:
  SchemaCheck(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  void check_config(const Json& config) {
    if (!config.is_object())
      fail("it is not a kubeconfig: expected a map, found " + std::string(type_name(config)));
    check_fields(config, top_fields);
    check_at("preferences", [&] { check_map(config["preferences"]); });
    check_list(config, "clusters", "cluster", cluster_fields);
    check_list(config, "users", "user", user_fields);
    check_list(config, "contexts", "context", context_fields);
  }

 private:
  template <typename Check>
  void check_at(std::string step, Check check) {
    path_.push_back(std::move(step));
    check();
    path_.pop_back();
  }

  template <typename Check>
  void check_items(const Json& value, Check check) {
    if (value.is_null()) return;
    if (!value.is_array()) fail_type(value, "a list");
    for (std::size_t i = 0; i < value.items().size(); ++i)
      check_at(std::to_string(i), [&] { check(value.items()[i]); });
  }

  void check_map(const Json& value) {
    if (!value.is_null() && !value.is_object()) fail_type(value, "a map");
  }

  void check_fields(const Json& value, std::span<const Field> known) {
    check_map(value);
    for (const Field& field : known)
      if (const Json* found = value.find(field.key); found != nullptr && !found->is_null())
        check_at(field.key, [&] { check_value(*found, field.type); });
  }

  void check_list(const Json& config, const char* key, const char* member, std::span<const Field> known) {
    check_at(key, [&] {
      std::unordered_set<std::string> names;
      check_items(config[key], [&](const Json& item) {
        check_name(item, names);
        check_at(member, [&] { check_fields(item[member], known); });
      });
    });
  }

  void check_name(const Json& item, std::unordered_set<std::string>& names) {
    check_map(item);
    check_at("name", [&] {
      check_text(item["name"]);
      if (!names.insert(item["name"].as_string()).second)
        fail("duplicate name \"" + printable(item["name"].as_string(), 200) + "\" in list " +
                 location().substr(0, location().rfind('[')),
             "rename or remove one of them");
    });
  }

  void check_text(const Json& value) {
    if (!value.is_null() && !value.is_string()) fail_type(value, "a string");
  }

  void check_value(const Json& value, Type type) {
    std::unordered_set<std::string> names;
    switch (type) {
      case Type::text:
        return check_text(value);
      case Type::boolean:
        if (!value.is_bool()) fail_type(value, "true or false");
        return;
      case Type::base64:
        return check_base64(value);
      case Type::texts:
        return check_items(value, [&](const Json& item) { check_text(item); });
      case Type::text_map:
      case Type::texts_map:
        check_map(value);
        for (const auto& [key, member] : value.members())
          check_at(key, [&, &member = member] {
            check_value(member, type == Type::text_map ? Type::text : Type::texts);
          });
        return;
      case Type::extensions:
        return check_items(value, [&](const Json& item) { check_name(item, names); });
      case Type::provider:
        return check_fields(value, provider_fields);
      case Type::exec:
        return check_fields(value, exec_fields);
      case Type::variables:
        return check_items(value, [&](const Json& item) { check_fields(item, variable_fields); });
    }
  }

  void check_base64(const Json& value) {
    check_text(value);
    if (const auto position = base64_error_position(value.as_string()))
      fail(location() + " is illegal base64 data at input byte " + std::to_string(*position),
           "encode it again: base64 -w0 FILE");
  }

  /// "users[3].user.token"
  std::string location() const {
    std::string text;
    for (const std::string& step : path_) {
      const bool is_index = !text.empty() && step.find_first_not_of("0123456789") == std::string::npos;
      text += is_index ? "[" + step + "]" : (text.empty() ? "" : ".") + printable(step, 100);
    }
    return text;
  }

  [[noreturn]] void fail_type(const Json& value, const std::string& expected) {
    const std::string& key = path_.back();
    const std::string key_prefix =
        key.find_first_not_of("0123456789") == std::string::npos ? "- " : key + ": ";
    std::string hint;
    if (expected == "a string" && (value.is_number() || value.is_bool()))
      hint = "quote it: " + key_prefix + "\"…\"";
    if (expected == "true or false" && value.is_string())
      hint = "write true or false without quotes: " + key_prefix + "true";
    fail(location() + " is " + type_name(value) + ", not " + expected, hint);
  }

  [[noreturn]] void fail(const std::string& why, const std::string& hint = {}) const {
    std::vector<std::string> path = path_;
    std::size_t line = find_yaml_line(text_, path);
    // A missing field has no line; use the line of its parent.
    while (line == 0 && !path.empty()) {
      path.pop_back();
      line = find_yaml_line(text_, path);
    }
    throw Error("error loading config file \"" + printable_path(file_) + "\": line " + std::to_string(line) +
                    ": " + why,
                hint);
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<std::string> path_;
};

}  // namespace

void check_kubeconfig_schema(const Json& config, std::string_view text, const std::string& file) {
  SchemaCheck(text, file).check_config(config);
}

}  // namespace egress::kube
