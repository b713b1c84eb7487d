#pragma once

#include <set>
#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// The namespaces that see an Istio object. Its exportTo has "*", "." or names; "~" is no namespace
/// (pkg/config/visibility, 1.30.3).
class ExportScope {
 public:
  /// `export_to` is the exportTo of an object in the namespace `owner`.
  ExportScope(std::string owner, const std::vector<std::string>& export_to);
  /// The scope of an object, or the mesh's default if it has no exportTo.
  static ExportScope read(const Json& object, const std::vector<std::string>& default_export_to);

  const std::string& owner() const { return owner_; }
  bool is_public() const { return is_public_; }
  bool is_visible_in(const std::string& ns) const { return is_public_ || namespaces_.contains(ns); }
  /// True if any namespace other than the object's own sees it.
  bool is_visible_outside_owner() const;
  /// True if every namespace of `other` is in this scope.
  bool includes(const ExportScope& other) const;
  /// The namespaces in the scope; empty if it is public.
  const std::set<std::string>& namespaces() const { return namespaces_; }

  /// `every namespace`, `namespace "a"`, `namespaces "a", "b"`, `no namespace`.
  std::string text() const;

 private:
  std::string owner_;
  bool is_public_ = false;
  std::set<std::string> namespaces_;
};

/// The same text for a set of names.
std::string namespaces_text(const std::set<std::string>& names);

}  // namespace egress::mesh
