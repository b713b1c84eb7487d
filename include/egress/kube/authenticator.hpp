#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "egress/http/transport.hpp"

namespace egress::kube {

/// What proves, in one request, who the user is.
struct Credentials {
  std::vector<std::string> headers{};  ///< whole lines
  std::string client_certificate{};    ///< PEM; empty leaves what the connection has
  std::string client_key{};
};

/// A way to log in whose credentials may change while the command runs: a file that is rotated, a program.
class Authenticator {
 public:
  Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  virtual ~Authenticator() = default;

  /// Adds the credentials for the request that is about to be sent. Throws Error where there is none.
  virtual void authenticate(Credentials& credentials) = 0;

  /// The server did not take the last credentials: gets others. False where there is no hope for that.
  virtual bool renew() = 0;
};

using Authenticators = std::vector<std::unique_ptr<Authenticator>>;

/// A transport that logs in: each request is sent with what the authenticators add at that moment. One that
/// is answered with 401, and so was not carried out, is sent a second time after they were renewed.
class AuthTransport : public http::Transport {
 public:
  /// Told of the client certificate and the key to connect with, where they change.
  using OnCertificate = std::function<void(const std::string& certificate, const std::string& key)>;

  /// The inner transport must outlive this one.
  AuthTransport(http::Transport& inner, Authenticators authenticators, OnCertificate on_certificate)
      : inner_(inner),
        authenticators_(std::move(authenticators)),
        on_certificate_(std::move(on_certificate)) {}

  std::vector<http::Response> send(std::span<const http::Request> wave) override;
  http::Response stream(const http::Request& request,
                        const std::function<bool(std::string_view)>& consume) override;
  http::Traffic traffic() const override { return inner_.traffic(); }

 private:
  std::vector<http::Request> authenticated(std::span<const http::Request> wave);
  bool renew();

  http::Transport& inner_;
  Authenticators authenticators_;
  OnCertificate on_certificate_;
  std::string last_certificate_;
};

}  // namespace egress::kube
