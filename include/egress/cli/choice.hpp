#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/fleet/roll.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/render/sort_by.hpp"

namespace egress::cli {

/// The gateways of a roll that a command shows, page by page: those that a selector lets through, and all on
/// one page where they are sorted.
class Choice {
 public:
  /// -l and --sort-by as they are typed; empty where they are not. Throws Error where one cannot be read.
  Choice(const std::string& selector, const std::string& sort_by);

  /// The next gateways of the roll; empty at its end. Throws Error where they cannot be sorted.
  std::vector<mesh::Summary> next(fleet::Roll& roll) const;

  bool lets_through(const mesh::Record& record) const { return selector_.matches(record.labels); }
  /// In the order that --sort-by asks for, if it does. Throws Error where they cannot be sorted.
  std::vector<mesh::Summary> sorted(std::vector<mesh::Summary> gateways) const;

 private:
  std::vector<mesh::Summary> next_page(fleet::Roll& roll) const;

  kube::LabelSelector selector_;
  std::optional<render::SortBy> sort_by_;
};

}  // namespace egress::cli
