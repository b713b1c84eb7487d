#include "egress/mesh/record.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {
namespace {

namespace applyset = kube::applyset;

constexpr std::string_view tool_name = "kubectl-egress";
constexpr std::string_view operation_annotation = "kubectl-egress/operation";
constexpr std::string_view holder_annotation = "kubectl-egress/run";
constexpr std::string_view manifest_key = "egressgateway.yaml";
constexpr std::string_view members_key = "objects";
constexpr std::string_view istio_key = "istio";

constexpr std::array<std::pair<std::string_view, Operation>, 4> operation_names{{
    {"", Operation::none},
    {"create", Operation::create},
    {"apply", Operation::apply},
    {"delete", Operation::remove},
}};

std::string operation_name(Operation operation) {
  const auto at =
      std::ranges::find(operation_names, operation, [](const auto& entry) { return entry.second; });
  return std::string(at->first);
}

/// An unknown value, from a later version of this tool, is an unfinished operation.
Operation parse_operation(const std::string& name) {
  const auto at = std::ranges::find(operation_names, name, [](const auto& entry) { return entry.first; });
  return at == operation_names.end() ? Operation::apply : at->second;
}

std::string comma_list(const std::set<std::string>& items) {
  return join(std::vector<std::string>(items.begin(), items.end()), ",");
}

/// One line "Deployment.apps NAMESPACE/NAME DIGEST" for each member.
std::string member_lines(const Record& record) {
  std::string lines;
  for (std::size_t i = 0; i < record.members.size(); ++i) {
    const Reference& member = record.members[i];
    lines += kube::group_kind(member.resource.kind) + " " + member.ns + "/" + member.name;
    if (i < record.applied_digests.size() && !record.applied_digests[i].empty())
      lines += " " + record.applied_digests[i];
    lines += "\n";
  }
  return lines;
}

/// A record may contain anything; lines that are not members are ignored.
void read_member(const std::string& line, Members& members) {
  const std::vector<std::string> words = split(line, ' ');
  if (words.size() < 2) return;
  const auto kinds = all_kinds();
  const auto kind =
      std::ranges::find_if(kinds, [&](const auto& known) { return kube::group_kind(known) == words[0]; });
  const std::size_t slash = words[1].find('/');
  if (kind == kinds.end() || slash == std::string::npos) return;
  const std::string ns = words[1].substr(0, slash);
  const std::string name = words[1].substr(slash + 1);
  if (!is_dns_label(ns) || !is_object_name(name)) return;
  members.references.push_back({{*kind, ""}, ns, name});
  members.applied_digests.push_back(words.size() > 2 ? words[2] : "");
}

[[noreturn]] void reject(const Json& metadata, const std::string& why) {
  const Reference config_map{record_resource, metadata["namespace"].as_string(),
                             metadata["name"].as_string()};
  throw Error(printable(full_name(config_map), 400) + " is not a record of kubectl egress: " + why, "",
              reason::not_owned);
}

}  // namespace

Json record_manifest(const Record& record, const std::string& tool_version) {
  std::set<std::string> kinds;
  std::set<std::string> namespaces;
  for (const Reference& member : record.members) {
    kinds.insert(kube::group_kind(member.resource.kind));
    if (member.ns != record.egress.ns) namespaces.insert(member.ns);
  }
  const std::string operation = operation_name(record.operation);
  return object({
      {"apiVersion", "v1"},
      {"kind", "ConfigMap"},
      {"metadata",
       object({
           {"name", object_name(record.egress.name)},
           {"namespace", record.egress.ns},
           {"resourceVersion", record.resource_version.empty() ? Json() : Json(record.resource_version)},
           {"labels", record_labels(record.egress)},
           {"annotations",
            object({
                {applyset::tooling_annotation, std::string(tool_name) + "/v" + tool_version},
                {applyset::kinds_annotation, comma_list(kinds)},
                {applyset::namespaces_annotation, namespaces.empty() ? Json() : Json(comma_list(namespaces))},
                {operation_annotation, operation.empty() ? Json() : Json(operation)},
                {holder_annotation, record.holder.empty() ? Json() : Json(record.holder)},
            })},
       })},
      {"data", object({
                   {manifest_key, to_yaml(egress_manifest(record.egress))},
                   {members_key, member_lines(record)},
                   {istio_key, record.istio},
               })},
  });
}

