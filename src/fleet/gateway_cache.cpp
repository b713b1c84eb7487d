#include "egress/fleet/gateway_cache.hpp"

#include <utility>

#include "egress/fleet/member_listings.hpp"
#include "egress/kube/applyset.hpp"

namespace egress::fleet {

void GatewayCache::take(const kube::Resource& resource, const kube::Change& change) {
  if (change.kind == kube::Change::Kind::synced) return;
  const Json& metadata = change.object["metadata"];
  const std::string key =
      resource.type_name() + '/' + metadata["namespace"].as_string() + '/' + metadata["name"].as_string();
  forget(key);
  if (change.kind == kube::Change::Kind::deleted) return;
  const bool is_record = resource.kind == kube::kinds::config_map && mesh::is_record(change.object);
  const auto label = is_record ? kube::applyset::id_label : kube::applyset::part_of_label;
  const std::string& id = metadata["labels"][label].as_string();
  if (id.empty()) return;
  set_of_[key] = id;
  changed_.insert(id);
  CachedGateway& gateway = gateways_[id];
  if (is_record) {
    gateway.record = mesh::read_record(change.object);
    resolve_member_versions(*gateway.record, served_);
  } else {
    Json object = change.object;
    object.set("apiVersion", resource.api_version());
    object.set("kind", resource.kind.name);
    gateway.objects[key] = std::move(object);
  }
}

/// Whatever it was: another one of its name may belong to another set, or to none.
void GatewayCache::forget(const std::string& key) {
  const auto known = set_of_.find(key);
  if (known == set_of_.end()) return;
  const std::string id = std::exchange(known->second, {});
  set_of_.erase(known);
  changed_.insert(id);
  CachedGateway& gateway = gateways_[id];
  if (gateway.objects.erase(key) == 0) gateway.record.reset();
  if (!gateway.record && gateway.objects.empty()) gateways_.erase(id);
}

const CachedGateway& GatewayCache::at(const std::string& id) const {
  static const CachedGateway nothing;
  const auto found = gateways_.find(id);
  return found == gateways_.end() ? nothing : found->second;
}

}  // namespace egress::fleet
