#pragma once

#include <chrono>
#include <functional>

#include "egress/http/transport.hpp"

namespace egress::http {

/// Retries failed requests of another transport, as client-go does (rest/with_retry.go, 1.36): a request
/// answered with 429 or 5xx and a Retry-After in seconds up to ten times, and a GET whose connection broke up
/// to ten times, first at once (as Go's net/http does), then one second apart. All attempts together share
/// the request's timeout; a broken connection is retried for two minutes at most.
///
/// ★ Unlike client-go it retries writes too, up to three times, if the connection broke; otherwise a change
/// of many objects would stop halfway. This is safe only because every write either names its precondition (a
/// free name, a resourceVersion, a uid) or is idempotent (a server-side apply, a merge patch): callers must
/// be able to tell from the answer to the second attempt what the first one did. Streams are not retried
/// here.
class RetryingTransport : public Transport {
 public:
  using Pause = std::function<void(std::chrono::milliseconds)>;
  /// Called before a long pause, with its length.
  using Notify = std::function<void(std::chrono::seconds)>;

  /// `transport` must outlive it. An interruption ends the default pause early.
  explicit RetryingTransport(Transport& transport, Pause pause = {}, Notify notify = {});

  std::vector<Response> send(std::span<const Request> wave) override;
  Response stream(const Request& request, const std::function<bool(std::string_view)>& consume) override {
    return transport_.stream(request, consume);
  }
  Traffic traffic() const override { return transport_.traffic(); }

 private:
  Transport& transport_;
  Pause pause_;
  Notify notify_;
};

}  // namespace egress::http
