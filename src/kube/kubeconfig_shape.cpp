#include "egress/kube/kubeconfig_shape.hpp"

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

const char* kind_of(const Json& value) {
  if (value.is_number()) return "a number";
  if (value.is_bool()) return "true or false";
  if (value.is_string()) return "a text";
  return value.is_array() ? "a list" : "a map";
}

/// Where base64 ends to be such, counted as Go's decoder counts; nothing where all of it is.
std::optional<std::size_t> base64_fault(std::string_view text) {
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '\r' || c == '\n') continue;
    if (c == '=' ? digits % 4 + padding < 2 || digits % 4 + padding > 3
                 : padding > 0 || (std::isalnum(c) == 0 && c != '+' && c != '/'))
      return at;
    ++(c == '=' ? padding : digits);
  }
  if ((digits + padding) % 4 == 0) return std::nullopt;
  return text.size() - (digits + padding) % 4;
}

/// Walks through a kubeconfig's value and knows where in it.
class Walk {
 public:
  Walk(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  void top(const Json& config) {
    if (!config.is_object()) fail("it is not a kubeconfig, but " + std::string(kind_of(config)));
    fields(config, top_fields);
    at("preferences", [&] { map(config["preferences"]); });
    list(config, "clusters", "cluster", cluster_fields);
    list(config, "users", "user", user_fields);
    list(config, "contexts", "context", context_fields);
  }

 private:
  template <typename Check>
  void at(std::string step, Check check) {
    path_.push_back(std::move(step));
    check();
    path_.pop_back();
  }

  template <typename Check>
  void items(const Json& value, Check check) {
    if (value.is_null()) return;
    if (!value.is_array()) wrong(value, "a list");
    for (std::size_t i = 0; i < value.items().size(); ++i)
      at(std::to_string(i), [&] { check(value.items()[i]); });
  }

  void map(const Json& value) {
    if (!value.is_null() && !value.is_object()) wrong(value, "a map");
  }

  void fields(const Json& value, std::span<const Field> known) {
    map(value);
    for (const Field& field : known)
      if (const Json* found = value.find(field.key); found != nullptr && !found->is_null())
        at(field.key, [&] { check(*found, field.type); });
  }

  void list(const Json& config, const char* key, const char* member, std::span<const Field> known) {
    at(key, [&] {
      std::unordered_set<std::string> names;
      items(config[key], [&](const Json& item) {
        named(item, names);
        at(member, [&] { fields(item[member], known); });
      });
    });
  }

  void named(const Json& item, std::unordered_set<std::string>& names) {
    map(item);
    at("name", [&] {
      text(item["name"]);
      if (!names.insert(item["name"].as_string()).second)
        fail("duplicate name \"" + printable(item["name"].as_string(), 200) + "\" in list " +
                 place().substr(0, place().rfind('[')),
             "Rename or remove one of the two.");
    });
  }

  void text(const Json& value) {
    if (!value.is_null() && !value.is_string()) wrong(value, "a text");
  }

  void check(const Json& value, Type type) {
    std::unordered_set<std::string> names;
    switch (type) {
      case Type::text:
        return text(value);
      case Type::boolean:
        if (!value.is_bool()) wrong(value, "true or false");
        return;
      case Type::base64:
        return base64(value);
      case Type::texts:
        return items(value, [&](const Json& item) { text(item); });
      case Type::text_map:
      case Type::texts_map:
        map(value);
        for (const auto& [key, one] : value.members())
          at(key, [&, &one = one] { check(one, type == Type::text_map ? Type::text : Type::texts); });
        return;
      case Type::extensions:
        return items(value, [&](const Json& item) { named(item, names); });
      case Type::provider:
        return fields(value, provider_fields);
      case Type::exec:
        return fields(value, exec_fields);
      case Type::variables:
        return items(value, [&](const Json& item) { fields(item, variable_fields); });
    }
  }

  void base64(const Json& value) {
    text(value);
    if (const auto fault = base64_fault(value.as_string()))
      fail(place() + " is illegal base64 data at input byte " + std::to_string(*fault),
           "Encode it anew: base64 -w0 FILE");
  }

  /// "users[3].user.token"
  std::string place() const {
    std::string text;
    for (const std::string& step : path_) {
      const bool index = !text.empty() && step.find_first_not_of("0123456789") == std::string::npos;
      text += index ? "[" + step + "]" : (text.empty() ? "" : ".") + printable(step, 100);
    }
    return text;
  }

  [[noreturn]] void wrong(const Json& value, const std::string& wanted) {
    const std::string& key = path_.back();
    const std::string named_key =
        key.find_first_not_of("0123456789") == std::string::npos ? "- " : key + ": ";
    std::string hint;
    if (wanted == "a text" && (value.is_number() || value.is_bool()))
      hint = "Quote it: " + named_key + "\"…\"";
    if (wanted == "true or false" && value.is_string())
      hint = "Write true or false, without quotes: " + named_key + "true";
    fail(place() + " is " + kind_of(value) + ", not " + wanted, hint);
  }

  [[noreturn]] void fail(const std::string& why, const std::string& hint = {}) const {
    std::vector<std::string> path = path_;
    std::size_t line = yaml_line(text_, path);
    // What is missing has no line of its own.
    while (line == 0 && !path.empty()) {
      path.pop_back();
      line = yaml_line(text_, path);
    }
    throw Error(
        "error loading config file \"" + shown_path(file_) + "\": line " + std::to_string(line) + ": " + why,
        hint);
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<std::string> path_;
};

}  // namespace

void check_shape(const Json& config, std::string_view text, const std::string& file) {
  Walk(text, file).top(config);
}

}  // namespace egress::kube
