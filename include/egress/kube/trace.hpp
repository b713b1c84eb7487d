#pragma once

#include <functional>
#include <string>

#include "egress/http/transport.hpp"

namespace egress::kube {

/// A transport that logs each request in as much detail as kubectl does at a level of -v (client-go's
/// transport/round_trippers.go and rest/request.go, 1.36). Level 6: a line for each completed request. Level
/// 7: also its headers. Level 8: also the response headers and the first 1024 bytes of both bodies. Level 9:
/// a curl command instead of the request headers, and 10240 bytes of the bodies. Level 10: complete bodies.
/// The line of a stream is logged when its headers arrive, and from level 8 on each event when it is
/// complete. The output has no secrets (mask.hpp) and no control characters.
class Trace : public http::Transport {
 public:
  /// Called with one line at a time.
  using PrintLine = std::function<void(const std::string&)>;

  /// The inner transport must outlive this one; `server` is the URL of the server.
  Trace(http::Transport& inner, std::string server, int level, PrintLine print_line)
      : inner_(inner), server_(std::move(server)), level_(level), print_line_(std::move(print_line)) {}

  std::vector<http::Response> send(std::span<const http::Request> wave) override;
  http::Response stream(const http::Request& request,
                        const std::function<bool(std::string_view)>& consume) override;
  http::Traffic traffic() const override { return inner_.traffic(); }

 private:
  class Events;
  std::string request_line(const http::Request& request) const;
  void print_request(const http::Request& request) const;
  void print_response(const http::Request& request, const http::Response& response) const;
  void print_status(const http::Request& request, const http::Response& response) const;
  void print_failure(const http::Request& request, const http::Response& response) const;
  void print_header(std::string_view line) const;
  void print_body(const http::Request& request, const std::string& label, std::string_view body) const;

  http::Transport& inner_;
  std::string server_;
  int level_;
  PrintLine print_line_;
};

}  // namespace egress::kube
