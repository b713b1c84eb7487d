#include "support/tunnel.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace egress::testing {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Every name leads to this machine.
int connect_to(int port) {
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(port);
  if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return server;
  ::close(server);
  return -1;
}

}  // namespace

/// One end: its socket, and what it speaks TLS by, if it does.
struct Tunnel::Client {
  int socket;
  SSL* tls = nullptr;

  std::size_t read(char* bytes, std::size_t size) const {
    const ssize_t got =
        tls != nullptr ? SSL_read(tls, bytes, static_cast<int>(size)) : ::read(socket, bytes, size);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }

  void say(std::string_view bytes) const {
    if (tls != nullptr)
      SSL_write(tls, bytes.data(), static_cast<int>(bytes.size()));
    else
      ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  std::string take(std::size_t size) const {
    std::string bytes(size, '\0');
    for (std::size_t got = 0; got < size;) {
      const std::size_t more = read(bytes.data() + got, size - got);
      if (more == 0) return {};
      got += more;
    }
    return bytes;
  }

  std::size_t take_length() const {
    const std::string byte = take(1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte.front());
  }

  /// Moves bytes both ways until either side has enough.
  void pump(const Client& server) const {
    std::array<char, 16384> buffer{};
    const std::array<const Client*, 2> both{this, &server};
    std::array<pollfd, 2> ready{{{socket, POLLIN, 0}, {server.socket, POLLIN, 0}}};
    while (::poll(ready.data(), ready.size(), -1) > 0)
      for (std::size_t from = 0; from < both.size(); ++from) {
        if (ready[from].revents == 0) continue;
        // What TLS has taken off the wire already, poll does not see.
        do {
          const std::size_t size = both[from]->read(buffer.data(), buffer.size());
          if (size == 0) return;
          both[1 - from]->say({buffer.data(), size});
        } while (both[from]->tls != nullptr && SSL_pending(both[from]->tls) > 0);
      }
  }
};

Tunnel::Tunnel(const Issued& own) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (!own.certificate.empty()) {
    std::signal(SIGPIPE, SIG_IGN);
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_, x509::read_certificates(own.certificate, 1).front().get());
    SSL_CTX_use_PrivateKey(context_, x509::read_key(own.key).get());
  }
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, any, &size) != 0)
    throw std::runtime_error("no loopback proxy");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

Tunnel::~Tunnel() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

std::string Tunnel::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void Tunnel::when_asked(std::function<void()> act) {
  const std::lock_guard lock(mutex_);
  act_ = std::move(act);
}

void Tunnel::note(const std::string& asked) {
  const std::lock_guard lock(mutex_);
  asked_ = asked;
  if (act_) act_();
}

void Tunnel::serve() {
  while (!stopping_) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    Client client{socket};
    if (context_ != nullptr) {
      client.tls = SSL_new(context_);
      SSL_set_fd(client.tls, socket);
    }
    if (client.tls == nullptr || SSL_accept(client.tls) == 1) talk(client);
    SSL_free(client.tls);
    ::close(socket);
  }
}

void Tunnel::talk(const Client& client) {
  const int server = connected(client);
  if (server < 0) return;
  client.pump({server});
  ::close(server);
}

int Tunnel::connected(const Client& client) {
  if (client.tls != nullptr) return by_connect(client);
  char first = 0;
  if (::recv(client.socket, &first, 1, MSG_PEEK) != 1) return -1;
  return first == 5 ? by_socks5(client) : by_connect(client);
}

int Tunnel::by_connect(const Client& client) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const std::string byte = client.take(1);
    if (byte.empty()) return -1;
    head += byte;
  }
  note(head);
  if (head.find("Proxy-Authorization: Basic amFuZTpwdw==") == std::string::npos) {
    client.say("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    return -1;
  }
  const std::string target = head.substr(0, head.find(" HTTP/"));
  const int server = connect_to(std::stoi(target.substr(target.rfind(':') + 1)));
  client.say(server < 0 ? "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\n\r\n");
  return server;
}

int Tunnel::by_socks5(const Client& client) {
  client.take(1);
  client.take(client.take_length());
  client.say(std::string("\5\2", 2));
  client.take(1);
  const std::string user = client.take(client.take_length());
  const std::string password = client.take(client.take_length());
  const bool welcome = user == "jane" && password == "pw";
  client.say(std::string("\1", 1) + (welcome ? '\0' : '\1'));
  const std::string request = client.take(4);
  if (!welcome || request.size() != 4 || request[3] != 3) return -1;
  const std::string host = client.take(client.take_length());
  const std::string port = client.take(2);
  const int number = static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]);
  note("socks5 " + host + ":" + std::to_string(number));
  const int server = connect_to(number);
  client.say(std::string("\5", 1) + (server < 0 ? '\5' : '\0') + std::string("\0\1\0\0\0\0\0\0", 8));
  return server;
}

}  // namespace egress::testing
