#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "support/tls_server.hpp"

namespace egress::testing {

/// A proxy on a free loopback port that connects to whatever it is asked for, by HTTP's CONNECT or by SOCKS5,
/// where the client logs in as jane with the password pw. With a certificate of its own it wants to be spoken
/// to by TLS.
class Tunnel {
 public:
  Tunnel() : Tunnel(Issued{}) {}
  explicit Tunnel(const Issued& own);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  /// What the last client asked for: the head of its CONNECT, or "socks5 HOST:PORT".
  std::string asked() const;
  /// What happens, in another thread, once a client has asked, before it is connected on.
  void when_asked(std::function<void()> act);

 private:
  void serve();
  void note(const std::string& asked);
  struct Client;
  void talk(const Client& client);
  int connected(const Client& client);
  int by_connect(const Client& client);
  int by_socks5(const Client& client);

  SSL_CTX* context_ = nullptr;
  int listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::string asked_;
  std::function<void()> act_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace egress::testing
