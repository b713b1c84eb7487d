#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

/// The resource of every record, a ConfigMap.
inline const kube::Resource record_resource{kube::kinds::config_map};

/// The unfinished operation on a gateway; none if the last one was completed.
enum class Operation { none, create, apply, remove };

/// The value in Record::applied_digests of a member that is obsolete and was not deleted yet.
inline constexpr std::string_view pending_deletion = "going";

/// The ConfigMap NAME-egress, from which a gateway is found on its cluster; the parent of an ApplySet. It is
/// created first and deleted last, and lists every object that was created or is about to be.
struct Record {
  Egress egress;      ///< with the labels that the ConfigMap has
  std::string istio;  ///< version of Istio that the objects were generated for
  Operation operation = Operation::none;
  std::string holder;              ///< ID of the run that holds the lock
  std::vector<Reference> members;  ///< without API versions after reading: these depend on the server
  /// For each member, in the same order, the digest of the fields that this tool owned after its last write
  /// (kube::applied_digest); empty if unknown, `pending_deletion` if the member is obsolete.
  std::vector<std::string> applied_digests;

  // Set by reading.
  std::string uid;
  std::string resource_version;
  std::string creation_timestamp;  ///< RFC 3339
  Json labels;                     ///< all labels of the ConfigMap that was read
  Json requested_labels;           ///< those that the manifest requested; removed if it no longer does
  bool is_being_deleted = false;
};

/// The ConfigMap to write. `tool_version` is the version of this program.
Json record_manifest(const Record& record, const std::string& tool_version);

/// The labels of the gateway's record: the gateway's own and this tool's.
Json record_labels(const Egress& egress);

/// The Namespace that --create-namespace creates, without labels of this tool.
Json namespace_manifest(const std::string& name);

/// The record's members in the order of deletion, the callers' route first and the record itself last.
std::vector<Reference> deletion_order(const Record& record);

// Merge patches, which the server accepts only for the version of the record that was read.

/// A patch that turns the existing record into this one and removes obsolete labels.
Json replacement_patch(const Record& record, const std::string& tool_version);
/// A patch that sets the operation and the holder, and changes nothing else.
Json operation_patch(const Record& record);

/// Reads a record. Throws Error if the ConfigMap is not a record of this tool: it lacks a record's labels, is
/// the ApplySet of another tool, or has the ID of another object.
Record read_record(const Json& config_map);

/// The members of a record and their digests, as in Record.
struct Members {
  std::vector<Reference> references;
  std::vector<std::string> applied_digests;
};

/// Reads only the members of a record's ConfigMap.
Members read_members(const Json& config_map);

/// The digest of that member in the record; empty if it is unknown.
std::string applied_digest_of(const Record& record, const Reference& member);

/// Clears what a deletion does not need: labels, digests and the pods' resources.
void strip_for_deletion(Record& record);

/// True if the ConfigMap has the labels of a record.
bool is_record(const Json& config_map);

}  // namespace egress::mesh
