#include "egress/http/failure.hpp"

#include <cerrno>

#include "egress/http/libcurl.hpp"
#include "egress/http/tls_alert.hpp"
#include "egress/http/url.hpp"

namespace egress::http {
namespace {

long get_info(CURL* easy, CURLINFO info) {
  long value = 0;
  libcurl().easy_getinfo(easy, info, &value);
  return value;
}

/// The proxy's URL for messages, without its path: after a missing slash that may be credentials.
std::string printable_url(const Url& proxy) {
  return proxy.scheme + "://" + proxy.authority;
}

/// True until the proxy has connected to the server.
bool is_before_tunnel(CURL* easy, const Url& proxy, ConnectionProgress progress) {
  curl_off_t pretransfer_time = 0;
  libcurl().easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer_time);
  const bool is_tls_proxy = proxy.scheme == "https";
  return progress.has_dialed && pretransfer_time == 0 && get_info(easy, CURLINFO_HTTP_CONNECTCODE) == 0 &&
         (!progress.is_handshaking || is_tls_proxy);
}

/// The proxy's failure before it connected to the server; empty if it is another one.
std::string tunnel_problem(CURLcode code, const Url& proxy, const PeerCheck& peer,
                           const std::string& message) {
  const std::string prefix = "did not connect to the server: ";
  const std::string tls_alert = parse_tls_alert(message);
  if (!tls_alert.empty()) return prefix + tls_alert;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return "does not answer";
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return prefix + "it closed the connection";
    case CURLE_WEIRD_SERVER_REPLY:
      return prefix + message;
    case CURLE_SSL_CONNECT_ERROR:
      return prefix + "tls: " + message;
    case CURLE_PEER_FAILED_VERIFICATION: {
      const std::string peer_error = peer.verification_error(strip_brackets(proxy.host));
      return prefix + "tls: failed to verify certificate: " + (peer_error.empty() ? message : peer_error);
    }
    default:
      return {};
  }
}

/// The proxy's failure; empty if the proxy is not at fault.
std::string proxy_problem(CURLcode code, CURL* easy, const Url& proxy, const PeerCheck& peer,
                          ConnectionProgress progress, const std::string& message) {
  const long status = get_info(easy, CURLINFO_HTTP_CONNECTCODE);
  if (status >= 300) {
    const char* why = status == 407 ? ": a user name and password are required" : "";
    return "refused to connect to the server (HTTP status " + std::to_string(status) + why + ")";
  }
  const bool timed_out = get_info(easy, CURLINFO_OS_ERRNO) == ETIMEDOUT;
  if (code == CURLE_COULDNT_CONNECT)
    return timed_out ? "does not answer" : "cannot be reached: connection refused";
  if (code == CURLE_COULDNT_RESOLVE_PROXY) return "cannot be reached: no such host";
  if (code == CURLE_PROXY) return "did not connect to the server: " + message;
  return is_before_tunnel(easy, proxy, progress) ? tunnel_problem(code, proxy, peer, message) : "";
}

bool is_not_tls(const std::string& message) {
  return message.find("wrong version number") != std::string::npos ||
         message.find("packet length too long") != std::string::npos ||
         message.find("record layer failure") != std::string::npos;
}

bool is_old_tls(const std::string& message) {
  return message.find("unsupported protocol") != std::string::npos ||
         message.find("protocol version") != std::string::npos;
}

/// A timeout, worded like Go's net and net/http by how far the request came.
std::string timeout_message(CURL* easy, const Endpoint& endpoint) {
  const auto has_passed = [easy](CURLINFO when) {
    curl_off_t microseconds = 0;
    libcurl().easy_getinfo(easy, when, &microseconds);
    return microseconds > 0;
  };
  if (has_passed(CURLINFO_STARTTRANSFER_TIME_T))
    return "context deadline exceeded (Client.Timeout or context cancellation while reading body)";
  if (has_passed(CURLINFO_PRETRANSFER_TIME_T))
    return "net/http: request canceled (Client.Timeout exceeded while awaiting headers)";
  const auto url = Url::parse(endpoint.url);
  return "dial tcp " + (url ? url->authority : "") + ": i/o timeout";
}

/// A broken connection, worded like Go.
std::string connection_error(CURLcode code, const std::string& message) {
  if (code == CURLE_GOT_NOTHING) return "EOF";
  if (code == CURLE_PARTIAL_FILE) return "unexpected EOF";
  // The kernel's error for a peer that is gone (keep_alive.hpp); client-go's message.
  if (message.find("Connection timed out") != std::string::npos) return "http2: client connection lost";
  return message.find("reset by peer") != std::string::npos ? "connection reset by peer" : message;
}

/// True for Endpoint::idle_timeout, which is not the request's timeout: the connection is dead.
bool is_idle_timeout(const std::string& message) {
  return message.starts_with("Operation too slow");
}

Failure failure_kind(CURLcode code, CURL* easy, const std::string& message) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return get_info(easy, CURLINFO_OS_ERRNO) == ETIMEDOUT ? Failure::timed_out
                                                            : Failure::connection_refused;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Failure::name_not_resolved;
    case CURLE_OPERATION_TIMEDOUT:
      return is_idle_timeout(message) ? Failure::connection_lost : Failure::timed_out;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Failure::untrusted_certificate;
    case CURLE_SSL_CERTPROBLEM:
      return Failure::client_certificate;
    case CURLE_SSL_CONNECT_ERROR:
      return Failure::not_tls;
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return Failure::connection_lost;
    default:
      return Failure::other;
  }
}

}  // namespace

FailureInfo classify_failure(int code, void* easy, const Endpoint& endpoint, const PeerCheck& peer,
                             ConnectionProgress progress, const std::string& message) {
  const auto curl_code = static_cast<CURLcode>(code);
  if (const auto proxy = Url::parse(endpoint.proxy)) {
    const std::string problem = proxy_problem(curl_code, easy, *proxy, peer, progress, message);
    if (!problem.empty()) return {Failure::proxy, "the proxy " + printable_url(*proxy) + " " + problem};
  }
  const std::string tls_alert = is_old_tls(message) ? "" : parse_tls_alert(message);
  if (!tls_alert.empty()) return {Failure::tls_alert, tls_alert};
  FailureInfo result{failure_kind(curl_code, easy, message), message};
  if (result.failure == Failure::untrusted_certificate) {
    const std::string peer_error = peer.verification_error(verified_host(endpoint));
    if (!peer_error.empty()) result.text = peer_error;
  }
  if (curl_code == CURLE_TOO_MANY_REDIRECTS) result.text = "stopped after 10 redirects";
  if (result.failure == Failure::connection_lost)
    result.text = is_idle_timeout(message) ? "the connection is open, but the server has sent nothing for " +
                                                 std::to_string(endpoint.idle_timeout.count()) + " seconds"
                                           : connection_error(curl_code, message);
  if (result.failure == Failure::timed_out) result.text = timeout_message(easy, endpoint);
  if (result.failure == Failure::not_tls && is_not_tls(message))
    result.text = "first record does not look like a TLS handshake";
  if (result.failure == Failure::not_tls && is_old_tls(message)) result.text = tls_too_old;
  return result;
}

}  // namespace egress::http
