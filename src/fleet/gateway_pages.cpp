#include "egress/fleet/gateway_pages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "egress/fleet/member_listings.hpp"
#include "egress/fleet/orphans.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;

/// Kubernetes keeps the objects of a kind in the order of these.
std::string place_of(const Json& metadata) {
  return metadata["namespace"].as_string() + '/' + metadata["name"].as_string();
}

/// Behind every object of the gateway, those included that its record does not name yet or no longer: their
/// names begin with the record's.
std::string end_of(const mesh::Record& record) {
  std::string end = record.egress.ns + '/' + mesh::object_name(record.egress.name) + '\x7f';
  for (const mesh::Reference& one : record.members) end = std::max(end, one.ns + '/' + one.name);
  return end;
}

/// More than any server gives at one time.
constexpr int largest_page = 1'000'000;

/// A page of each kind shall hold about as many gateways: of these kinds one has two objects, one for each
/// hop.
std::vector<kube::Listing> side_by_side(std::vector<kube::Listing> listings) {
  for (kube::Listing& one : listings)
    if (one.resource.kind == mesh::kinds::virtual_service ||
        one.resource.kind == mesh::kinds::destination_rule)
      one.options.limit = std::min(one.options.limit, largest_page) * 2;
  return listings;
}

}  // namespace

GatewayPages::GatewayPages(kube::Cluster& cluster, std::string ns, int page)
    : cluster_(cluster),
      ns_(std::move(ns)),
      served_(
          kube::read_discovery(mesh::all_kinds(), cluster.send(kube::discovery_calls(mesh::all_kinds())))),
      listings_(
          side_by_side(member_listings(mesh::all_kinds(), served_, ns_, mesh::object_selector(), page))),
      pages_(pages()),
      reached_(listings_.size()) {}

kube::Pages GatewayPages::pages() {
  return {listings_, [this](std::size_t listing, kube::Page page) { take(listing, std::move(page)); }};
}

std::vector<mesh::Summary> GatewayPages::next() {
  std::vector<mesh::Summary> found;
  while (found.empty() && pages_) {
    ask();
    if (pages_->is_done()) return rest();
    const auto known = std::stable_partition(waiting_.begin(), waiting_.end(),
                                             [this](const mesh::Record& one) { return !is_known(one); });
    for (auto one = known; one != waiting_.end(); ++one) found.push_back(put_together(std::move(*one)));
    waiting_.erase(known, waiting_.end());
  }
  return found;
}

/// Up to where the first gateway that waits for its objects has any; empty where none waits.
std::string GatewayPages::first_end() const {
  for (const mesh::Record& one : waiting_)
    if (!is_elsewhere(one)) return end_of(one);
  return "";
}

/// Without the records there is nothing to show; any other kind may be hidden from this user.
void GatewayPages::ask() {
  // Kinds of which a gateway has one object are ahead of those of which it has two, and what they bring would
  // pile up.
  const std::string behind = first_end();
  pages_->fetch_next(cluster_, [&](std::size_t i) { return reached_[i] < behind; });
}

void GatewayPages::take(std::size_t listing, kube::Page page) {
  const kube::Kind& kind = listings_[listing].resource.kind;
  const bool records = kind == kube::kinds::config_map;
  if (page.error) {
    if (page.error->status() != forbidden || records) throw kube::ApiError(*page.error);
    hidden_.push_back({kind, listings_[listing].ns});
  }
  for (Json& object : page.objects) {
    const std::string place = place_of(object["metadata"]);
    reached_[listing] = place;
    if (records && mesh::is_record(object) && seen_.insert(place).second) take_record(object);
    const std::string id = object["metadata"]["labels"][kube::applyset::part_of_label].as_string();
    const std::string key = listings_[listing].resource.type_name() + '/' + place;
    if (!id.empty()) members_[id].insert_or_assign(key, std::move(object));
  }
  if (!pages_->has_more(listing)) reached_[listing] = "\x7f";
}

void GatewayPages::take_record(const Json& config_map) {
  try {
    mesh::Record record = mesh::read_record(config_map);
    resolve_member_versions(record, served_);
    waiting_.push_back(std::move(record));
  } catch (const Error& error) {
    unreadable_.emplace_back(error.what());
  }
}

/// True where some of its objects are in none of the lists.
bool GatewayPages::is_elsewhere(const mesh::Record& record) const {
  return !ns_.empty() &&
         std::ranges::any_of(record.members, [&](const mesh::Reference& one) { return one.ns != ns_; });
}

/// True where no list can bring more of it.
bool GatewayPages::is_known(const mesh::Record& record) const {
  const std::string end = end_of(record);
  return !is_elsewhere(record) &&
         std::ranges::all_of(reached_, [&](const std::string& reached) { return reached >= end; });
}

mesh::Summary GatewayPages::put_together(mesh::Record record) {
  const auto own = members_.find(mesh::record_id(record.egress.name, record.egress.ns));
  std::vector<Json> objects;
  if (own != members_.end()) {
    for (auto& [key, object] : own->second) objects.push_back(std::move(object));
    members_.erase(own);
  }
  return mesh::summarize(std::move(record), objects, hidden_);
}

std::vector<mesh::Summary> GatewayPages::rest() {
  pages_.reset();
  look_elsewhere();
  std::vector<mesh::Summary> found;
  for (mesh::Record& record : waiting_) found.push_back(put_together(std::move(record)));
  waiting_.clear();
  find_orphans();
  return found;
}

/// The objects that the records name in other namespaces than the one that was looked through.
void GatewayPages::look_elsewhere() {
  if (ns_.empty()) return;
  std::set<std::string> elsewhere;
  for (const mesh::Record& record : waiting_)
    for (const mesh::Reference& member : record.members)
      if (member.ns != ns_) elsewhere.insert(member.ns);
  listings_.clear();
  for (const std::string& other : elsewhere)
    std::ranges::move(member_listings(cross_namespace_kinds, served_, other, mesh::object_selector()),
                      std::back_inserter(listings_));
  reached_.assign(listings_.size(), "");
  pages_ = pages();
  while (!pages_->is_done()) ask();
  pages_.reset();
}

/// Of what no record claimed, and whose gateway's record is none of those that cannot be read.
void GatewayPages::find_orphans() {
  std::map<mesh::GatewayName, mesh::Reference> seen;
  for (const auto& [id, members] : members_)
    for (const auto& [key, object] : members) {
      const auto gateway = owning_gateway(object);
      if (!gateway || (!ns_.empty() && gateway->first != ns_)) continue;
      if (seen_.contains(gateway->first + '/' + mesh::object_name(gateway->second))) continue;
      const auto kind = std::ranges::find(mesh::all_kinds(), object["kind"].as_string(), &kube::Kind::name);
      if (kind == mesh::all_kinds().end()) continue;
      const Json& metadata = object["metadata"];
      seen.try_emplace(*gateway,
                       mesh::Reference{served_.find(*kind).value_or(kube::Resource{*kind}),
                                       metadata["namespace"].as_string(), metadata["name"].as_string()});
    }
  members_.clear();
  orphans_ = gateways_without_record(cluster_, seen);
}

}  // namespace egress::fleet
