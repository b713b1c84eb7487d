#include "egress/http/failure.hpp"

#include <cerrno>
#include <optional>

#include "egress/http/libcurl.hpp"
#include "egress/http/url.hpp"

namespace egress::http {
namespace {

long info(CURL* easy, CURLINFO which) {
  long value = 0;
  libcurl().easy_getinfo(easy, which, &value);
  return value;
}

/// Of a URL, without the brackets of an IPv6 address.
std::string host_of(const std::optional<Url>& url) {
  const std::string host = url ? url->host : "";
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

/// The host that the certificate must be for.
std::string verified_host(const Endpoint& endpoint) {
  return endpoint.server_name.empty() ? host_of(Url::parse(endpoint.url)) : endpoint.server_name;
}

/// What the proxy did, or nothing where it is not the proxy's fault.
std::string proxy_fault(CURLcode code, CURL* easy, const std::optional<Url>& proxy, const PeerCheck& peer,
                        const std::string& words) {
  const long status = info(easy, CURLINFO_HTTP_CONNECTCODE);
  if (status >= 300) {
    const char* why = status == 407 ? ": it asks for a user and a password" : "";
    return "refused to connect to the server (HTTP status " + std::to_string(status) + why + ")";
  }
  const bool timed_out = info(easy, CURLINFO_OS_ERRNO) == ETIMEDOUT;
  if (code == CURLE_COULDNT_CONNECT)
    return timed_out ? "does not answer" : "cannot be reached: connection refused";
  if (code == CURLE_COULDNT_RESOLVE_PROXY) return "cannot be reached: no such host";
  if (code == CURLE_PROXY) return "did not connect to the server: " + words;
  // Before it has said that it is connected, TLS is between it and this program.
  const bool own_tls = proxy && proxy->scheme == "https" && status == 0;
  if (own_tls && code == CURLE_SSL_CONNECT_ERROR) return "did not connect to the server: tls: " + words;
  if (!own_tls || code != CURLE_PEER_FAILED_VERIFICATION) return {};
  const std::string complaint = peer.complaint(host_of(proxy));
  return "did not connect to the server: tls: failed to verify certificate: " +
         (complaint.empty() ? words : complaint);
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
std::string timed_out_at(CURL* easy, const Endpoint& endpoint) {
  const auto reached = [easy](CURLINFO when) {
    curl_off_t microseconds = 0;
    libcurl().easy_getinfo(easy, when, &microseconds);
    return microseconds > 0;
  };
  if (reached(CURLINFO_STARTTRANSFER_TIME_T))
    return "context deadline exceeded (Client.Timeout or context cancellation while reading body)";
  if (reached(CURLINFO_PRETRANSFER_TIME_T))
    return "net/http: request canceled (Client.Timeout exceeded while awaiting headers)";
  const auto url = Url::parse(endpoint.url);
  return "dial tcp " + (url ? url->authority : "") + ": i/o timeout";
}

/// Go's words for a connection that ended.
std::string ended(CURLcode code, const std::string& words) {
  if (code == CURLE_GOT_NOTHING) return "EOF";
  if (code == CURLE_PARTIAL_FILE) return "unexpected EOF";
  // What the kernel says of an end that is gone in silence (liveness.hpp), in client-go's words for it.
  if (words.find("Connection timed out") != std::string::npos) return "http2: client connection lost";
  return words.find("reset by peer") != std::string::npos ? "connection reset by peer" : words;
}

/// Nobody asked for that limit: the connection is dead, though no one has said so.
bool is_silent(const std::string& words) {
  return words.starts_with("Operation too slow");
}

Failure failure_of(CURLcode code, CURL* easy, const std::string& words) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return info(easy, CURLINFO_OS_ERRNO) == ETIMEDOUT ? Failure::timed_out : Failure::refused;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Failure::unresolved;
    case CURLE_OPERATION_TIMEDOUT:
      return is_silent(words) ? Failure::lost : Failure::timed_out;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Failure::untrusted;
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
      return Failure::lost;
    default:
      return Failure::other;
  }
}

}  // namespace

Fault fault_of(int code, void* easy, const Endpoint& endpoint, const PeerCheck& peer,
               const std::string& words) {
  const auto result = static_cast<CURLcode>(code);
  if (!endpoint.proxy.empty()) {
    const auto url = Url::parse(endpoint.proxy);
    const std::string fault = proxy_fault(result, easy, url, peer, words);
    if (!fault.empty()) return {Failure::proxy, "the proxy " + (url ? url->text() : "") + " " + fault};
  }
  Fault fault{failure_of(result, easy, words), words};
  if (fault.failure == Failure::untrusted) {
    const std::string complaint = peer.complaint(verified_host(endpoint));
    if (!complaint.empty()) fault.text = complaint;
  }
  if (result == CURLE_TOO_MANY_REDIRECTS) fault.text = "stopped after 10 redirects";
  if (fault.failure == Failure::lost)
    fault.text = is_silent(words) ? "the connection is open, but nothing has come for more than a minute"
                                  : ended(result, words);
  if (fault.failure == Failure::timed_out) fault.text = timed_out_at(easy, endpoint);
  if (fault.failure == Failure::not_tls && is_no_tls(words))
    fault.text = "first record does not look like a TLS handshake";
  if (fault.failure == Failure::not_tls && is_old_tls(words)) fault.text = tls_too_old;
  return fault;
}

}  // namespace egress::http
