#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "egress/base/x509.hpp"

namespace egress::testing {

/// Who signs the certificates of the tests.
x509::Pair make_authority(const std::string& name);

/// A certificate with its key, both PEM: its subject's common name, and its subjectAltName in OpenSSL's
/// notation ("DNS:a,IP:127.0.0.1"), or none.
struct Issued {
  std::string certificate;
  std::string key;
};
Issued issue(const x509::Pair& authority, const std::string& common_name, const std::string& names);

/// What a client said in one connection.
struct Heard {
  std::string head;                ///< the request up to the empty line behind its headers
  std::string server_name;         ///< SNI
  std::string client_certificate;  ///< its subject; empty where there was none
};

/// An HTTP/1.1 server by TLS on a free loopback port; it asks for a client certificate and takes any.
class TlsServer {
 public:
  using Answer = std::function<std::string(const Heard&)>;

  TlsServer(const Issued& own, Answer answer);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }

 private:
  void serve();
  void talk(int connection);

  Answer answer_;
  void* context_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace egress::testing
