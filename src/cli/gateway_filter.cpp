#include "egress/cli/gateway_filter.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace egress::cli {

GatewayFilter::GatewayFilter(const std::vector<std::string>& names, const std::string& selector,
                             const std::string& sort_by)
    : names_(names.begin(), names.end()),
      missing_names_(names_),
      selector_(kube::LabelSelector::parse(selector)) {
  if (!sort_by.empty()) sort_by_.emplace(sort_by);
}

bool GatewayFilter::matches(const mesh::Record& record) {
  if (!names_.empty() && !names_.contains(record.egress.name)) return false;
  missing_names_.erase(record.egress.name);
  return selector_.matches(record.labels);
}

bool GatewayFilter::matches(const mesh::Egress& orphan) const {
  return (names_.empty() || names_.contains(orphan.name)) && selector_.matches(mesh::record_labels(orphan));
}

std::vector<mesh::Summary> GatewayFilter::next_page(fleet::GatewayPages& pages) {
  if (!sort_by_) return next_matching_page(pages);
  std::vector<mesh::Summary> gateways;
  for (auto page = next_matching_page(pages); !page.empty(); page = next_matching_page(pages))
    std::ranges::move(page, std::back_inserter(gateways));
  return sorted(std::move(gateways));
}

std::vector<mesh::Summary> GatewayFilter::sorted(std::vector<mesh::Summary> gateways) const {
  if (!sort_by_) return gateways;
  std::vector<std::optional<Json>> keys;
  for (const mesh::Summary& summary : gateways) keys.push_back(sort_by_->key(mesh::to_json(summary)));
  std::vector<mesh::Summary> sorted;
  sorted.reserve(gateways.size());
  for (const std::size_t index : sort_by_->order(keys)) sorted.push_back(std::move(gateways[index]));
  return sorted;
}

std::vector<mesh::Summary> GatewayFilter::next_matching_page(fleet::GatewayPages& pages) {
  std::vector<mesh::Summary> page;
  do {
    page = pages.next();
    if (page.empty()) return page;
    std::erase_if(page, [this](const mesh::Summary& summary) { return !matches(summary.record); });
  } while (page.empty());
  return page;
}

}  // namespace egress::cli
