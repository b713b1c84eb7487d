#pragma once

#include <chrono>

namespace egress::http {

/// How to detect a connection whose peer is gone without closing it: TCP keepalive probes a connection
/// without traffic for `idle`, and the connection fails without an answer for `ping_timeout`. client-go uses
/// HTTP/2 pings instead (apimachinery's pkg/util/net/http.go, 1.36), but libcurl does not report their
/// answers, and curl_easy_upkeep() of 7.88 sends none on connections of a multi handle. TCP keepalive works
/// with every HTTP version. It detects a lost machine or network path up to the next TCP endpoint only. If
/// that is a proxy, watches request shorter streams (kube/watch.cpp); a load balancer that terminates TCP
/// cannot be detected. If only the server's process hangs, its kernel still answers: requests then fail after
/// Endpoint::idle_timeout, and streams are restarted when their time is over.
struct KeepAlive {
  std::chrono::seconds idle{30};  ///< zero disables keepalive
  std::chrono::seconds ping_timeout{15};

  /// Reads HTTP2_READ_IDLE_TIMEOUT_SECONDS and HTTP2_PING_TIMEOUT_SECONDS, as client-go does; ignores values
  /// that are not numbers.
  static KeepAlive from_environment();
};

/// Enables keepalive on a TCP socket: it fails with ETIMEDOUT if the peer is gone, also if sent data is not
/// acknowledged for that long.
void set_keep_alive(int socket, const KeepAlive& keep_alive);

}  // namespace egress::http
