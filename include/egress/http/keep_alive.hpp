#pragma once

#include <chrono>

namespace egress::http {

/// How a connection whose other end is gone in silence is noticed: one on which nothing comes for `idle` is
/// asked for a sign of life, and given up where none comes for `ping_timeout`. client-go asks with pings of
/// HTTP/2 (apimachinery's pkg/util/net/http.go, 1.36). libcurl tells of no answers to those, and
/// curl_easy_upkeep() of 7.88 does not even send any on the connections of a multi handle; so here the kernel
/// asks, with TCP's keepalive, whichever HTTP is spoken. It notices a machine or a way that is gone, as far
/// as the next end of TCP. Where that is a proxy's, watches ask for shorter streams (kube/watch.cpp); a load
/// balancer that ends TCP on the way is not known as such. Where it is the server's kernel, and only its
/// process hangs, requests are given up after a longer silence (Endpoint::idle_timeout), and streams are
/// taken up again when their time is over.
struct KeepAlive {
  std::chrono::seconds idle{30};  ///< zero: nobody asks
  std::chrono::seconds ping_timeout{15};

  /// As HTTP2_READ_IDLE_TIMEOUT_SECONDS and HTTP2_PING_TIMEOUT_SECONDS say; what is no number there does not
  /// count.
  static KeepAlive from_environment();
};

/// Has the kernel keep watch over a TCP socket: it fails with ETIMEDOUT where its other end is gone, also
/// where what was sent is not acknowledged for as long.
void set_keep_alive(int socket, const KeepAlive& keep_alive);

}  // namespace egress::http
