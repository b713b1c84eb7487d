#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/faults.hpp"

namespace egress::mesh {

/// Reads the fields of one mapping of a file form, each at most once. What is wrong becomes a fault that
/// names the field by its path; finish() adds the fields that nobody asked for.
class FormFields {
 public:
  /// The mapping must outlive this. `path` is "spec.tls", or empty at the top.
  FormFields(const Json& mapping, std::string path, Faults& faults);

  bool has(std::string_view key) const { return !mapping_[key].is_null(); }

  // Each leaves `into` as it is where the field is absent or null.
  void read(std::string_view key, std::string& into);
  void read(std::string_view key, int& into);
  void read(std::string_view key, bool& into);
  void read(std::string_view key, std::vector<std::string>& into);
  /// A mapping, or a list, whose inside is Kubernetes' to check.
  void read_mapping(std::string_view key, Json& into);
  void read_list(std::string_view key, Json& into);
  /// A mapping of texts: labels, annotations, a node selector.
  void read_texts(std::string_view key, Json& into);

  /// One of a few words, whatever its capitals.
  template <typename Word>
  void read(std::string_view key, Word& into, std::span<const std::pair<std::string_view, Word>> words) {
    std::vector<std::string> texts;
    for (const auto& [text, word] : words) texts.emplace_back(text);
    if (const std::size_t at = which(key, texts); at < words.size()) into = words[at].second;
  }

  /// The fields of the mapping inside; none where it is absent.
  FormFields in(std::string_view key);

  /// To be called last.
  void finish();

  std::string path(std::string_view key) const { return field_of(path_, key); }

 private:
  const Json& take(std::string_view key);
  void fault(std::string_view key, const std::string& why);
  std::size_t which(std::string_view key, const std::vector<std::string>& words);

  const Json& mapping_;
  std::string path_;
  Faults& faults_;
  std::vector<std::string> known_;
};

}  // namespace egress::mesh
