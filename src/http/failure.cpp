#include "egress/http/failure.hpp"

#include <cerrno>

#include "egress/http/libcurl.hpp"
#include "egress/http/tls_alert.hpp"
#include "egress/http/url.hpp"

namespace egress::http {
namespace {

long info(CURL* easy, CURLINFO which) {
  long value = 0;
  libcurl().easy_getinfo(easy, which, &value);
  return value;
}

/// As much of it as messages may show: its path may hold what belongs before the host.
std::string printable_url(const Url& proxy) {
  return proxy.scheme + "://" + proxy.authority;
}

/// True as long as the proxy has not connected to the server.
bool is_before_tunnel(CURL* easy, const Url& proxy, ConnectionProgress progress) {
  curl_off_t pretransfer_time = 0;
  libcurl().easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer_time);
  const bool is_tls_proxy = proxy.scheme == "https";
  return progress.has_dialed && pretransfer_time == 0 && info(easy, CURLINFO_HTTP_CONNECTCODE) == 0 &&
         (!progress.is_handshaking || is_tls_proxy);
}

/// What a proxy did that ended before it had connected to the server.
std::string fault_before_tunnel(CURLcode code, const Url& proxy, const PeerCheck& peer,
                                const std::string& words) {
  const std::string prefix = "did not connect to the server: ";
  const std::string tls_alert = parse_tls_alert(words);
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
      return prefix + words;
    case CURLE_SSL_CONNECT_ERROR:
      return prefix + "tls: " + words;
    case CURLE_PEER_FAILED_VERIFICATION: {
      const std::string peer_error = peer.verification_error(strip_brackets(proxy.host));
      return prefix + "tls: failed to verify certificate: " + (peer_error.empty() ? words : peer_error);
    }
    default:
      return {};
  }
}

/// What the proxy did, or nothing where it is not the proxy's fault.
std::string proxy_problem(CURLcode code, CURL* easy, const Url& proxy, const PeerCheck& peer,
                          ConnectionProgress progress, const std::string& words) {
  const long status = info(easy, CURLINFO_HTTP_CONNECTCODE);
  if (status >= 300) {
    const char* why = status == 407 ? ": a user name and password are required" : "";
    return "refused to connect to the server (HTTP status " + std::to_string(status) + why + ")";
  }
  const bool timed_out = info(easy, CURLINFO_OS_ERRNO) == ETIMEDOUT;
  if (code == CURLE_COULDNT_CONNECT)
    return timed_out ? "does not answer" : "cannot be reached: connection refused";
  if (code == CURLE_COULDNT_RESOLVE_PROXY) return "cannot be reached: no such host";
  if (code == CURLE_PROXY) return "did not connect to the server: " + words;
  return is_before_tunnel(easy, proxy, progress) ? fault_before_tunnel(code, proxy, peer, words) : "";
}

bool is_no_tls(const std::string& words) {
  return words.find("wrong version number") != std::string::npos ||
         words.find("packet length too long") != std::string::npos ||
         words.find("record layer failure") != std::string::npos;
}

bool is_old_tls(const std::string& words) {
  return words.find("unsupported protocol") != std::string::npos ||
         words.find("protocol version") != std::string::npos;
}

/// How far it came within its time, in the words of Go's net and net/http.
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

/// Go's words for a connection that ended.
std::string connection_error(CURLcode code, const std::string& words) {
  if (code == CURLE_GOT_NOTHING) return "EOF";
  if (code == CURLE_PARTIAL_FILE) return "unexpected EOF";
  // What the kernel says of an end that is gone in silence (keep_alive.hpp), in client-go's words for it.
  if (words.find("Connection timed out") != std::string::npos) return "http2: client connection lost";
  return words.find("reset by peer") != std::string::npos ? "connection reset by peer" : words;
}

/// Nobody asked for that limit: the connection is dead, though no one has said so.
bool is_idle_timeout(const std::string& words) {
  return words.starts_with("Operation too slow");
}

Failure failure_of(CURLcode code, CURL* easy, const std::string& words) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return info(easy, CURLINFO_OS_ERRNO) == ETIMEDOUT ? Failure::timed_out : Failure::connection_refused;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Failure::name_not_resolved;
    case CURLE_OPERATION_TIMEDOUT:
      return is_idle_timeout(words) ? Failure::connection_lost : Failure::timed_out;
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
                             ConnectionProgress progress, const std::string& words) {
  const auto result = static_cast<CURLcode>(code);
  if (const auto proxy = Url::parse(endpoint.proxy)) {
    const std::string fault = proxy_problem(result, easy, *proxy, peer, progress, words);
    if (!fault.empty()) return {Failure::proxy, "the proxy " + printable_url(*proxy) + " " + fault};
  }
  const std::string tls_alert = is_old_tls(words) ? "" : parse_tls_alert(words);
  if (!tls_alert.empty()) return {Failure::tls_alert, tls_alert};
  FailureInfo fault{failure_of(result, easy, words), words};
  if (fault.failure == Failure::untrusted_certificate) {
    const std::string peer_error = peer.verification_error(verified_host(endpoint));
    if (!peer_error.empty()) fault.text = peer_error;
  }
  if (result == CURLE_TOO_MANY_REDIRECTS) fault.text = "stopped after 10 redirects";
  if (fault.failure == Failure::connection_lost)
    fault.text = is_idle_timeout(words) ? "the connection is open, but the server has sent nothing for " +
                                              std::to_string(endpoint.idle_timeout.count()) + " seconds"
                                        : connection_error(result, words);
  if (fault.failure == Failure::timed_out) fault.text = timeout_message(easy, endpoint);
  if (fault.failure == Failure::not_tls && is_no_tls(words))
    fault.text = "first record does not look like a TLS handshake";
  if (fault.failure == Failure::not_tls && is_old_tls(words)) fault.text = tls_too_old;
  return fault;
}

}  // namespace egress::http
