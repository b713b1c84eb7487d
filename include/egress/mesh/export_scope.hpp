#pragma once

#include <set>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// Which namespaces see an Istio object: its exportTo, "*", "." or names; "~" is nobody
/// (pkg/config/visibility, 1.30.3).
class ExportScope {
 public:
  /// `export_to` as the object in that namespace has it.
  ExportScope(std::string owner, const std::vector<std::string>& export_to);
  /// An object's own, or where it says nothing the mesh's default.
  static ExportScope read(const Json& object, const std::vector<std::string>& default_export_to);

  const std::string& owner() const { return owner_; }
  bool is_public() const { return is_public_; }
  bool is_visible_in(const std::string& ns) const { return is_public_ || namespaces_.contains(ns); }
  /// True where any namespace but the object's own sees it.
  bool is_visible_outside_owner() const;
  /// True where all who see the other see this.
  bool includes(const ExportScope& other) const;
  /// Those that are named; none where it is everywhere.
  const std::set<std::string>& namespaces() const { return namespaces_; }

  /// `every namespace`, `namespace "a"`, `namespaces "a", "b"`, `no namespace`.
  std::string text() const;

 private:
  std::string owner_;
  bool is_public_ = false;
  std::set<std::string> namespaces_;
};

/// The same words for a set of names.
std::string namespaces_text(const std::set<std::string>& names);

}  // namespace egress::mesh
