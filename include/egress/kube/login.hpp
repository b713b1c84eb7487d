#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "egress/http/transport.hpp"

namespace egress::kube {

/// What proves, in one request, who the user is.
struct Proof {
  std::vector<std::string> headers{};  ///< whole lines
  std::string client_certificate{};    ///< PEM; empty leaves what the connection has
  std::string client_key{};
};

/// A way to log in whose proof may change while the command runs: a file that is rotated, a program.
class Login {
 public:
  Login() = default;
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;
  virtual ~Login() = default;

  /// Adds the proof for the request that is about to be sent. Throws Error where there is none.
  virtual void prove(Proof& proof) = 0;

  /// The server did not take the last proof: gets another one. False where there is no hope for that.
  virtual bool renew() = 0;
};

using Logins = std::vector<std::unique_ptr<Login>>;

/// A transport that logs in: each request is sent with what the logins prove at that moment. One that is
/// answered with 401, and so was not carried out, is sent a second time after they were renewed.
class LoginTransport : public http::Transport {
 public:
  /// Told of the client certificate and the key to connect with, where they change.
  using Present = std::function<void(const std::string& certificate, const std::string& key)>;

  /// The inner transport must outlive this one.
  LoginTransport(http::Transport& inner, Logins logins, Present present)
      : inner_(inner), logins_(std::move(logins)), present_(std::move(present)) {}

  std::vector<http::Reply> send(std::span<const http::Request> wave) override;
  http::Reply stream(const http::Request& request,
                     const std::function<bool(std::string_view)>& consume) override;
  http::Traffic traffic() const override { return inner_.traffic(); }

 private:
  std::vector<http::Request> proven(std::span<const http::Request> wave);
  bool renew();

  http::Transport& inner_;
  Logins logins_;
  Present present_;
  std::string presented_;
};

}  // namespace egress::kube
