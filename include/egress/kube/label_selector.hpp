#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

/// True for what the API takes as a label's key: `team`, `example.com/team`; or as its value
/// (k8s.io/apimachinery, pkg/util/validation: IsQualifiedName, IsValidLabelValue).
bool is_label_key(std::string_view text);
bool is_label_value(std::string_view text);

/// One condition on the labels of an object.
struct Requirement {
  enum class Operator { in, not_in, exists, does_not_exist };

  std::string key;
  Operator op = Operator::exists;
  std::vector<std::string> values{};  ///< of in and not_in only

  /// `labels` is the object's `metadata.labels`; a label that is missing is in no list.
  bool matches(const Json& labels) const;
};

/// A label selector as objects of the API hold it, `matchLabels` and `matchExpressions`
/// (k8s.io/apimachinery, pkg/apis/meta/v1/types.go: LabelSelector). An empty one matches everything.
struct LabelSelector {
  std::vector<Requirement> requirements;

  /// True where every requirement is met.
  bool matches(const Json& labels) const;
  /// What `kubectl label` has to be told for the selector to match: "team=a", or "team-" where a label is in
  /// the way. Empty where it matches already.
  std::vector<std::string> label_changes(const Json& labels) const;

  /// Reads one; nothing where the API would refuse it: an unknown operator, no key, or a list of values
  /// where none may be or must be.
  static std::optional<LabelSelector> read(const Json& selector);

  /// Reads one as it is typed behind -l (k8s.io/apimachinery, pkg/labels/selector.go): `a=b`, `a==b`, `a!=b`,
  /// `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, with commas between them. Throws Error, saying which part
  /// cannot be read.
  static LabelSelector parse(std::string_view text);
};

}  // namespace egress::kube
