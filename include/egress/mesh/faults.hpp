#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/error.hpp"

namespace egress::mesh {

/// One thing that is wrong with what a user asks for.
struct Fault {
  std::string field;  ///< of the file form, "spec.hosts[0]"; empty where no field is to be mended
  std::string text;   ///< in the words of flags and fields alike

  /// With the field before it, unless the text names it already.
  std::string of_field() const;
};

/// What is asked for cannot be had: all that is wrong with it, a line each.
class FaultyForm : public Error {
 public:
  explicit FaultyForm(std::vector<Fault> faults);

  const std::vector<Fault>& faults() const { return faults_; }

 private:
  std::vector<Fault> faults_;
};

/// What is wrong with what a user asks for, gathered to be said together.
class Faults {
 public:
  void add(std::string field, std::string text) { faults_.push_back({std::move(field), std::move(text)}); }
  void unless(bool right, const std::string& field, const std::string& text) {
    if (!right) add(field, text);
  }
  const std::vector<Fault>& all() const { return faults_; }
  /// Throws FaultyForm.
  void throw_if_any() const {
    if (!faults_.empty()) throw FaultyForm(faults_);
  }

 private:
  std::vector<Fault> faults_;
};

/// The field of that key in a mapping: "spec.tls", "metadata.labels[a.example/b]"; at the top the key alone.
std::string field_of(std::string_view mapping, std::string_view key);
/// "spec.hosts[1]".
std::string item_of(std::string_view list, std::size_t index);

/// The keys and indices that lead to a field.
std::vector<std::string> keys_of(std::string_view field);

}  // namespace egress::mesh
