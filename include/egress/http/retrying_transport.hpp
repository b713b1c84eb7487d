#pragma once

#include <chrono>
#include <functional>

#include "egress/http/transport.hpp"

namespace egress::http {

/// Sends again what another transport could not bring to an end, as client-go does
/// (rest/with_retry.go, 1.36): a request that was answered with 429 or 5xx and a number of seconds in
/// Retry-After, however many, up to ten times; and a GET whose connection broke, ten times, of which the
/// first follows at once, as with Go's net/http, and the others a second apart. All attempts together have
/// the request's timeout; and for two minutes and no longer a broken connection is a reason to go on.
///
/// ★ Unlike client-go it sends writes, too, three times more where the connection broke, or else a change of
/// many objects would stop halfway at every such break. That is safe only because every write here says what
/// must stand before it (a name that is free, a resourceVersion, a uid) or comes to the same a second time (a
/// server-side apply, a merge patch): who sends through it must be able to tell from the answer of the second
/// time what the first one did. Streams are not taken up again here.
class RetryingTransport : public Transport {
 public:
  using Pause = std::function<void(std::chrono::milliseconds)>;
  /// Told of a long pause before it begins.
  using Notify = std::function<void(std::chrono::seconds)>;

  /// The other transport must outlive it. An interruption ends the default pause early.
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
