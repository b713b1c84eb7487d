#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::testing {

/// The label selector of a list request as an API server answers it: `a=b`, `a==b`, `a!=b`, `a in (b,c)`,
/// `a notin (b,c)`, `a`, `!a`, with commas between them. It is written from the documentation of Kubernetes
/// and shares no code with kube::LabelSelector: the fake cluster judges the program by it.
class LabelQuery {
 public:
  /// Reads `labelSelector=…`, unescaped. Returns nothing for what a server refuses as malformed.
  static std::optional<LabelQuery> parse(const std::string& text);

  /// True if an object with these labels is in the list.
  bool selects(const Json& labels) const;

 private:
  struct Condition {
    std::string key;
    bool negated = false;
    std::set<std::string> values;  ///< one of which the label must have; empty: any
  };

  static std::optional<Condition> parse_condition(const std::string& text);

  std::vector<Condition> conditions_;
};

}  // namespace egress::testing
