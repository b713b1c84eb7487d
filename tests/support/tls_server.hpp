#pragma once

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "egress/base/x509.hpp"

namespace egress::testing {

/// Who signs the certificates of the tests.
x509::CertificateAndKey make_ca(const std::string& name);
/// One that another has signed.
x509::CertificateAndKey make_ca(const std::string& name, const x509::CertificateAndKey& signer);

/// A certificate with its key, both PEM: its subject's common name, and its subjectAltName in OpenSSL's
/// notation ("DNS:a,IP:127.0.0.1"), or none.
struct IssuedCertificate {
  std::string certificate;
  std::string key;
};
IssuedCertificate issue(const x509::CertificateAndKey& ca, const std::string& common_name,
                        const std::string& names);

/// What a client said in one connection.
struct ReceivedRequest {
  std::string head;                ///< the request up to the empty line behind its headers
  std::string server_name;         ///< SNI
  std::string client_certificate;  ///< its subject; empty where there was none
};

/// A server by TLS on a free loopback port, of one connection at a time; it asks for a client certificate and
/// takes any.
class TlsServer {
 public:
  using Answer = std::function<std::string(const ReceivedRequest&)>;
  /// What happens in a connection (OpenSSL's SSL) once it is set up.
  using ConnectionHandler = std::function<void(SSL& connection)>;

  /// One that speaks HTTP/1.1 and answers one request in a connection.
  TlsServer(const IssuedCertificate& certificate, Answer answer);
  /// One that speaks HTTP/2, if the client does.
  TlsServer(const IssuedCertificate& certificate, ConnectionHandler handler);
  /// One as the first, at ::1 instead of 127.0.0.1.
  static std::unique_ptr<TlsServer> at_ipv6(const IssuedCertificate& certificate, Answer answer);
  /// One as the first, which does not go on without a client certificate, and speaks no TLS newer than that
  /// (OpenSSL's TLS1_2_VERSION, …). With `http2` it chooses that, if the client has it, and does not speak
  /// it.
  static std::unique_ptr<TlsServer> requiring_client_certificate(const IssuedCertificate& certificate,
                                                                 Answer answer, int max_tls_version,
                                                                 bool http2);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url() const {
    return (family_ == AF_INET6 ? "https://[::1]:" : "https://127.0.0.1:") + std::to_string(port_);
  }
  int port() const { return port_; }

 private:
  struct Options {
    int family = AF_INET;
    bool http2 = false;
    bool requires_client_certificate = false;  ///< a client certificate
    int max_tls_version = 0;                   ///< TLS; 0 is all that there is
  };
  TlsServer(const IssuedCertificate& certificate, ConnectionHandler handler, Options options);
  void listen(const IssuedCertificate& certificate);
  void serve();
  void handle_connection(int connection);

  ConnectionHandler handler_;
  int family_;
  SSL_CTX* context_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace egress::testing
