#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "egress/base/peer_check.hpp"
#include "egress/http/concurrency_limiter.hpp"
#include "egress/http/keep_alive.hpp"
#include "egress/http/transport.hpp"

namespace egress::http {

/// Endpoint::idle_timeout behind a proxy: TCP keepalive only covers the connection to the proxy
/// (keep_alive.hpp), so silence is the only sign of a lost server.
inline constexpr std::chrono::seconds idle_timeout_behind_proxy{75};

/// A server and the credentials for it. Certificates and keys are PEM texts and stay in memory.
struct Endpoint {
  std::string url;                    ///< scheme, host, port and path prefix; no slash at the end
  std::string certificate_authority;  ///< the only trusted roots; empty for the system's roots
  std::string client_certificate;
  std::string client_key;
  std::string server_name{};  ///< for SNI and verification, if not the URL's host
  std::string proxy{};        ///< the proxy's URL, with user and password if needed; empty for none
  bool insecure = false;      ///< skip the verification of the server's certificate
  bool compression = true;
  bool http2 = true;  ///< use HTTP/2 if the server supports it
  /// Timeout of the TLS handshake, without connecting; client-go's default (transport/cache.go, 1.36).
  std::chrono::milliseconds handshake_timeout{10'000};
  /// How to detect a connection whose peer is gone.
  KeepAlive keep_alive{};
  /// Timeout for a request without any traffic; does not apply to streams. An API server ends requests after
  /// 60 s by default (--request-timeout, kube-apiserver 1.36). ★ client-go waits forever as long as the
  /// connection is alive.
  std::chrono::seconds idle_timeout{300};
  /// Timeout for each step of a request: name lookup, connecting, TLS handshake, and each part of the
  /// response. Replaces the request's timeout; zero disables it.
  std::chrono::milliseconds progress_timeout{0};
};

/// The host to verify the server's certificate for: a name, or an IP address without brackets.
std::string verified_host(const Endpoint& endpoint);

class Wave;

/// Sends requests with libcurl: each wave multiplexed on one HTTP/2 connection, the waves of several tasks
/// (base/tasks.hpp) concurrently. The first interruption (base/interruption.hpp) ends streams, the second one
/// waves.
class CurlTransport : public Transport {
 public:
  /// Does not connect yet. Throws Error if libcurl cannot be initialized.
  explicit CurlTransport(Endpoint endpoint);
  ~CurlTransport() override;

  std::vector<Response> send(std::span<const Request> wave) override;
  Response stream(const Request& request, const std::function<bool(std::string_view)>& consume) override;
  Traffic traffic() const override { return traffic_; }

  /// Replaces the client's certificate and key for all requests that start later.
  void set_client_certificate(std::string client_certificate, std::string client_key);

 private:
  class Multi;
  class StreamSlot;
  std::vector<Response> run(Wave& wave, int max_interruptions);
  void poll(std::chrono::milliseconds timeout);
  void start_pending();
  void cancel(Wave& wave);

  Endpoint endpoint_;
  PeerCheck peer_;  ///< must outlive the connections
  std::unique_ptr<Multi> multi_;
  std::vector<Wave*> waves_;   ///< unfinished waves
  std::size_t in_flight_ = 0;  ///< without streams
  std::size_t stream_count_ = 0;
  ConcurrencyLimiter limiter_;
  Traffic traffic_;
};

/// The PEM file of root certificates that the local libcurl trusts; empty if unknown.
std::string system_roots_file();

}  // namespace egress::http
