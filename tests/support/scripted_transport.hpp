#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "egress/http/transport.hpp"

namespace egress::testing {

/// A transport that sends nothing: a function answers each request, and every wave is kept. A stream's 2xx
/// body is handed on in pieces of `chunk` bytes.
class ScriptedTransport : public http::Transport {
 public:
  using Script = std::function<http::Reply(const http::Request&)>;

  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}
  /// Answers every request with that reply.
  explicit ScriptedTransport(http::Reply reply)
      : script_([reply = std::move(reply)](const http::Request&) { return reply; }) {}

  std::vector<http::Reply> send(std::span<const http::Request> wave) override {
    waves.emplace_back(wave.begin(), wave.end());
    std::vector<http::Reply> replies;
    for (const http::Request& request : wave) replies.push_back(script_(request));
    return replies;
  }

  http::Reply stream(const http::Request& request,
                     const std::function<bool(std::string_view)>& consume) override {
    waves.push_back({request});
    http::Reply reply = script_(request);
    if (request.begun && reply.failure == http::Failure::none) {
      http::Reply begun = reply;
      begun.body.clear();
      request.begun(begun);
    }
    if (!reply.ok()) return reply;
    const std::string body = std::exchange(reply.body, {});
    for (std::size_t at = 0; at < body.size(); at += chunk)
      if (!consume(std::string_view(body).substr(at, chunk))) break;
    return reply;
  }

  http::Traffic traffic() const override { return {static_cast<int>(waves.size()), 0, 0}; }

  std::vector<std::vector<http::Request>> waves;
  std::size_t chunk = 4096;

 private:
  Script script_;
};

/// A reply of that status with a JSON body.
inline http::Reply json_reply(int status, std::string body) {
  http::Reply reply;
  reply.status = status;
  reply.headers = {{"content-type", "application/json"}};
  reply.body = std::move(body);
  return reply;
}

/// No answer at all.
inline http::Reply no_reply(http::Failure failure, std::string text = {}) {
  http::Reply reply;
  reply.failure = failure;
  reply.failure_text = std::move(text);
  return reply;
}

}  // namespace egress::testing
