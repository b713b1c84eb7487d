#include "egress/base/json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"

namespace egress {
namespace {

constexpr std::size_t max_depth = 200;

const Json null_json;
const std::string empty_string;
const Json::Array empty_array;
const Json::Object empty_object;

/// The text that rapidjson parsed. rapidjson turns an unpaired low surrogate into invalid UTF-8; as in Go, it
/// becomes the replacement character.
std::string decode_text(const char* text, rapidjson::SizeType size) {
  std::string result(text, size);
  for (std::size_t at = 0; (at = result.find('\xed', at)) != std::string::npos; at += 3)
    if (static_cast<unsigned char>(result[at + 1]) > 0x9f) result.replace(at, 3, "\ufffd");
  return result;
}

/// An integer where it is written as one and is one of 64 bits; nothing where it is too big for any number.
/// rapidjson 1.1.0 itself reads beyond its tables where there are hundreds of digits (internal/strtod.h).
std::optional<Json> parse_number(const std::string& text) {
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (text.find_first_of(".eE") == std::string::npos &&
      std::from_chars(text.data(), end, integer).ec == std::errc())
    return integer;
  double number = 0;
  // What is too small for a number is 0, which only the older function says.
  if (std::from_chars(text.data(), end, number).ec != std::errc())
    number = std::strtod(text.c_str(), nullptr);
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

/// Builds a Json from rapidjson's events; refuses what is nested too deeply, and numbers that are too big.
class Builder {
 public:
  bool Null() { return add({}); }
  bool Bool(bool value) { return add(value); }
  // Numbers come as text; these are for rapidjson's templates alone.
  bool Int(int value) { return add(value); }
  bool Uint(unsigned value) { return add(value); }
  bool Int64(std::int64_t value) { return add(value); }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double value) { return add(value); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    auto number = parse_number(std::string(text, size));
    is_too_big_ = !number;
    return number && add(std::move(*number));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) { return add(decode_text(text, size)); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    levels_.back().key = decode_text(text, size);
    return true;
  }
  bool StartObject() { return open(Json(Json::Object{})); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(Json(Json::Array{})); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  Json release() { return std::move(root_); }
  /// Why it refused to go on.
  const char* error_message() const { return is_too_big_ ? "Number too big." : "It is nested too deeply."; }

 private:
  struct Level {
    Json json;
    std::string key;
    Json::Object members;
    Json::Array items;
  };

  bool open(Json json) {
    if (levels_.size() >= max_depth) return false;
    levels_.push_back({std::move(json), {}, {}, {}});
    return true;
  }

  bool close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    return add(level.json.is_object() ? Json(std::move(level.members)) : Json(std::move(level.items)));
  }

  bool add(Json json) {
    if (levels_.empty())
      root_ = std::move(json);
    else if (levels_.back().json.is_object())
      levels_.back().members.emplace_back(std::move(levels_.back().key), std::move(json));
    else
      levels_.back().items.push_back(std::move(json));
    return true;
  }

  Json root_;
  std::vector<Level> levels_;
  bool is_too_big_ = false;
};

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write(Writer& writer, const Json& json) {
  auto size = [](const std::string& text) { return static_cast<rapidjson::SizeType>(text.size()); };
  // JSON has no word for a number that is not finite.
  const bool is_not_finite = json.is_number() && !std::isfinite(json.as_number());
  if (json.is_null() || is_not_finite)
    writer.Null();
  else if (json.is_bool())
    writer.Bool(json.as_bool());
  else if (json.is_integer())
    writer.Int64(json.as_integer());
  else if (json.is_number())
    writer.Double(json.as_number());
  else if (json.is_string())
    writer.String(json.as_string().data(), size(json.as_string()));
  else if (json.is_array()) {
    writer.StartArray();
    for (const Json& item : json.items()) write(writer, item);
    writer.EndArray();
  } else {
    writer.StartObject();
    for (const auto& [key, value] : json.members()) {
      writer.Key(key.data(), size(key));
      write(writer, value);
    }
    writer.EndObject();
  }
}

}  // namespace

Json::Json() noexcept = default;
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json::~Json() = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;

Json::Json(std::string value) : value_(std::move(value)) {}
Json::Json(std::string_view value) : value_(std::string(value)) {}
Json::Json(const char* value) : value_(std::string(value)) {}
Json::Json(Array items) : value_(std::move(items)) {}
Json::Json(Object members) : value_(std::move(members)) {}
Json::Json(Bool value) : value_(value.value) {}
Json::Json(Integer value) : value_(value.value) {}
Json::Json(Double value) : value_(value.value) {}

bool Json::operator==(const Json& other) const {
  return value_ == other.value_;  // clang 14 crashes on the default of it here
}

bool Json::as_bool(bool fallback) const {
  const bool* value = std::get_if<bool>(&value_);
  return value ? *value : fallback;
}

std::int64_t Json::as_integer(std::int64_t fallback) const {
  const auto* value = std::get_if<std::int64_t>(&value_);
  return value ? *value : fallback;
}

double Json::as_number(double fallback) const {
  if (is_integer()) return static_cast<double>(as_integer());
  const double* value = std::get_if<double>(&value_);
  return value ? *value : fallback;
}

const std::string& Json::as_string() const& {
  const auto* value = std::get_if<std::string>(&value_);
  return value ? *value : empty_string;
}

const Json::Array& Json::items() const& {
  const auto* value = std::get_if<Array>(&value_);
  return value ? *value : empty_array;
}

const Json::Object& Json::members() const& {
  const auto* value = std::get_if<Object>(&value_);
  return value ? *value : empty_object;
}

const Json* Json::find(std::string_view key) const {
  for (const auto& [name, value] : members())
    if (name == key) return &value;
  return nullptr;
}

const Json& Json::operator[](std::string_view key) const& {
  const Json* member = find(key);
  return member ? *member : null_json;
}

std::string Json::as_string() && {
  auto* value = std::get_if<std::string>(&value_);
  return value ? std::move(*value) : std::string();
}

Json::Array Json::items() && {
  auto* value = std::get_if<Array>(&value_);
  return value ? std::move(*value) : Array();
}

Json::Object Json::members() && {
  auto* value = std::get_if<Object>(&value_);
  return value ? std::move(*value) : Object();
}

Json Json::operator[](std::string_view key) && {
  for (auto& [name, value] : std::move(*this).members())
    if (name == key) return std::move(value);
  return {};
}

Json& Json::edit(std::string_view key) {
  if (!is_object()) value_ = Object{};
  auto& members = std::get<Object>(value_);
  for (auto& [name, value] : members)
    if (name == key) return value;
  return members.emplace_back(std::string(key), Json()).second;
}

void Json::set(std::string_view key, Json value) {
  if (value.is_null())
    erase(key);
  else
    edit(key) = std::move(value);
}

void Json::erase(std::string_view key) {
  if (auto* members = std::get_if<Object>(&value_))
    std::erase_if(*members, [&](const auto& member) { return member.first == key; });
}

void Json::push(Json item) {
  if (!is_array()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(item));
}

std::string Json::dump() const {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  write(writer, *this);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string Json::dump_pretty() const {
  return go_json_indented(*this) + "\n";
}

Json Json::sorted() const {
  if (is_array()) {
    Array items;
    items.reserve(this->items().size());
    for (const Json& item : this->items()) items.push_back(item.sorted());
    return items;
  }
  if (!is_object()) return *this;
  Object members;
  members.reserve(this->members().size());
  for (const auto& [key, value] : this->members()) members.emplace_back(key, value.sorted());
  std::ranges::stable_sort(members, {}, &Object::value_type::first);
  return members;
}

Json Json::parse(std::string_view text) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>> reader;
  Builder builder;
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  if (!result) {
    const std::string why = result.Code() == rapidjson::kParseErrorTermination
                                ? builder.error_message()
                                : rapidjson::GetParseError_En(result.Code());
    throw Error("invalid JSON at offset " + std::to_string(result.Offset()) + ": " + why);
  }
  return builder.release();
}

Json object(std::initializer_list<Member> members) {
  Json::Object result;
  result.reserve(members.size());
  for (const Member& member : members)
    if (!member.value.is_null()) result.emplace_back(std::string(member.key), std::move(member.value));
  return result;
}

Json array(std::initializer_list<Item> items) {
  Json::Array result;
  result.reserve(items.size());
  for (const Item& item : items) result.push_back(std::move(item.json));
  return result;
}

Json array(const std::vector<std::string>& items) {
  return Json::Array(items.begin(), items.end());
}

}  // namespace egress
