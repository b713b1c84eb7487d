#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "egress/http/transport.hpp"

namespace egress::kube {

/// The credentials for one request.
struct Credentials {
  std::vector<std::string> headers{};  ///< complete lines, "Name: value"
  std::string client_certificate{};    ///< PEM; empty keeps the connection's certificate
  std::string client_key{};
};

/// A source of credentials that may change while the command runs: a rotated file or a credential plugin.
class Authenticator {
 public:
  Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  virtual ~Authenticator() = default;

  /// Adds the credentials for the next request. Throws Error if there are no credentials.
  virtual void authenticate(Credentials& credentials) = 0;

  /// Gets new credentials after the server rejected the last ones. Returns false if there are none.
  virtual bool renew() = 0;
};

using Authenticators = std::vector<std::unique_ptr<Authenticator>>;

/// A transport that adds the credentials of the authenticators to each request. A request that is answered
/// with 401 was not carried out; it is sent once more if the credentials could be renewed.
class AuthTransport : public http::Transport {
 public:
  /// Called with the client certificate and key to connect with whenever they change.
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
