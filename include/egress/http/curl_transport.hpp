#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "egress/base/peer_check.hpp"
#include "egress/http/concurrency_limiter.hpp"
#include "egress/http/keep_alive.hpp"
#include "egress/http/transport.hpp"

namespace egress::http {

/// Endpoint::idle_timeout where a proxy stands before the server: whether that is still there, its silence
/// alone says (keep_alive.hpp).
inline constexpr std::chrono::seconds idle_timeout_behind_proxy{75};

/// A server and how to prove who is who. Certificates and keys are PEM texts and stay in memory.
struct Endpoint {
  std::string url;                    ///< scheme, host, port and path prefix; no slash at the end
  std::string certificate_authority;  ///< the only roots trusted; empty is the system's own
  std::string client_certificate;
  std::string client_key;
  std::string server_name{};  ///< for SNI and verification, where it is not the URL's host
  std::string proxy{};        ///< its URL, with user and password where it wants them; empty is none
  bool insecure = false;      ///< the server's certificate is not verified
  bool compression = true;
  bool http2 = true;  ///< where the server speaks it, too
  /// For the handshake of TLS, once there is a connection: client-go's (transport/cache.go, 1.36).
  std::chrono::milliseconds handshake_timeout{10'000};
  /// Whether the other end of a connection is still there.
  KeepAlive keep_alive{};
  /// How long nothing may come or go of a request that is under way, streams apart. A server gives requests
  /// up after 60 s unless its --request-timeout says otherwise (kube-apiserver, 1.36). ★ client-go waits for
  /// ever as long as the other end of the connection is there.
  std::chrono::seconds idle_timeout{300};
  /// How long the server may give no sign of life: its address is not found, it does not take the connection,
  /// does not go on with TLS or its answer. Counts instead of a request's timeout; zero is no such limit.
  std::chrono::milliseconds progress_timeout{0};
};

/// The host that the server's certificate must be for: a name, or an IP address without brackets.
std::string verified_host(const Endpoint& endpoint);

class Wave;

/// libcurl over HTTP/2: a whole wave multiplexed on one connection, and the waves of several lanes
/// (base/tasks.hpp) beside each other. An interruption (base/interruption.hpp) ends a stream, and a second
/// one a wave.
class CurlTransport : public Transport {
 public:
  /// Connects to nothing yet. Throws Error where libcurl cannot be set up.
  explicit CurlTransport(Endpoint endpoint);
  ~CurlTransport() override;

  std::vector<Response> send(std::span<const Request> wave) override;
  Response stream(const Request& request, const std::function<bool(std::string_view)>& consume) override;
  Traffic traffic() const override { return traffic_; }

  /// From the next request on, this is the client's certificate and key.
  void set_client_certificate(std::string client_certificate, std::string client_key);

 private:
  class Multi;
  class StreamSlot;
  std::vector<Response> run(Wave& wave, int max_interruptions);
  void poll(std::chrono::milliseconds timeout);
  void start_pending();
  void cancel(Wave& wave);

  Endpoint endpoint_;
  PeerCheck peer_;  ///< outlives the connections
  std::unique_ptr<Multi> multi_;
  std::vector<Wave*> waves_;   ///< that are not finished
  std::size_t in_flight_ = 0;  ///< but for streams, which last
  std::size_t stream_count_ = 0;
  ConcurrencyLimiter limiter_;
  Traffic traffic_;
};

/// The PEM file of root certificates that this machine's libcurl trusts; empty where none is known.
std::string system_roots_file();

}  // namespace egress::http
