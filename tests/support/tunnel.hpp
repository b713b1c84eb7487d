#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace egress::testing {

/// A proxy on a free loopback port that connects to whatever it is asked for, by HTTP's CONNECT or by SOCKS5,
/// where the client logs in as jane with the password pw.
class Tunnel {
 public:
  Tunnel();
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  /// What the last client asked for: the head of its CONNECT, or "socks5 HOST:PORT".
  std::string asked() const;

 private:
  void serve();
  int connected(int client);
  int by_connect(int client);
  int by_socks5(int client);

  int listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::string asked_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace egress::testing
