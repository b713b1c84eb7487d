#include "egress/kube/label_selector.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace egress::kube {
namespace {

using Operator = Requirement::Operator;

constexpr std::array<std::pair<std::string_view, Operator>, 4> operators{{
    {"In", Operator::in},
    {"NotIn", Operator::not_in},
    {"Exists", Operator::exists},
    {"DoesNotExist", Operator::does_not_exist},
}};

bool has_values(Operator op) {
  return op == Operator::in || op == Operator::not_in;
}

std::optional<Requirement> parse_expression(const Json& expression) {
  const auto found = std::ranges::find(operators, expression["operator"].as_string(),
                                       [](const auto& entry) { return entry.first; });
  if (found == operators.end() || expression["key"].as_string().empty()) return std::nullopt;
  Requirement requirement{expression["key"].as_string(), found->second};
  for (const Json& value : expression["values"].items()) requirement.values.push_back(value.as_string());
  if (has_values(requirement.op) == requirement.values.empty()) return std::nullopt;
  return requirement;
}

/// The change for an object that does not match the requirement.
std::string label_change(const Requirement& requirement) {
  if (requirement.op == Operator::in) return requirement.key + "=" + requirement.values.front();
  return requirement.key + (requirement.op == Operator::exists ? "=true" : "-");
}

}  // namespace

bool Requirement::matches(const Json& labels) const {
  const Json* label = labels.find(key);
  const bool is_listed = label != nullptr && std::ranges::find(values, label->as_string()) != values.end();
  switch (op) {
    case Operator::in:
      return is_listed;
    case Operator::not_in:
      return !is_listed;
    case Operator::exists:
      return label != nullptr;
    case Operator::does_not_exist:
      return label == nullptr;
  }
  return false;
}

bool LabelSelector::matches(const Json& labels) const {
  return std::ranges::all_of(requirements,
                             [&](const Requirement& requirement) { return requirement.matches(labels); });
}

std::vector<std::string> LabelSelector::label_changes(const Json& labels) const {
  std::vector<std::string> changes;
  for (const Requirement& requirement : requirements)
    if (!requirement.matches(labels)) changes.push_back(label_change(requirement));
  return changes;
}

std::optional<LabelSelector> LabelSelector::read(const Json& selector) {
  LabelSelector result;
  for (const auto& [key, value] : selector["matchLabels"].members())
    result.requirements.push_back({key, Operator::in, {value.as_string()}});
  for (const Json& expression : selector["matchExpressions"].items()) {
    auto requirement = parse_expression(expression);
    if (!requirement) return std::nullopt;
    result.requirements.push_back(std::move(*requirement));
  }
  return result;
}

}  // namespace egress::kube
