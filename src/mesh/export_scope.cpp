#include "egress/mesh/export_scope.hpp"

#include <algorithm>

#include "egress/mesh/audit/phrases.hpp"

namespace egress::mesh {

ExportScope::ExportScope(std::string owner, const std::vector<std::string>& export_to)
    : owner_(std::move(owner)) {
  for (const std::string& target : export_to) {
    if (target == "*")
      is_public_ = true;
    else if (target != "~")
      namespaces_.insert(target == "." ? owner_ : target);
  }
  if (is_public_) namespaces_.clear();
}

ExportScope ExportScope::read(const Json& object, const std::vector<std::string>& default_export_to) {
  std::vector<std::string> export_to;
  for (const Json& target : object["spec"]["exportTo"].items()) export_to.push_back(target.as_string());
  return {object["metadata"]["namespace"].as_string(), export_to.empty() ? default_export_to : export_to};
}

bool ExportScope::is_visible_outside_owner() const {
  return is_public_ || std::ranges::any_of(namespaces_, [&](const std::string& ns) { return ns != owner_; });
}

bool ExportScope::includes(const ExportScope& other) const {
  if (is_public_ || other.is_public_) return is_public_;
  return std::ranges::includes(namespaces_, other.namespaces_);
}

std::string ExportScope::text() const {
  return is_public_ ? "every namespace" : namespaces_text(namespaces_);
}

std::string namespaces_text(const std::set<std::string>& names) {
  if (names.empty()) return "no namespace";
  return (names.size() == 1 ? "namespace " : "namespaces ") + quoted_list({names.begin(), names.end()});
}

}  // namespace egress::mesh
