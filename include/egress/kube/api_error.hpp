#pragma once

#include <string>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/json.hpp"
#include "egress/http/transport.hpp"

namespace egress::kube {

/// What the API server answered instead of what was asked for: its `Status` object
/// (k8s.io/apimachinery, pkg/apis/meta/v1/types.go), or one made of the bare HTTP status.
class ApiError : public Error {
 public:
  /// `reason` is the Status object's: "Forbidden", "NotFound", "AlreadyExists", "Conflict", "Invalid", …
  ApiError(int status, std::string reason, const std::string& message, Json details = {});

  int status() const { return status_; }
  /// The Status object's `details`: name, group, kind, causes.
  const Json& details() const { return details_; }

  /// kubectl's words: `Error from server (Forbidden): …`.
  std::string headline() const override;

 private:
  int status_;
  Json details_;
};

/// No answer came from the server.
class ConnectionError : public Error {
 public:
  explicit ConnectionError(const std::string& message, std::string hint = {},
                           const char* reason = reason::unreachable)
      : Error(message, std::move(hint), reason) {}
  std::string headline() const override { return what(); }
};

/// The error in a response whose status is not 2xx; `what` says what was asked, where the server does not.
ApiError api_error(const http::Response& response, const std::string& what);

/// The error that a Status object tells of, as a watch sends it in an event.
ApiError api_error(const Json& status);

/// The error for a response that never came from `host`, in the words that kubectl's users search for
/// (k8s.io/kubectl, pkg/cmd/util/helpers.go).
ConnectionError connection_error(const http::Response& response, const std::string& host);

}  // namespace egress::kube
