#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/error.hpp"

namespace egress::mesh {

/// One thing that is wrong with what a user asks for.
struct FieldError {
  std::string field;  ///< of the file form, "spec.hosts[0]"; empty where no field is to be mended
  std::string text;   ///< in the words of flags and fields alike

  /// With the field before it, unless the text names it already.
  std::string with_field() const;
};

/// What is asked for cannot be had: all that is wrong with it, a line each.
class InvalidManifest : public Error {
 public:
  explicit InvalidManifest(std::vector<FieldError> errors);

  const std::vector<FieldError>& errors() const { return errors_; }

 private:
  std::vector<FieldError> errors_;
};

/// What is wrong with what a user asks for, gathered to be said together.
class FieldErrors {
 public:
  void add(std::string field, std::string text) { errors_.push_back({std::move(field), std::move(text)}); }
  void require(bool holds, const std::string& field, const std::string& text) {
    if (!holds) add(field, text);
  }
  const std::vector<FieldError>& all() const { return errors_; }
  /// Throws InvalidManifest.
  void throw_if_any() const {
    if (!errors_.empty()) throw InvalidManifest(errors_);
  }

 private:
  std::vector<FieldError> errors_;
};

/// The field of that key in a mapping: "spec.tls", "metadata.labels[a.example/b]"; at the top the key alone.
std::string field_path(std::string_view mapping, std::string_view key);
/// "spec.hosts[1]".
std::string item_path(std::string_view list, std::size_t index);

/// The keys and indices that lead to a field.
std::vector<std::string> path_keys(std::string_view field);

}  // namespace egress::mesh
