#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// True for a valid label key: `team`, `example.com/team` (k8s.io/apimachinery, pkg/util/validation:
/// IsQualifiedName).
bool is_label_key(std::string_view text);
/// True for a valid label value (the same package: IsValidLabelValue).
bool is_label_value(std::string_view text);

/// One condition on the labels of an object.
struct Requirement {
  enum class Operator { in, not_in, exists, does_not_exist };

  std::string key;
  Operator op = Operator::exists;
  std::vector<std::string> values{};  ///< only for in and not_in

  /// `labels` is the object's `metadata.labels`. `not_in` also matches if the label is missing.
  bool matches(const Json& labels) const;
};

/// A label selector of API objects, with `matchLabels` and `matchExpressions` (k8s.io/apimachinery,
/// pkg/apis/meta/v1/types.go: LabelSelector). An empty one matches everything.
struct LabelSelector {
  std::vector<Requirement> requirements;

  /// True if every requirement matches.
  bool matches(const Json& labels) const;
  /// The arguments of `kubectl label` that make the selector match: "team=a", or "team-" to remove a label.
  /// Empty if it matches already.
  std::vector<std::string> label_changes(const Json& labels) const;

  /// Reads a selector of an API object. Empty if the API would refuse it: an unknown operator, no key,
  /// missing values of In or NotIn, or values of another operator.
  static std::optional<LabelSelector> read(const Json& selector);

  /// Parses a selector of the flag -l (k8s.io/apimachinery, pkg/labels/selector.go): `a=b`, `a==b`, `a!=b`,
  /// `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, separated by commas. Throws Error with the invalid part.
  static LabelSelector parse(std::string_view text);
};

}  // namespace egress::kube
