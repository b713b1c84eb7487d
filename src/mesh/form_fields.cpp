#include "egress/mesh/form_fields.hpp"

#include <algorithm>
#include <limits>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

constexpr std::size_t longest_list = 1000;

}  // namespace

FormFields::FormFields(const Json& mapping, std::string path, Faults& faults)
    : mapping_(mapping), path_(std::move(path)), faults_(faults) {
  if (!mapping.is_object() && !mapping.is_null()) faults_.add(path_, path_ + " must be a mapping");
}

void FormFields::fault(std::string_view key, const std::string& why) {
  faults_.add(path(key), printable(path(key), 200) + " " + why);
}

const Json& FormFields::take(std::string_view key) {
  known_.emplace_back(key);
  return mapping_[key];
}

void FormFields::read(std::string_view key, std::string& into) {
  const Json& value = take(key);
  if (value.is_string())
    into = value.as_string();
  else if (!value.is_null())
    fault(key, "must be text; put it in quotes");
}

void FormFields::read(std::string_view key, int& into) {
  const Json& value = take(key);
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  if (value.is_integer() && value.as_integer() >= -most && value.as_integer() <= most)
    into = static_cast<int>(value.as_integer());
  else if (!value.is_null())
    fault(key, "must be a whole number");
}

void FormFields::read(std::string_view key, bool& into) {
  const Json& value = take(key);
  if (value.is_bool())
    into = value.as_bool();
  else if (!value.is_null())
    fault(key, "must be true or false");
}

void FormFields::read(std::string_view key, std::vector<std::string>& into) {
  const Json& value = take(key);
  if (value.is_null()) return;
  const auto& items = value.items();
  if (!value.is_array() || items.size() > longest_list || !std::ranges::all_of(items, &Json::is_string))
    return fault(key, "must be a list of at most " + std::to_string(longest_list) + " texts");
  into.clear();
  for (const Json& item : items) into.push_back(item.as_string());
}

void FormFields::read_mapping(std::string_view key, Json& into) {
  const Json& value = take(key);
  if (value.is_object())
    into = value;
  else if (!value.is_null())
    fault(key, "must be a mapping");
}

void FormFields::read_list(std::string_view key, Json& into) {
  const Json& value = take(key);
  if (value.is_array())
    into = value;
  else if (!value.is_null())
    fault(key, "must be a list");
}

void FormFields::read_texts(std::string_view key, Json& into) {
  read_mapping(key, into);
  for (const auto& [name, value] : mapping_[key].members())
    if (!value.is_string()) {
      const std::string field = field_of(path(key), name);
      faults_.add(field, printable(field, 200) + " must be text; put it in quotes");
    }
}

std::size_t FormFields::which(std::string_view key, const std::vector<std::string>& words) {
  const Json& value = take(key);
  if (value.is_null()) return words.size();
  if (!value.is_string()) {
    fault(key, "must be one of " + join(words, ", "));
    return words.size();
  }
  std::vector<std::string> lowered;
  for (const std::string& word : words) lowered.push_back(lower(word));
  const auto place_of = [&](const std::string& word) {
    return static_cast<std::size_t>(std::ranges::find(lowered, word) - lowered.begin());
  };
  const std::size_t at = place_of(lower(value.as_string()));
  if (at < words.size()) return at;
  const std::size_t meant = place_of(nearest(lower(value.as_string()), lowered));
  fault(key, "is \"" + printable(value.as_string(), 100) + "\", which is none of " + join(words, ", ") +
                 (meant < words.size() ? "; did you mean \"" + words[meant] + "\"?" : ""));
  return at;
}

FormFields FormFields::in(std::string_view key) {
  return {take(key), path(key), faults_};
}

void FormFields::finish() {
  for (const auto& [key, value] : mapping_.members()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const std::string meant = nearest(key, known_);
    faults_.add(path(key), "unknown field \"" + printable(path(key), 200) + "\"" +
                               (meant.empty() ? "" : "; did you mean \"" + path(meant) + "\"?"));
  }
}

}  // namespace egress::mesh
