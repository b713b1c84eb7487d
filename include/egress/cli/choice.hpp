#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/fleet/roll.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/render/sort_by.hpp"

namespace egress::cli {

/// The gateways of a roll that a command shows, page by page: those that are named, if any are, and that a
/// selector lets through, and all on one page where they are sorted.
class Choice {
 public:
  /// -l and --sort-by as they are typed; empty where they are not. Throws Error where one cannot be read.
  Choice(const std::vector<std::string>& names, const std::string& selector, const std::string& sort_by);

  /// The next gateways of the roll; empty at its end. Throws Error where they cannot be sorted.
  std::vector<mesh::Summary> next(fleet::Roll& roll);

  bool lets_through(const mesh::Record& record);
  /// The same of a gateway that has no record, and no labels but those that all have.
  bool lets_through(const mesh::Egress& abandoned) const;
  /// The names of which there was no gateway so far.
  const std::set<std::string>& missing() const { return missing_; }
  /// In the order that --sort-by asks for, if it does. Throws Error where they cannot be sorted.
  std::vector<mesh::Summary> sorted(std::vector<mesh::Summary> gateways) const;

 private:
  std::vector<mesh::Summary> next_page(fleet::Roll& roll);

  std::set<std::string> names_;  ///< empty: all
  std::set<std::string> missing_;
  kube::LabelSelector selector_;
  std::optional<render::SortBy> sort_by_;
};

}  // namespace egress::cli
