#include "support/proxy_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace egress::testing {
namespace {

sockaddr_in loopback_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Every name leads to this machine.
int connect_to_loopback(int port) {
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback_address(port);
  if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return server;
  ::close(server);
  return -1;
}

}  // namespace

/// One end: its socket, and what it speaks TLS by, if it does.
struct ProxyServer::Client {
  int socket;
  SSL* tls = nullptr;

  std::size_t read(char* bytes, std::size_t size) const {
    const ssize_t count =
        tls != nullptr ? SSL_read(tls, bytes, static_cast<int>(size)) : ::read(socket, bytes, size);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  void write(std::string_view bytes) const {
    if (tls != nullptr)
      SSL_write(tls, bytes.data(), static_cast<int>(bytes.size()));
    else
      ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  std::string read_exactly(std::size_t size) const {
    std::string bytes(size, '\0');
    for (std::size_t count = 0; count < size;) {
      const std::size_t read_count = read(bytes.data() + count, size - count);
      if (read_count == 0) return {};
      count += read_count;
    }
    return bytes;
  }

  std::size_t read_length() const {
    const std::string byte = read_exactly(1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte.front());
  }

  /// Moves bytes both ways until either side has enough.
  void relay(const Client& server) const {
    std::array<char, 16384> buffer{};
    const std::array<const Client*, 2> clients{this, &server};
    std::array<pollfd, 2> ready{{{socket, POLLIN, 0}, {server.socket, POLLIN, 0}}};
    while (::poll(ready.data(), ready.size(), -1) > 0)
      for (std::size_t from = 0; from < clients.size(); ++from) {
        if (ready[from].revents == 0) continue;
        // What TLS has taken off the wire already, poll does not see.
        do {
          const std::size_t size = clients[from]->read(buffer.data(), buffer.size());
          if (size == 0) return;
          clients[1 - from]->write({buffer.data(), size});
        } while (clients[from]->tls != nullptr && SSL_pending(clients[from]->tls) > 0);
      }
  }
};

ProxyServer::ProxyServer(const IssuedCertificate& certificate)
    : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (!certificate.certificate.empty()) {
    std::signal(SIGPIPE, SIG_IGN);
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_, x509::read_certificates(certificate.certificate, 1).front().get());
    SSL_CTX_use_PrivateKey(context_, x509::read_key(certificate.key).get());
  }
  sockaddr_in address = loopback_address(0);
  socklen_t size = sizeof address;
  auto* generic_address = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic_address, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic_address, &size) != 0)
    throw std::runtime_error("no loopback proxy");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ProxyServer::~ProxyServer() {
  is_stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

std::string ProxyServer::last_request() const {
  const std::lock_guard lock(mutex_);
  return last_request_;
}

void ProxyServer::on_request(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  on_request_ = std::move(callback);
}

void ProxyServer::record_request(const std::string& request) {
  const std::lock_guard lock(mutex_);
  last_request_ = request;
  if (on_request_) on_request_();
}

void ProxyServer::serve() {
  while (!is_stopping_) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    Client client{socket};
    if (context_ != nullptr) {
      client.tls = SSL_new(context_);
      SSL_set_fd(client.tls, socket);
    }
    if (client.tls == nullptr || SSL_accept(client.tls) == 1) handle_client(client);
    SSL_free(client.tls);
    ::close(socket);
  }
}

void ProxyServer::handle_client(const Client& client) {
  const int server = connect_upstream(client);
  if (server < 0) return;
  client.relay({server});
  ::close(server);
}

int ProxyServer::connect_upstream(const Client& client) {
  if (client.tls != nullptr) return accept_http_connect(client);
  char first = 0;
  if (::recv(client.socket, &first, 1, MSG_PEEK) != 1) return -1;
  return first == 5 ? accept_socks5(client) : accept_http_connect(client);
}

int ProxyServer::accept_http_connect(const Client& client) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const std::string byte = client.read_exactly(1);
    if (byte.empty()) return -1;
    head += byte;
  }
  record_request(head);
  if (head.find("Proxy-Authorization: Basic amFuZTpwdw==") == std::string::npos) {
    client.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    return -1;
  }
  const std::string target = head.substr(0, head.find(" HTTP/"));
  const int server = connect_to_loopback(std::stoi(target.substr(target.rfind(':') + 1)));
  client.write(server < 0 ? "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
                          : "HTTP/1.1 200 OK\r\n\r\n");
  return server;
}

int ProxyServer::accept_socks5(const Client& client) {
  client.read_exactly(1);
  client.read_exactly(client.read_length());
  client.write(std::string("\5\2", 2));
  client.read_exactly(1);
  const std::string user = client.read_exactly(client.read_length());
  const std::string password = client.read_exactly(client.read_length());
  const bool is_authorized = user == "jane" && password == "pw";
  client.write(std::string("\1", 1) + (is_authorized ? '\0' : '\1'));
  const std::string request = client.read_exactly(4);
  if (!is_authorized || request.size() != 4 || request[3] != 3) return -1;
  const std::string host = client.read_exactly(client.read_length());
  const std::string port = client.read_exactly(2);
  const int number = static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]);
  record_request("socks5 " + host + ":" + std::to_string(number));
  const int server = connect_to_loopback(number);
  client.write(std::string("\5", 1) + (server < 0 ? '\5' : '\0') + std::string("\0\1\0\0\0\0\0\0", 8));
  return server;
}

}  // namespace egress::testing
