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

/// Requests that were asked for together: those that are yet to begin, those under way, and the responses.
class Wave {
 public:
  /// The requests must outlive it. With `consume` it is one request, whose body goes there.
  explicit Wave(std::span<const Request> requests, Exchange::Consume consume = {})
      : requests_(requests),
        consume_(std::move(consume)),
        exchanges_(requests.size()),
        responses_(requests.size()) {}

  bool is_stream() const { return static_cast<bool>(consume_); }
  bool all_started() const { return started_count_ == requests_.size(); }
  /// What the first has waited for in vain, the others, which waited for its connection, need not.
  bool is_finished() const { return finished_count_ == requests_.size() || (timed_out_ && !has_connection_); }

  /// Begins the next request.
  Exchange& start_next(const Endpoint& endpoint, PeerCheck& peer);
  /// One of its exchanges is done, with libcurl's `code`.
  void finish(Exchange& exchange, int code);
  /// Those under way, which are to be given up.
  std::vector<Exchange*> in_flight() const;

  /// In the order of the requests. Where no connection came to stand, what was given up, or had waited for
  /// one in vain, has the failure of one that tried; else what was given up was interrupted. Throws what
  /// `consume` threw.
  std::vector<Response> responses() &&;

 private:
  std::span<const Request> requests_;
  Exchange::Consume consume_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Response> responses_;
  std::vector<bool> is_finished_ = std::vector<bool>(requests_.size());
  std::size_t started_count_ = 0;
  std::size_t finished_count_ = 0;
  /// Those that had only waited for another's connection when their time was over.
  std::vector<bool> only_waited_ = std::vector<bool>(requests_.size());
  bool has_connection_ = false;  ///< one of them had a connection that it could speak on
  std::optional<std::size_t> timed_out_;
  std::exception_ptr exception_;
};

}  // namespace egress::http
