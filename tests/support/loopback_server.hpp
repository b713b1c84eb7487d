#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace egress::testing {

/// A plain HTTP/1.1 server on a free loopback port that answers each request with what `answer` makes of its
/// first line, and then closes the connection.
class LoopbackServer {
 public:
  using Answer = std::function<std::string(const std::string& request_line)>;

  explicit LoopbackServer(Answer answer);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// A whole answer: status line, length and body.
  static std::string ok(const std::string& body);

 private:
  void serve();

  Answer answer_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace egress::testing
