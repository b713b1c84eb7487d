#include "support/tls_server.hpp"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace egress::testing {
namespace {

x509::CertificateAndKey valid_for_a_day() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return x509::create_certificate(now - std::chrono::hours(1), now + std::chrono::days(1));
}

int accept_any_client(X509_STORE_CTX*, void*) {
  return 1;
}

std::string client_subject(SSL* connection) {
  const x509::UniquePtr<X509> certificate(SSL_get1_peer_certificate(connection));
  if (!certificate) return {};
  char* line = X509_NAME_oneline(X509_get_subject_name(certificate.get()), nullptr, 0);
  const std::string subject = line;
  OPENSSL_free(line);
  return subject;
}

void answer_request(SSL& connection, const TlsServer::Answer& answer) {
  ReceivedRequest request;
  char byte = 0;
  while (request.head.find("\r\n\r\n") == std::string::npos && SSL_read(&connection, &byte, 1) == 1)
    request.head += byte;
  if (request.head.empty()) return;
  const char* name = SSL_get_servername(&connection, TLSEXT_NAMETYPE_host_name);
  request.server_name = name != nullptr ? name : "";
  request.client_certificate = client_subject(&connection);
  const std::string response = answer(request);
  SSL_write(&connection, response.data(), static_cast<int>(response.size()));
}

int select_http2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                 unsigned offered_size, void*) {
  static constexpr unsigned char http2[] = {2, 'h', '2'};
  unsigned char* protocol = nullptr;
  const int status = SSL_select_next_proto(&protocol, size, http2, sizeof http2, offered, offered_size);
  *chosen = protocol;
  return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

namespace {

x509::CertificateAndKey unsigned_ca(const std::string& name) {
  x509::CertificateAndKey result = valid_for_a_day();
  x509::add_subject_name(*result.certificate, NID_commonName, name);
  x509::add_extension(*result.certificate, *result.certificate, NID_basic_constraints, "critical,CA:TRUE");
  return result;
}

}  // namespace

x509::CertificateAndKey make_ca(const std::string& name) {
  x509::CertificateAndKey result = unsigned_ca(name);
  x509::sign(*result.certificate, result);
  return result;
}

x509::CertificateAndKey make_ca(const std::string& name, const x509::CertificateAndKey& signer) {
  x509::CertificateAndKey result = unsigned_ca(name);
  x509::sign(*result.certificate, signer);
  return result;
}

IssuedCertificate issue(const x509::CertificateAndKey& ca, const std::string& common_name,
                        const std::string& names) {
  const x509::CertificateAndKey result = valid_for_a_day();
  x509::add_subject_name(*result.certificate, NID_commonName, common_name);
  if (!names.empty()) x509::add_extension(*result.certificate, *ca.certificate, NID_subject_alt_name, names);
  x509::sign(*result.certificate, ca);
  return {x509::to_pem(*result.certificate), x509::to_pem(*result.key)};
}

namespace {

TlsServer::ConnectionHandler answering_one_request(TlsServer::Answer answer) {
  return [answer = std::move(answer)](SSL& connection) { answer_request(connection, answer); };
}

}  // namespace

TlsServer::TlsServer(const IssuedCertificate& certificate, Answer answer)
    : TlsServer(certificate, answering_one_request(std::move(answer)), Options{}) {}

TlsServer::TlsServer(const IssuedCertificate& certificate, ConnectionHandler handler)
    : TlsServer(certificate, std::move(handler), Options{.http2 = true}) {}

std::unique_ptr<TlsServer> TlsServer::at_ipv6(const IssuedCertificate& certificate, Answer answer) {
  return std::unique_ptr<TlsServer>(
      new TlsServer(certificate, answering_one_request(std::move(answer)), {.family = AF_INET6}));
}

std::unique_ptr<TlsServer> TlsServer::requiring_client_certificate(const IssuedCertificate& certificate,
                                                                   Answer answer, int max_tls_version,
                                                                   bool http2) {
  const Options options{
      .http2 = http2, .requires_client_certificate = true, .max_tls_version = max_tls_version};
  return std::unique_ptr<TlsServer>(
      new TlsServer(certificate, answering_one_request(std::move(answer)), options));
}

TlsServer::TlsServer(const IssuedCertificate& certificate, ConnectionHandler handler, Options options)
    : handler_(std::move(handler)),
      family_(options.family),
      context_(SSL_CTX_new(TLS_server_method())),
      listener_(::socket(options.family, SOCK_STREAM, 0)) {
  if (options.http2) SSL_CTX_set_alpn_select_cb(context_, select_http2, nullptr);
  SSL_CTX_set_verify(
      context_, SSL_VERIFY_PEER | (options.requires_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
      nullptr);
  SSL_CTX_set_max_proto_version(context_, options.max_tls_version);
  listen(certificate);
}

void TlsServer::listen(const IssuedCertificate& certificate) {
  // A client that goes away in the midst of a handshake is no fault here.
  std::signal(SIGPIPE, SIG_IGN);
  SSL_CTX_use_certificate(context_, x509::read_certificates(certificate.certificate, 1).front().get());
  SSL_CTX_use_PrivateKey(context_, x509::read_key(certificate.key).get());
  SSL_CTX_set_cert_verify_callback(context_, accept_any_client, nullptr);
  SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>("t"), 1);

  // The port of both kinds of addresses is at the same place.
  sockaddr_in6 address{};
  address.sin6_family = static_cast<sa_family_t>(family_);
  if (family_ == AF_INET6)
    address.sin6_addr = in6addr_loopback;
  else
    reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = family_ == AF_INET6 ? sizeof address : sizeof(sockaddr_in);
  auto* generic_address = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic_address, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, generic_address, &size) != 0)
    throw std::runtime_error("no loopback server");
  port_ = ntohs(address.sin6_port);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  is_stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

void TlsServer::serve() {
  while (!is_stopping_) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    handle_connection(connection);
    ::close(connection);
  }
}

void TlsServer::handle_connection(int connection) {
  SSL* tls = SSL_new(context_);
  SSL_set_fd(tls, connection);
  if (SSL_accept(tls) == 1) {
    handler_(*tls);
    SSL_shutdown(tls);
  } else {
    // What is closed with something unread takes the alert away that it has sent.
    ::shutdown(connection, SHUT_WR);
    const timeval timeout{.tv_sec = 1, .tv_usec = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    char byte = 0;
    while (::read(connection, &byte, 1) == 1) continue;
  }
  SSL_free(tls);
}

}  // namespace egress::testing
