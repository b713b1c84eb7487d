#include <cstdlib>
#include <new>

#include "egress/http/exchange.hpp"
#include "egress/http/keep_alive.hpp"
#include "egress/http/libcurl.hpp"
#include "egress/http/url.hpp"

namespace egress::http {
namespace {

/// client-go's default (transport/cache.go, 1.36).
constexpr long connect_timeout_seconds = 30;
constexpr long max_redirects = 10;
/// libcurl's maximum. If the last frame of a response overflows the buffer while another response is read,
/// libcurl before 8.1 does not resume nghttp2 and never notices the end of the response (on_data_chunk_recv
/// in lib/http2.c, 7.88.1). Only the used part takes memory.
constexpr long buffer_size = 512L << 10U;

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  if (libcurl().easy_setopt(easy, option, value) != CURLE_OK) throw std::bad_alloc();
}

void set_pem(CURL* easy, CURLoption option, const std::string& pem) {
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
  set(easy, option, &blob);
}

void append_line(void*& list, const std::string& line) {
  auto* extended = libcurl().slist_append(static_cast<curl_slist*>(list), line.c_str());
  if (extended == nullptr) throw std::bad_alloc();
  list = extended;
}

/// A header line for libcurl, which drops a header without value unless it ends with a semicolon.
std::string curl_header_line(const std::string& line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || line.find_first_not_of(" \t", colon + 1) != std::string::npos)
    return line;
  return line.substr(0, colon) + ';';
}

/// The "host:port" of a URL, with any brackets.
std::string authority(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  return url.substr(start, url.find('/', start) - start);
}

/// The position of the port's colon in an authority; the end if there is no port.
std::size_t port_position(const std::string& authority) {
  const std::size_t colon = authority.rfind(':');
  const bool is_inside_brackets =
      colon != std::string::npos && authority.find(']', colon) != std::string::npos;
  return colon == std::string::npos || is_inside_brackets ? authority.size() : colon;
}

/// A name or an address as the host of a URL.
std::string url_host(const std::string& name) {
  return name.find(':') == std::string::npos ? name : "[" + strip_brackets(name) + "]";
}

/// The proxy's URL without credentials, always with a port: libcurl's default port differs from Go's.
std::string proxy_address(const Url& proxy) {
  const bool is_socks = proxy.scheme.starts_with("socks");
  const char* port = is_socks ? ":1080" : proxy.scheme == "https" ? ":443" : ":80";
  // The proxy resolves the server's name: Go's socks5 is curl's socks5h.
  return (is_socks ? "socks5h" : proxy.scheme) + "://" + proxy.authority + (proxy.port.empty() ? port : "");
}

/// Uses the system roots that the environment selects, as Go does.
void set_system_roots(CURL* easy) {
  struct EnvironmentOption {
    const char* variable;
    CURLoption option;
    CURLoption proxy_option;
  };
  for (const auto& [variable, option, proxy_option] :
       {EnvironmentOption{"SSL_CERT_FILE", CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO},
        EnvironmentOption{"SSL_CERT_DIR", CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH}}) {
    const char* path = std::getenv(variable);
    if (path == nullptr || *path == '\0') continue;
    set(easy, option, path);
    set(easy, proxy_option, path);
  }
}

}  // namespace

void Exchange::set_request(const Request& request) {
  CURL* easy = easy_;
  set(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_ERRORBUFFER, error_);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  // Redirects to the same server only: see may_follow(). Writes are never repeated.
  if (request.method == "GET") {
    set(easy, CURLOPT_FOLLOWLOCATION, 1L);
    set(easy, CURLOPT_MAXREDIRS, max_redirects);
  }
  if (!request.body.empty()) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  set(easy, CURLOPT_CONNECTTIMEOUT, connect_timeout_seconds);
  set(easy, CURLOPT_BUFFERSIZE, buffer_size);
  if (!consume_) {
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(endpoint_.idle_timeout.count()));
  }
  const auto on_socket = [](void* self, curl_socket_t socket, curlsocktype) {
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.progress_.has_dialed = true;
    set_keep_alive(socket, exchange.endpoint_.keep_alive);
    return CURL_SOCKOPT_OK;
  };
  set(easy, CURLOPT_SOCKOPTFUNCTION, static_cast<curl_sockopt_callback>(on_socket));
  set(easy, CURLOPT_SOCKOPTDATA, this);
  set(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  for (const std::string& line : request.headers) append_line(header_list_, curl_header_line(line));
  append_line(header_list_, "Expect:");
}

