#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "egress/kube/api_error.hpp"
#include "egress/kube/call.hpp"

namespace egress::kube {

/// The result of one call: the object or the error.
struct Answer {
  int status = 0;
  Json body;
  std::optional<ApiError> error;

  bool ok() const { return !error; }
  bool not_found() const { return status == 404; }
  /// True if the write created the object, false if the object existed.
  bool created() const { return status == 201; }
  /// True if the creation of an object failed because one with its name exists.
  bool already_exists() const;
  /// The object. Throws the ApiError if the call failed.
  const Json& value() const;
  /// Moves the object out. Throws the ApiError if the call failed.
  Json release();
};

/// What all requests of one command have in common.
struct Identity {
  std::vector<std::string> headers;  ///< complete lines: Authorization, Impersonate-…, User-Agent, …
  std::string host;                  ///< the server's host and port, for messages
  std::chrono::milliseconds request_timeout{0};
  bool uses_proxy = false;
};

/// A client of the Kubernetes API of one cluster. It sends calls in waves (http::Transport).
class Cluster {
 public:
  using OnWarning = std::function<void(const std::string&)>;

  /// The transport must outlive the cluster. `on_warning` receives the server's warnings, each text once.
  Cluster(http::Transport& transport, Identity identity, OnWarning on_warning = {});

  /// Sends the calls together; the answers are in the order of the calls. Throws ConnectionError if one of
  /// the calls could not reach the server, and ApiError for a 401, after which no other call can succeed.
  std::vector<Answer> send(std::span<const Call> wave);
  Answer send(const Call& call);

  /// Sends the calls together and passes each answer on with the index of its call. Only one answer is parsed
  /// at a time, because a parsed page of a list takes several times as much memory as its text.
  using OnAnswer = std::function<void(std::size_t index, Answer answer)>;
  void send(std::span<const Call> wave, const OnAnswer& on_answer);

  /// Follows a watch call until the server ends the stream or `consume` returns false. `consume` gets whole
  /// events: `{"type": …, "object": …}`. Throws as send() does, and ApiError if the watch is refused.
  void follow(const Call& call, const std::function<bool(const Json&)>& consume);

  /// True if a proxy is used. An open connection then proves only that the proxy is reachable, not the server
  /// (http/keep_alive.hpp).
  bool is_behind_proxy() const { return identity_.uses_proxy; }

  http::Traffic traffic() const { return transport_.traffic(); }

 private:
  /// `timeout` is the server's time limit; zero is no limit.
  http::Request make_request(const Call& call, std::chrono::milliseconds timeout) const;
  Answer parse_answer(const http::Response& response, const Call& call);
  Json parse_event(std::string_view line) const;
  void report_warnings(const http::Response& response);

  http::Transport& transport_;
  Identity identity_;
  OnWarning on_warning_;
  std::set<std::string> warned_;
};

}  // namespace egress::kube
