#include "support/tls_server.hpp"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace egress::testing {
namespace {

x509::Pair lasting_a_day() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return x509::blank(now - std::chrono::hours(1), now + std::chrono::days(1));
}

int any_client(X509_STORE_CTX*, void*) {
  return 1;
}

std::string subject_of(SSL* connection) {
  const x509::Owned<X509> certificate(SSL_get1_peer_certificate(connection));
  if (!certificate) return {};
  char* line = X509_NAME_oneline(X509_get_subject_name(certificate.get()), nullptr, 0);
  const std::string subject = line;
  OPENSSL_free(line);
  return subject;
}

void answer_one(SSL& connection, const TlsServer::Answer& answer) {
  Heard heard;
  char byte = 0;
  while (heard.head.find("\r\n\r\n") == std::string::npos && SSL_read(&connection, &byte, 1) == 1)
    heard.head += byte;
  if (heard.head.empty()) return;
  const char* name = SSL_get_servername(&connection, TLSEXT_NAMETYPE_host_name);
  heard.server_name = name != nullptr ? name : "";
  heard.client_certificate = subject_of(&connection);
  const std::string reply = answer(heard);
  SSL_write(&connection, reply.data(), static_cast<int>(reply.size()));
}

int select_http2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                 unsigned offered_size, void*) {
  static constexpr unsigned char http2[] = {2, 'h', '2'};
  unsigned char* one = nullptr;
  const int found = SSL_select_next_proto(&one, size, http2, sizeof http2, offered, offered_size);
  *chosen = one;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

namespace {

x509::Pair unsigned_authority(const std::string& name) {
  x509::Pair made = lasting_a_day();
  x509::add_name(*made.certificate, NID_commonName, name);
  x509::add_extension(*made.certificate, *made.certificate, NID_basic_constraints, "critical,CA:TRUE");
  return made;
}

}  // namespace

x509::Pair make_authority(const std::string& name) {
  x509::Pair made = unsigned_authority(name);
  x509::sign(*made.certificate, made);
  return made;
}

x509::Pair make_authority(const std::string& name, const x509::Pair& signer) {
  x509::Pair made = unsigned_authority(name);
  x509::sign(*made.certificate, signer);
  return made;
}

Issued issue(const x509::Pair& authority, const std::string& common_name, const std::string& names) {
  const x509::Pair made = lasting_a_day();
  x509::add_name(*made.certificate, NID_commonName, common_name);
  if (!names.empty())
    x509::add_extension(*made.certificate, *authority.certificate, NID_subject_alt_name, names);
  x509::sign(*made.certificate, authority);
  return {x509::pem(*made.certificate), x509::pem(*made.key)};
}

namespace {

TlsServer::Conversation of_one(TlsServer::Answer answer) {
  return [answer = std::move(answer)](SSL& connection) { answer_one(connection, answer); };
}

}  // namespace

TlsServer::TlsServer(const Issued& own, Answer answer)
    : TlsServer(own, of_one(std::move(answer)), Manner{}) {}

TlsServer::TlsServer(const Issued& own, Conversation conversation)
    : TlsServer(own, std::move(conversation), Manner{.http2 = true}) {}

std::unique_ptr<TlsServer> TlsServer::at_ipv6(const Issued& own, Answer answer) {
  return std::unique_ptr<TlsServer>(new TlsServer(own, of_one(std::move(answer)), {.family = AF_INET6}));
}

std::unique_ptr<TlsServer> TlsServer::demanding(const Issued& own, Answer answer, int newest, bool http2) {
  const Manner manner{.http2 = http2, .demands = true, .newest = newest};
  return std::unique_ptr<TlsServer>(new TlsServer(own, of_one(std::move(answer)), manner));
}

TlsServer::TlsServer(const Issued& own, Conversation conversation, Manner manner)
    : conversation_(std::move(conversation)),
      family_(manner.family),
      context_(SSL_CTX_new(TLS_server_method())),
      listener_(::socket(manner.family, SOCK_STREAM, 0)) {
  if (manner.http2) SSL_CTX_set_alpn_select_cb(context_, select_http2, nullptr);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | (manner.demands ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                     nullptr);
  SSL_CTX_set_max_proto_version(context_, manner.newest);
  listen(own);
}

void TlsServer::listen(const Issued& own) {
  // A client that goes away in the midst of a handshake is no fault here.
  std::signal(SIGPIPE, SIG_IGN);
  SSL_CTX_use_certificate(context_, x509::read_certificates(own.certificate, 1).front().get());
  SSL_CTX_use_PrivateKey(context_, x509::read_key(own.key).get());
  SSL_CTX_set_cert_verify_callback(context_, any_client, nullptr);
  SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>("t"), 1);

  // The port of both kinds of addresses is at the same place.
  sockaddr_in6 address{};
  address.sin6_family = static_cast<sa_family_t>(family_);
  if (family_ == AF_INET6)
    address.sin6_addr = in6addr_loopback;
  else
    reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = family_ == AF_INET6 ? sizeof address : sizeof(sockaddr_in);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, any, &size) != 0)
    throw std::runtime_error("no loopback server");
  port_ = ntohs(address.sin6_port);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

void TlsServer::serve() {
  while (!stopping_) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    talk(connection);
    ::close(connection);
  }
}

void TlsServer::talk(int connection) {
  SSL* tls = SSL_new(context_);
  SSL_set_fd(tls, connection);
  if (SSL_accept(tls) == 1) {
    conversation_(*tls);
    SSL_shutdown(tls);
  } else {
    // What is closed with something unread takes the alert away that it has sent.
    ::shutdown(connection, SHUT_WR);
    const timeval longest{.tv_sec = 1, .tv_usec = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    char byte = 0;
    while (::read(connection, &byte, 1) == 1) continue;
  }
  SSL_free(tls);
}

}  // namespace egress::testing
