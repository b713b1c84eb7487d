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
  using Script = std::function<http::Response(const http::Request&)>;

  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}
  /// Answers every request with that response.
  explicit ScriptedTransport(http::Response response)
      : script_([response = std::move(response)](const http::Request&) { return response; }) {}

  std::vector<http::Response> send(std::span<const http::Request> wave) override {
    waves.emplace_back(wave.begin(), wave.end());
    std::vector<http::Response> responses;
    for (const http::Request& request : wave) responses.push_back(script_(request));
    return responses;
  }

  http::Response stream(const http::Request& request,
                        const std::function<bool(std::string_view)>& consume) override {
    waves.push_back({request});
    http::Response response = script_(request);
    if (request.on_headers && response.failure == http::Failure::none) {
      http::Response begun = response;
      begun.body.clear();
      request.on_headers(begun);
    }
    if (!response.ok()) return response;
    const std::string body = std::exchange(response.body, {});
    for (std::size_t at = 0; at < body.size(); at += chunk)
      if (!consume(std::string_view(body).substr(at, chunk))) break;
    return response;
  }

  http::Traffic traffic() const override { return {static_cast<int>(waves.size()), 0, 0}; }

  std::vector<std::vector<http::Request>> waves;
  std::size_t chunk = 4096;

 private:
  Script script_;
};

/// A response of that status with a JSON body.
inline http::Response json_reply(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", "application/json"}};
  response.body = std::move(body);
  return response;
}

/// No answer at all.
inline http::Response no_reply(http::Failure failure, std::string text = {}) {
  http::Response response;
  response.failure = failure;
  response.failure_text = std::move(text);
  return response;
}

}  // namespace egress::testing
