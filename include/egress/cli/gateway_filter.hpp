#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/fleet/gateway_pages.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/render/sort_by.hpp"

namespace egress::cli {

/// Selects the gateways that a command shows by name and label, page by page. Sorted gateways come in one
/// page.
class GatewayFilter {
 public:
  /// Takes the values of -l and --sort-by; empty if not set. Throws Error if one is invalid.
  GatewayFilter(const std::vector<std::string>& names, const std::string& selector,
                const std::string& sort_by);

  /// The next matching gateways; empty at the end. Throws Error if they cannot be sorted.
  std::vector<mesh::Summary> next_page(fleet::GatewayPages& pages);

  bool matches(const mesh::Record& record);
  /// The same for a gateway without a record, which has only the labels that all gateways have.
  bool matches(const mesh::Egress& orphan) const;
  /// The names for which no gateway was found so far.
  const std::set<std::string>& missing_names() const { return missing_names_; }
  /// The gateways in the order of --sort-by, if it is set. Throws Error if they cannot be sorted.
  std::vector<mesh::Summary> sorted(std::vector<mesh::Summary> gateways) const;

 private:
  std::vector<mesh::Summary> next_matching_page(fleet::GatewayPages& pages);

  std::set<std::string> names_;  ///< empty: all
  std::set<std::string> missing_names_;
  kube::LabelSelector selector_;
  std::optional<render::SortBy> sort_by_;
};

}  // namespace egress::cli
