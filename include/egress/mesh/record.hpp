#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

/// Every record is a ConfigMap.
inline const kube::Resource record_resource{kube::kinds::config_map};

/// What is being done to a gateway; none where its objects are as they should be.
enum class Operation { none, create, apply, remove };

/// In Record::applied_digests: the gateway is made of that member no more, and it was not gone yet.
inline constexpr std::string_view pending_deletion = "going";

/// What a gateway leaves on its cluster to be found by: the ConfigMap NAME-egress, an ApplySet's parent. Made
/// first and deleted last, it names every object that was or is about to be made.
struct Record {
  Egress egress;      ///< its labels as far as the ConfigMap bears them
  std::string istio;  ///< the version that the objects were made for
  Operation operation = Operation::none;
  std::string
      holder;  ///< the name of the tool's run that wrote it last: as long as it is there, that run has it
  std::vector<Reference> members;  ///< read without versions: those are the server's to say
  /// Of each member, in their order, what this tool owned of it when it was written
  /// (kube::applied_digest); empty where that is not known, and `pending_deletion` where it is to be there no
  /// more.
  std::vector<std::string> applied_digests;

  // What the server adds.
  std::string uid;
  std::string resource_version;
  std::string creation_timestamp;  ///< RFC 3339
  Json labels;                     ///< of the ConfigMap as it was read, whoever put them on it
  Json requested_labels;           ///< those of them that the form asked for: they go when it no longer does
  bool is_being_deleted = false;
};

/// The ConfigMap to write. `tool_version` is this program's.
Json record_manifest(const Record& record, const std::string& tool_version);

/// The labels that its record is to bear: the gateway's own and this tool's.
Json record_labels(const Egress& egress);

/// The Namespace that --create-namespace makes: nothing of this tool is in it.
Json namespace_manifest(const std::string& name);

/// Its members, the callers' route first, and last the record itself.
std::vector<Reference> deletion_order(const Record& record);

// Merge patches, good only for the record as it was read.

/// Makes a record that stands say what this one says, and bear what this one was read with of the labels that
/// go.
Json replacement_patch(const Record& record, const std::string& tool_version);
/// Says what is being done to the gateway, and by which run; all else stays as it is.
Json operation_patch(const Record& record);

/// Reads a ConfigMap back. Throws Error where it is not a record of this tool: a foreign ConfigMap of that
/// name, another tool's ApplySet, or an id that is not its own.
Record read_record(const Json& config_map);

/// The members that a record names, in their order, and what this tool owned of each when it was written.
struct Members {
  std::vector<Reference> references;
  std::vector<std::string> applied_digests;
};

/// Reads them alone, of a ConfigMap that is a record.
Members read_members(const Json& config_map);

/// What this tool owned of that member when the record was written; empty where that is not known.
std::string applied_digest_of(const Record& record, const Reference& member);

/// Drops what nobody asks of a record whose gateway is to be deleted: labels, and what was owned of members.
void strip_for_deletion(Record& record);

/// True where the ConfigMap bears this tool's labels: one worth reading.
bool is_record(const Json& config_map);

}  // namespace egress::mesh
