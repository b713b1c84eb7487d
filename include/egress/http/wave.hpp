#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "egress/http/exchange.hpp"

namespace egress::http {

/// Requests that were sent together: pending, in flight and finished.
class Wave {
 public:
  /// The requests must outlive the wave. With `consume` there is one request, whose body goes there.
  explicit Wave(std::span<const Request> requests, Exchange::Consume consume = {})
      : requests_(requests),
        consume_(std::move(consume)),
        exchanges_(requests.size()),
        responses_(requests.size()) {}

  bool is_stream() const { return static_cast<bool>(consume_); }
  bool all_started() const { return started_count_ == requests_.size(); }
  /// If a connection attempt timed out, the requests that waited for the same connection need not try again.
  bool is_finished() const { return finished_count_ == requests_.size() || (timed_out_ && !has_connection_); }

  /// Starts the next request.
  Exchange& start_next(const Endpoint& endpoint, PeerCheck& peer);
  /// Must be called when libcurl is done with an exchange, with its result `code`.
  void finish(Exchange& exchange, int code);
  /// The exchanges in flight, for cancellation.
  std::vector<Exchange*> in_flight() const;

  /// The responses in the order of the requests. If no connection was established, requests that were
  /// cancelled or waited in vain get the failure of one that tried to connect; otherwise cancelled requests
  /// count as interrupted. Rethrows an exception from `consume`.
  std::vector<Response> responses() &&;

 private:
  std::span<const Request> requests_;
  Exchange::Consume consume_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Response> responses_;
  std::vector<bool> is_finished_ = std::vector<bool>(requests_.size());
  std::size_t started_count_ = 0;
  std::size_t finished_count_ = 0;
  /// Requests that timed out waiting for another's connection.
  std::vector<bool> only_waited_ = std::vector<bool>(requests_.size());
  bool has_connection_ = false;  ///< a connection was established for one of the requests
  std::optional<std::size_t> timed_out_;
  std::exception_ptr exception_;
};

}  // namespace egress::http