void Exchange::set_server(const Endpoint& endpoint, const Request& request) {
  CURL* easy = easy_;
  std::string url = endpoint.url;
  if (!endpoint.server_name.empty()) {
    // The server name goes into the URL, for SNI and verification; the connection and the Host header use the
    // real server.
    const std::string server_authority = authority(url);
    const std::string host = server_authority.substr(0, port_position(server_authority));
    const std::string port = port_position(server_authority) < server_authority.size()
                                 ? server_authority.substr(port_position(server_authority))
                                 : ":443";
    const std::string name = url_host(endpoint.server_name);
    url.replace(url.find("://") + 3, server_authority.size(), name + port);
    append_line(connect_to_, name + port + ":" + host + port);
    append_line(header_list_, "Host: " + server_authority);
    set(easy, CURLOPT_CONNECT_TO, static_cast<curl_slist*>(connect_to_));
  }
  set(easy, CURLOPT_URL, (url + request.target).c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION,
      static_cast<long>(endpoint.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_PIPEWAIT, 1L);
  set(easy, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(header_list_));
  if (endpoint.compression) set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
}

void Exchange::set_proxy(const Endpoint& endpoint) {
  CURL* easy = easy_;
  // An empty text disables libcurl's own proxy variables, whose rules differ from Go's.
  const auto proxy = Url::parse(endpoint.proxy);
  set(easy, CURLOPT_PROXY, proxy ? proxy_address(*proxy).c_str() : "");
  set(easy, CURLOPT_NOPROXY, "");
  // The proxy must not get the server's headers.
  set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  if (!proxy || proxy->user.empty()) return;
  set(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
  set(easy, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
  set(easy, CURLOPT_PROXYUSERNAME, proxy->user.c_str());
  set(easy, CURLOPT_PROXYPASSWORD, proxy->password.c_str());
}

void Exchange::set_tls(const Endpoint& endpoint) {
  CURL* easy = easy_;
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (endpoint.insecure) {
    for (const CURLoption verify : {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST,
                                    CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST})
      set(easy, verify, 0L);
  } else {
    set_roots(endpoint);
    // libcurl requires two dots after a wildcard, Go one.
    if (peer_.verifies_host()) set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  // A resumed session would skip the certificate.
  set(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  const auto on_ssl_ctx = [](CURL*, void* ssl_ctx, void* self) {
    static_cast<Exchange*>(self)->begin_handshake(ssl_ctx);
    return CURLE_OK;
  };
  set(easy, CURLOPT_SSL_CTX_FUNCTION, static_cast<curl_ssl_ctx_callback>(on_ssl_ctx));
  set(easy, CURLOPT_SSL_CTX_DATA, this);
  if (endpoint.progress_timeout.count() > 0) set_progress_timeout();
  if (!endpoint.client_certificate.empty()) {
    set(easy, CURLOPT_SSLCERTTYPE, "PEM");
    set_pem(easy, CURLOPT_SSLCERT_BLOB, endpoint.client_certificate);
    set(easy, CURLOPT_SSLKEYTYPE, "PEM");
    set_pem(easy, CURLOPT_SSLKEY_BLOB, endpoint.client_key);
  }
}

/// libcurl has one timeout for connecting and TLS; from here on it limits the handshake.
void Exchange::begin_handshake(void* ssl_ctx) {
  using std::chrono::milliseconds;
  if (!endpoint_.insecure) peer_.attach(ssl_ctx);
  progress_.is_handshaking = true;
  renew_progress_timeout();
  const auto deadline = std::chrono::steady_clock::now() - started_ + endpoint_.handshake_timeout;
  libcurl().easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                        static_cast<long>(std::chrono::ceil<milliseconds>(deadline).count()));
}

void Exchange::set_progress_timeout() {
  CURL* easy = easy_;
  const auto on_connected = [](void* self, char*, char*, int, int) {
    static_cast<Exchange*>(self)->renew_progress_timeout();
    return CURL_PREREQFUNC_OK;
  };
  set(easy, CURLOPT_PREREQFUNCTION, static_cast<curl_prereq_callback>(on_connected));
  set(easy, CURLOPT_PREREQDATA, this);
#if LIBCURL_VERSION_NUM >= 0x075700
  // Do not wait at exit for the thread that resolves the server's name.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  renew_progress_timeout();
}

void Exchange::renew_progress_timeout() {
  using std::chrono::milliseconds;
  if (endpoint_.progress_timeout.count() == 0) return;
  const auto deadline = std::chrono::steady_clock::now() - started_ + endpoint_.progress_timeout;
  libcurl().easy_setopt(easy_, CURLOPT_TIMEOUT_MS,
                        static_cast<long>(std::chrono::ceil<milliseconds>(deadline).count()));
}

void Exchange::set_roots(const Endpoint& endpoint) {
  CURL* easy = easy_;
  if (endpoint.certificate_authority.empty()) return set_system_roots(easy);
  // Debian's libcurl would also trust /etc/ssl/certs. An HTTPS proxy is verified with the same roots, as in
  // Go.
  for (const CURLoption blob : {CURLOPT_CAINFO_BLOB, CURLOPT_PROXY_CAINFO_BLOB})
    set_pem(easy, blob, endpoint.certificate_authority);
  for (const CURLoption folder : {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH})
    set(easy, folder, static_cast<char*>(nullptr));
}

}  // namespace egress::http
