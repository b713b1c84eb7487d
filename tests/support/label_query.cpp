#include "support/label_query.hpp"

#include <algorithm>
#include <regex>

namespace egress::testing {
namespace {

/// The conditions of a selector: a comma inside a list of values does not separate them.
std::vector<std::string> split_conditions(const std::string& text) {
  std::vector<std::string> parts{""};
  bool in_list = false;
  for (const char c : text) {
    if (c == '(' || c == ')') in_list = c == '(';
    if (c == ',' && !in_list)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::set<std::string> parse_values(const std::string& list) {
  static const std::regex value("[^,\\s]+");
  return {std::sregex_token_iterator(list.begin(), list.end(), value), std::sregex_token_iterator()};
}

}  // namespace

std::optional<LabelQuery::Condition> LabelQuery::parse_condition(const std::string& text) {
  static const std::regex equality(R"(\s*([\w./-]+)\s*(=|==|!=)\s*([\w.-]*)\s*)");
  static const std::regex set_based(R"(\s*([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)\s*)");
  static const std::regex existence(R"(\s*(!?)\s*([\w./-]+)\s*)");
  std::smatch part;
  if (std::regex_match(text, part, equality)) return Condition{part[1], part[2] == "!=", {part[3]}};
  if (std::regex_match(text, part, set_based))
    return Condition{part[1], part[2] == "notin", parse_values(part[3])};
  if (std::regex_match(text, part, existence)) return Condition{part[2], part[1] == "!", {}};
  return std::nullopt;
}

std::optional<LabelQuery> LabelQuery::parse(const std::string& text) {
  LabelQuery query;
  if (text.empty()) return query;
  for (const std::string& part : split_conditions(text)) {
    auto condition = parse_condition(part);
    if (!condition) return std::nullopt;
    query.conditions_.push_back(std::move(*condition));
  }
  return query;
}

bool LabelQuery::selects(const Json& labels) const {
  return std::ranges::all_of(conditions_, [&](const Condition& condition) {
    const Json* label = labels.find(condition.key);
    const bool matches =
        label != nullptr && (condition.values.empty() || condition.values.contains(label->as_string()));
    return matches != condition.negated;
  });
}

}  // namespace egress::testing
