#pragma once

#include <chrono>
#include <functional>

#include "egress/http/transport.hpp"

namespace egress::http {

/// Sends again what another transport could not bring to an end, as client-go does
/// (rest/with_retry.go, 1.36): a request that was answered with 429 or 5xx and a number of seconds in
/// Retry-After, up to ten times; and one whose connection broke, a few times, whatever its method: who sends
/// through it must be able to tell from the answer of the second time what the first one did. Streams are not
/// taken up again here.
class RetryingTransport : public Transport {
 public:
  using Pause = std::function<void(std::chrono::milliseconds)>;

  /// The other transport must outlive it. An interruption ends the default pause early.
  explicit RetryingTransport(Transport& transport, Pause pause = {});

  std::vector<Reply> send(std::span<const Request> wave) override;
  Reply stream(const Request& request, const std::function<bool(std::string_view)>& consume) override {
    return transport_.stream(request, consume);
  }
  Traffic traffic() const override { return transport_.traffic(); }

 private:
  Transport& transport_;
  Pause pause_;
};

}  // namespace egress::http
