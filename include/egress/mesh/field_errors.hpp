#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/error.hpp"

namespace egress::mesh {

/// One error in the settings of a gateway.
struct FieldError {
  std::string field;  ///< of the manifest: "spec.hosts[0]"; empty if it is no single field
  std::string text;   ///< names fields, not flags

  /// The text, preceded by the field unless the text contains it.
  std::string with_field() const;
};

/// The settings of a gateway are invalid. The message has one line for each error.
class InvalidManifest : public Error {
 public:
  explicit InvalidManifest(std::vector<FieldError> errors);

  const std::vector<FieldError>& errors() const { return errors_; }

 private:
  std::vector<FieldError> errors_;
};

/// Collects errors, so that all are reported together.
class FieldErrors {
 public:
  void add(std::string field, std::string text) { errors_.push_back({std::move(field), std::move(text)}); }
  void require(bool holds, const std::string& field, const std::string& text) {
    if (!holds) add(field, text);
  }
  const std::vector<FieldError>& all() const { return errors_; }
  /// Throws InvalidManifest if there is an error.
  void throw_if_any() const {
    if (!errors_.empty()) throw InvalidManifest(errors_);
  }

 private:
  std::vector<FieldError> errors_;
};

/// The path of a key in a mapping: "spec.tls", "metadata.labels[a.example/b]"; at the top only the key.
std::string field_path(std::string_view mapping, std::string_view key);
/// The path of an item of a list: "spec.hosts[1]".
std::string item_path(std::string_view list, std::size_t index);

/// The keys and indices of a path.
std::vector<std::string> path_keys(std::string_view field);

}  // namespace egress::mesh
