#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace egress {

struct Member;

/// A JSON value: a Kubernetes object, an answer of the API server, or the content of a YAML file. Members
/// keep their order. rapidjson parses and writes the text (json.cpp).
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  // Defined in json.cpp: the variant's own take a compiler longer than the rest of many a file that includes
  // this.
  Json() noexcept;
  Json(const Json& other);
  Json(Json&& other) noexcept;
  ~Json();
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;

  Json(std::string value);
  Json(std::string_view value);
  Json(const char* value);
  Json(std::same_as<bool> auto value) : Json(Bool{value}) {}
  Json(std::floating_point auto value) : Json(Double{static_cast<double>(value)}) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value) : Json(Integer{static_cast<std::int64_t>(value)}) {}
  Json(Array items);
  Json(Object members);

  bool operator==(const Json& other) const;

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The value, or the fallback if the value has another type. None of these throws, because the structure of
  /// a server's answer or a file cannot be trusted.
  bool as_bool(bool fallback = false) const;
  std::int64_t as_integer(std::int64_t fallback = 0) const;
  double as_number(double fallback = 0) const;
  const std::string& as_string() const&;
  const Array& items() const&;
  const Object& members() const&;

  /// The member of that name, or null if it does not exist: `deployment["status"]["readyReplicas"]`.
  const Json& operator[](std::string_view key) const&;

  // Of a value that is gone with the expression, by value: until C++23 a range-for over `f().items()` would
  // walk what is no more. They move out of it.
  std::string as_string() &&;
  Array items() &&;
  Object members() &&;
  Json operator[](std::string_view key) &&;

  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Json* find(std::string_view key) const;

  /// The member of that name, for changes. Creates the member, and turns this value into an object, if
  /// necessary.
  Json& edit(std::string_view key);
  /// Sets a member; a null value removes it.
  void set(std::string_view key, Json value);
  void erase(std::string_view key);
  /// Appends to an array; makes this one where it is not.
  void push(Json item);

  /// One line, no spaces.
  std::string dump() const;
  /// Indented by four spaces, keys in their order, a newline at the end: kubectl's format (go_text.hpp).
  std::string dump_pretty() const;
  /// A copy whose keys are sorted at every depth, as kubectl prints them.
  Json sorted() const;

  /// Reads one JSON text. Throws Error with the offset where it is malformed or deeper than 200 levels.
  static Json parse(std::string_view text);

 private:
  // The types that the public templates convert to; distinct, so that no integer converts to a bool.
  struct Bool {
    bool value;
  };
  struct Integer {
    std::int64_t value;
  };
  struct Double {
    double value;
  };
  explicit Json(Bool value);
  explicit Json(Integer value);
  explicit Json(Double value);

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// One member of an object() literal. The value is moved out of the literal, not copied.
struct Member {
  std::string_view key;
  mutable Json value;
};

/// An item of an array() literal.
struct Item {
  template <typename T>
  requires std::constructible_from<Json, T> Item(T value) : json(std::move(value)) {}
  mutable Json json;
};

/// An object, written as its YAML would be; a null member is left out.
Json object(std::initializer_list<Member> members);
/// An array of the given items.
Json array(std::initializer_list<Item> items);
/// An array of strings.
Json array(const std::vector<std::string>& items);

}  // namespace egress
