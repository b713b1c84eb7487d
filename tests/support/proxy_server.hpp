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
class ProxyServer {
 public:
  ProxyServer() : ProxyServer(IssuedCertificate{}) {}
  explicit ProxyServer(const IssuedCertificate& certificate);
  ~ProxyServer();
  ProxyServer(const ProxyServer&) = delete;
  ProxyServer& operator=(const ProxyServer&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  /// What the last client asked for: the head of its CONNECT, or "socks5 HOST:PORT".
  std::string last_request() const;
  /// What happens, in another thread, once a client has asked, before it is connected on.
  void on_request(std::function<void()> callback);

 private:
  void serve();
  void record_request(const std::string& request);
  struct Client;
  void handle_client(const Client& client);
  int connect_upstream(const Client& client);
  int accept_http_connect(const Client& client);
  int accept_socks5(const Client& client);

  SSL_CTX* context_ = nullptr;
  int listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::string last_request_;
  std::function<void()> on_request_;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace egress::testing
