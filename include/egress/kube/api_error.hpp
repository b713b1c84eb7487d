#pragma once

#include <string>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/json.hpp"
#include "egress/http/transport.hpp"

namespace egress::kube {

/// An error that the API server returned: its `Status` object (k8s.io/apimachinery,
/// pkg/apis/meta/v1/types.go), or one derived from the HTTP status.
class ApiError : public Error {
 public:
  /// `reason` is the Status object's: "Forbidden", "NotFound", "AlreadyExists", "Conflict", "Invalid", …
  ApiError(int status, std::string reason, const std::string& message, Json details = {});

  int status() const { return status_; }
  /// The Status object's `details`: name, group, kind, causes.
  const Json& details() const { return details_; }

  /// In kubectl's words: `Error from server (Forbidden): …`.
  std::string headline() const override;

 private:
  int status_;
  Json details_;
};

/// A failure to connect to the server or to get a response from it.
class ConnectionError : public Error {
 public:
  explicit ConnectionError(const std::string& message, std::string hint = {},
                           const char* reason = reason::unreachable)
      : Error(message, std::move(hint), reason) {}
  std::string headline() const override { return what(); }
};

/// Returns the error in a response whose status is not 2xx. `what` describes the call, for a response without
/// a Status object.
ApiError api_error(const http::Response& response, const std::string& what);

/// Returns the error in a Status object, as a watch sends it in an ERROR event.
ApiError api_error(const Json& status);

/// Returns the error for a request that got no response from `host`, in the words that kubectl's users search
/// for (k8s.io/kubectl, pkg/cmd/util/helpers.go).
ConnectionError connection_error(const http::Response& response, const std::string& host);

}  // namespace egress::kube
