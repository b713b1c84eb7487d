#include "support/tunnel.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
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

std::string take(int client, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t got = 0; got < size;) {
    const ssize_t more = ::read(client, bytes.data() + got, size - got);
    if (more <= 0) return {};
    got += static_cast<std::size_t>(more);
  }
  return bytes;
}

std::size_t take_length(int client) {
  const std::string byte = take(client, 1);
  return byte.empty() ? 0 : static_cast<unsigned char>(byte.front());
}

void say(int client, const std::string& bytes) {
  ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

/// Moves bytes both ways until either side has enough.
void pump(int client, int server) {
  std::array<char, 16384> buffer{};
  std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
  while (::poll(both.data(), both.size(), -1) > 0)
    for (std::size_t from = 0; from < both.size(); ++from) {
      if (both[from].revents == 0) continue;
      const ssize_t size = ::read(both[from].fd, buffer.data(), buffer.size());
      if (size <= 0) return;
      ::send(both[1 - from].fd, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
    }
}

}  // namespace

Tunnel::Tunnel() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
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
}

std::string Tunnel::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void Tunnel::serve() {
  while (!stopping_) {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    const int server = connected(client);
    if (server >= 0) {
      pump(client, server);
      ::close(server);
    }
    ::close(client);
  }
}

int Tunnel::connected(int client) {
  char first = 0;
  if (::recv(client, &first, 1, MSG_PEEK) != 1) return -1;
  return first == 5 ? by_socks5(client) : by_connect(client);
}

int Tunnel::by_connect(int client) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const std::string byte = take(client, 1);
    if (byte.empty()) return -1;
    head += byte;
  }
  {
    const std::lock_guard lock(mutex_);
    asked_ = head;
  }
  if (head.find("Proxy-Authorization: Basic amFuZTpwdw==") == std::string::npos) {
    say(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    return -1;
  }
  const std::string target = head.substr(0, head.find(" HTTP/"));
  const int server = connect_to(std::stoi(target.substr(target.rfind(':') + 1)));
  say(client,
      server < 0 ? "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n");
  return server;
}

int Tunnel::by_socks5(int client) {
  take(client, 1);
  take(client, take_length(client));
  say(client, std::string("\5\2", 2));
  take(client, 1);
  const std::string user = take(client, take_length(client));
  const std::string password = take(client, take_length(client));
  const bool welcome = user == "jane" && password == "pw";
  say(client, std::string("\1", 1) + (welcome ? '\0' : '\1'));
  const std::string request = take(client, 4);
  if (!welcome || request.size() != 4 || request[3] != 3) return -1;
  const std::string host = take(client, take_length(client));
  const std::string port = take(client, 2);
  const int number = static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]);
  {
    const std::lock_guard lock(mutex_);
    asked_ = "socks5 " + host + ":" + std::to_string(number);
  }
  const int server = connect_to(number);
  say(client, std::string("\5", 1) + (server < 0 ? '\5' : '\0') + std::string("\0\1\0\0\0\0\0\0", 8));
  return server;
}

}  // namespace egress::testing
