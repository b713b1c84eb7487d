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
  std::string content_type{};  ///< of the body; empty where there is none
  std::string body{};
  /// The longest that it may take, where the user does not say (--request-timeout); 0 is no limit of its own.
  /// Of a stream it holds whatever the user says.
  std::chrono::seconds timeout{0};
  std::string
      description{};  ///< for messages: `get deployments.apps "httpbin-egress" in namespace "httpbin"`
};

/// What to list, beside the kind and the namespace (empty: all of them).
struct ListOptions {
  std::string label_selector{};
  std::string field_selector{};
  int limit = 500;               ///< objects a page; 0 asks for all at once
  std::string continue_token{};  ///< the `continue` token of the page before
  bool metadata_only = false;    ///< PartialObjectMetadata instead of whole objects
};

/// How a write is meant.
struct WriteOptions {
  bool dry_run = false;   ///< the server checks all and stores nothing
  bool force = false;     ///< take over fields that others manage
  bool only_new = false;  ///< refused where the object stands (Answer::already_exists)
};

/// How a deletion is meant.
struct DeleteOptions {
  std::string uid{};        ///< delete only the object with this uid
  std::string version{};    ///< and only in this resourceVersion
  bool foreground = false;  ///< the object stays until what it owns is gone
  bool dry_run = false;
};

Call get(const Resource& resource, std::string_view ns, std::string_view name);
Call list(const Resource& resource, std::string_view ns, const ListOptions& options = {});
/// The changes of a selection (of which pages mean nothing here) behind a resourceVersion, as they come;
/// `seconds` bounds the stream. Without a version what stands comes first.
Call watch(const Resource& resource, std::string_view ns, const ListOptions& options,
           const std::string& version, int seconds);
Call create(const Resource& resource, std::string_view ns, const Json& object, WriteOptions options = {});
/// Server-side apply.
Call apply(const Resource& resource, const Json& object, WriteOptions options = {});
/// Puts the whole object in the place of the one of its name.
Call replace(const Resource& resource, const Json& object);
/// A JSON merge patch.
Call merge(const Resource& resource, std::string_view ns, std::string_view name, const Json& patch);
/// A JSON Patch (RFC 6902), conditional on the resourceVersion unless that is null.
Call patch(const Resource& resource, std::string_view ns, std::string_view name, const Json& operations,
           const Json& version, WriteOptions options = {});
Call remove(const Resource& resource, std::string_view ns, std::string_view name,
            const DeleteOptions& options = {});
/// A call's path and query, with how long the server may take for it; zero is no limit.
std::string with_timeout(std::string target, std::chrono::milliseconds timeout);
/// The kinds of one group and version: `/apis/apps/v1`.
Call discover(std::string_view group, std::string_view version);

}  // namespace egress::kube
