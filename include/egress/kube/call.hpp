#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "egress/base/json.hpp"
#include "egress/kube/kind.hpp"
#include "egress/kube/managed_fields.hpp"

namespace egress::kube {

/// One request to the Kubernetes API, before it becomes HTTP.
struct Call {
  std::string method = "GET";
  std::string target{};  ///< path and query
  std::string accept = "application/json";
  std::string content_type{};  ///< of the body; empty without a body
  std::string body{};
  /// Default time limit if the user sets none (--request-timeout); 0 is no limit. A stream always uses it.
  std::chrono::seconds timeout{0};
  /// For messages: `get deployments.apps "httpbin-egress" in namespace "httpbin"`.
  std::string description{};
};

/// Options of a list or a watch.
struct ListOptions {
  std::string label_selector{};
  std::string field_selector{};
  int limit = 500;               ///< objects per page; 0 requests all at once
  std::string continue_token{};  ///< the `continue` token of the previous page
  bool metadata_only = false;    ///< PartialObjectMetadata instead of whole objects
};

/// Options of a write.
struct WriteOptions {
  bool dry_run = false;   ///< the server validates the write and stores nothing
  bool force = false;     ///< take over fields that other managers own
  bool only_new = false;  ///< fail if the object exists (Answer::already_exists)
};

/// Options of a deletion.
struct DeleteOptions {
  std::string uid{};        ///< delete the object only if it has this uid
  std::string version{};    ///< delete the object only in this resourceVersion
  bool foreground = false;  ///< the object remains until its dependents are deleted
  bool dry_run = false;
};

Call get(const Resource& resource, std::string_view ns, std::string_view name);
/// Lists a collection. An empty namespace lists all namespaces.
Call list(const Resource& resource, std::string_view ns, const ListOptions& options = {});
/// Watches a list from a resourceVersion on; page options are ignored, and `seconds` limits the stream.
/// Without a version the existing objects come first.
Call watch(const Resource& resource, std::string_view ns, const ListOptions& options,
           const std::string& version, int seconds);
Call create(const Resource& resource, std::string_view ns, const Json& object, WriteOptions options = {});
/// Server-side apply.
Call apply(const Resource& resource, const Json& object, WriteOptions options = {});
/// Replaces the object of the same name.
Call replace(const Resource& resource, const Json& object);
/// A JSON merge patch.
Call merge(const Resource& resource, std::string_view ns, std::string_view name, const Json& patch);
/// A JSON Patch (RFC 6902), conditional on the resourceVersion unless that is null.
Call patch(const Resource& resource, std::string_view ns, std::string_view name, const Json& operations,
           const Json& version, WriteOptions options = {});
Call remove(const Resource& resource, std::string_view ns, std::string_view name,
            const DeleteOptions& options = {});
/// Adds the server's time limit to a path and query; zero adds none.
std::string with_timeout(std::string target, std::chrono::milliseconds timeout);
/// Requests the kinds of one group and version: `/apis/apps/v1`.
Call discover(std::string_view group, std::string_view version);

}  // namespace egress::kube