Json record_labels(const Egress& egress) {
  Json labels = object({
      {managed_by_label, managed_by},
      {instance_label, egress.name},
      {component_label, component},
      {applyset::id_label, record_id(egress.name, egress.ns)},
  });
  for (const auto& [key, value] : egress.labels.members()) labels.set(key, value);
  return labels;
}

Json namespace_manifest(const std::string& name) {
  return object({
      {"apiVersion", "v1"},
      {"kind", "Namespace"},
      {"metadata", object({{"name", name}})},
  });
}

std::vector<Reference> deletion_order(const Record& record) {
  std::vector<Reference> members(record.members.rbegin(), record.members.rend());
  std::ranges::stable_sort(members, std::ranges::greater(),
                           [&](const Reference& member) { return stage_of(member, record.egress); });
  members.push_back({record_resource, record.egress.ns, object_name(record.egress.name)});
  return members;
}

Json replacement_patch(const Record& record, const std::string& tool_version) {
  Json patch = record_manifest(record, tool_version);
  Json& metadata = patch.edit("metadata");
  // In a merge patch null removes an annotation or a label.
  Json& annotations = metadata.edit("annotations");
  for (const std::string_view key : {applyset::namespaces_annotation, operation_annotation})
    if (!annotations.has(key)) annotations.edit(key) = Json();
  // Labels that others added to the previous record are restored.
  Json& labels = metadata.edit("labels");
  for (const auto& [key, value] : record.requested_labels.members())
    if (!labels.has(key)) labels.edit(key) = record.labels[key];
  return patch;
}

Json operation_patch(const Record& record) {
  const Json annotations =
      object({{operation_annotation, operation_name(record.operation)}, {holder_annotation, record.holder}});
  return object({{"metadata", object({
                                  {"resourceVersion", record.resource_version},
                                  {"annotations", annotations},
                              })}});
}

Members read_members(const Json& config_map) {
  Members members;
  for (const std::string& line : split(config_map["data"][members_key].as_string(), '\n'))
    read_member(line, members);
  return members;
}

std::string applied_digest_of(const Record& record, const Reference& member) {
  const auto at = std::ranges::find(record.members, member) - record.members.begin();
  const auto index = static_cast<std::size_t>(at);
  return index < record.applied_digests.size() ? record.applied_digests[index] : "";
}

void strip_for_deletion(Record& record) {
  record.applied_digests = {};
  record.labels = {};
  record.requested_labels = {};
  record.egress.labels = {};
  record.egress.workload.resources = {};
}

bool is_record(const Json& config_map) {
  const Json& labels = config_map["metadata"]["labels"];
  return labels[managed_by_label].as_string() == managed_by && labels.has(applyset::id_label);
}

Record read_record(const Json& config_map) {
  const Json& metadata = config_map["metadata"];
  if (!is_record(config_map)) reject(metadata, "it lacks the labels of a record");
  const std::string& tooling = metadata["annotations"][applyset::tooling_annotation].as_string();
  if (tooling.substr(0, tooling.rfind('/')) != tool_name)
    reject(metadata, "it belongs to the tool \"" + printable(tooling, 100) + "\"");

  Record record;
  try {
    record.egress = read_egress(parse_yaml(config_map["data"][manifest_key].as_string()));
  } catch (const Error& error) {
    reject(metadata, std::string("its ") + std::string(manifest_key) + " cannot be read: " + error.what());
  }
  const Egress& egress = record.egress;
  if (object_name(egress.name) != metadata["name"].as_string() ||
      egress.ns != metadata["namespace"].as_string() ||
      metadata["labels"][applyset::id_label].as_string() != record_id(egress.name, egress.ns))
    reject(metadata, "its ID belongs to another object");

  record.istio = config_map["data"][istio_key].as_string();
  record.operation = parse_operation(metadata["annotations"][operation_annotation].as_string());
  record.holder = metadata["annotations"][holder_annotation].as_string();
  Members members = read_members(config_map);
  record.members = std::move(members.references);
  record.applied_digests = std::move(members.applied_digests);
  record.uid = metadata["uid"].as_string();
  record.resource_version = metadata["resourceVersion"].as_string();
  record.creation_timestamp = metadata["creationTimestamp"].as_string();
  record.labels = metadata["labels"];
  for (const auto& [key, value] : Json(egress.labels).members())
    record.egress.labels.set(key, record.labels[key]);
  record.requested_labels = egress.labels;
  record.is_being_deleted = metadata.has("deletionTimestamp");
  return record;
}

}  // namespace egress::mesh
