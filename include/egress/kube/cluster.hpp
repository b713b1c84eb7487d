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

/// What one call brought: the object, or why not.
struct Answer {
  int status = 0;
  Json body;
  std::optional<ApiError> error;

  bool ok() const { return !error; }
  bool not_found() const { return status == 404; }
  /// True where the write made the object, false where it stood already.
  bool created() const { return status == 201; }
  /// True where an apply of what was to be new was refused because an object of the name is there.
  bool already_exists() const;
  /// The object. Throws the ApiError where there is none.
  const Json& value() const;
  Json release();
};

/// What is the same for every request of one command.
struct Identity {
  std::vector<std::string> headers;  ///< whole lines: Authorization, Impersonate-…, User-Agent, …
  std::string host;                  ///< of the server, for messages
  std::chrono::milliseconds request_timeout{0};
  bool uses_proxy = false;
};

/// The Kubernetes API of one cluster, spoken in waves.
class Cluster {
 public:
  using OnWarning = std::function<void(const std::string&)>;

  /// The transport must outlive the cluster. `on_warning` is told what the server warns of, each text once.
  Cluster(http::Transport& transport, Identity identity, OnWarning on_warning = {});

  /// Sends the calls together; the answers stand in their order. Throws ConnectionError where the server
  /// could not be reached for one of them, and ApiError for a 401: nothing more can be done then.
  std::vector<Answer> send(std::span<const Call> wave);
  Answer send(const Call& call);

  /// The same, but each answer is handed over by itself, with the place of its call, so that only one of them
  /// is ever read: a page of a list takes several times as much memory then.
  using OnAnswer = std::function<void(std::size_t index, Answer answer)>;
  void send(std::span<const Call> wave, const OnAnswer& on_answer);

  /// Follows a watch call until the server ends the stream or `consume` returns false; it is given whole
  /// events, `{"type": …, "object": …}`. Throws as send() does, and ApiError for whatever is refused.
  void follow(const Call& call, const std::function<bool(const Json&)>& consume);

  /// True where only a proxy's end of a connection is known to be there, and not the server's
  /// (http/keep_alive.hpp).
  bool is_behind_proxy() const { return identity_.uses_proxy; }

  http::Traffic traffic() const { return transport_.traffic(); }

 private:
  /// `timeout` is how long the server may take for it; zero is no limit.
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
