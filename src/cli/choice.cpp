#include "egress/cli/choice.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace egress::cli {

Choice::Choice(const std::vector<std::string>& names, const std::string& selector, const std::string& sort_by)
    : names_(names.begin(), names.end()), missing_(names_), selector_(kube::LabelSelector::parse(selector)) {
  if (!sort_by.empty()) sort_by_.emplace(sort_by);
}

bool Choice::lets_through(const mesh::Record& record) {
  if (!names_.empty() && !names_.contains(record.egress.name)) return false;
  missing_.erase(record.egress.name);
  return selector_.matches(record.labels);
}

bool Choice::lets_through(const mesh::Egress& abandoned) const {
  return (names_.empty() || names_.contains(abandoned.name)) &&
         selector_.matches(mesh::record_labels(abandoned));
}

std::vector<mesh::Summary> Choice::next(fleet::Roll& roll) {
  if (!sort_by_) return next_page(roll);
  std::vector<mesh::Summary> all;
  for (auto page = next_page(roll); !page.empty(); page = next_page(roll))
    std::ranges::move(page, std::back_inserter(all));
  return sorted(std::move(all));
}

std::vector<mesh::Summary> Choice::sorted(std::vector<mesh::Summary> gateways) const {
  if (!sort_by_) return gateways;
  std::vector<std::optional<Json>> keys;
  for (const mesh::Summary& one : gateways) keys.push_back(sort_by_->key(mesh::to_json(one)));
  std::vector<mesh::Summary> sorted;
  sorted.reserve(gateways.size());
  for (const std::size_t place : sort_by_->order(keys)) sorted.push_back(std::move(gateways[place]));
  return sorted;
}

std::vector<mesh::Summary> Choice::next_page(fleet::Roll& roll) {
  std::vector<mesh::Summary> page;
  do {
    page = roll.next();
    if (page.empty()) return page;
    std::erase_if(page, [this](const mesh::Summary& one) { return !lets_through(one.record); });
  } while (page.empty());
  return page;
}

}  // namespace egress::cli
