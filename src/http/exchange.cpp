#include "egress/http/exchange.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "egress/http/url.hpp"

namespace egress::http {
namespace {

constexpr std::size_t max_body = 512U << 20U;
constexpr long connect_timeout_seconds = 30;
/// A connection that a firewall has dropped in silence is noticed.
constexpr long keepalive_seconds = 30;

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::bad_alloc();
}

void set_pem(CURL* easy, CURLoption option, const std::string& pem) {
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
  set(easy, option, &blob);
}

void append_line(void*& list, const std::string& line) {
  auto* longer = curl_slist_append(static_cast<curl_slist*>(list), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list = longer;
}

/// "host:port" of a URL, brackets and all.
std::string authority(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  return url.substr(start, url.find('/', start) - start);
}

/// Where the port begins in an authority: its colon, or the end where it names none.
std::size_t port_at(const std::string& authority) {
  const std::size_t colon = authority.rfind(':');
  const bool inside_brackets = colon != std::string::npos && authority.find(']', colon) != std::string::npos;
  return colon == std::string::npos || inside_brackets ? authority.size() : colon;
}

bool is_loopback(const std::string& url) {
  const auto parsed = Url::parse(url);
  if (!parsed) return false;
  return parsed->host == "localhost" || parsed->host == "[::1]" || parsed->host.starts_with("127.");
}

Failure failure_of(CURLcode code, CURL* easy) {
  long os_error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error);
  switch (code) {
    case CURLE_OK:
      return Failure::none;
    case CURLE_COULDNT_CONNECT:
      return os_error == ETIMEDOUT ? Failure::timed_out : Failure::refused;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Failure::unresolved;
    case CURLE_OPERATION_TIMEDOUT:
      return Failure::timed_out;
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

Exchange::Exchange(const Endpoint& endpoint, const Request& request, Consume consume)
    : easy_(curl_easy_init()), consume_(std::move(consume)) {
  if (easy_ == nullptr) throw std::bad_alloc();
  set_request(request);
  set_server(endpoint, request);
  set_tls(endpoint);
}

Exchange::~Exchange() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(static_cast<curl_slist*>(header_list_));
  curl_slist_free_all(static_cast<curl_slist*>(connect_to_));
}

void Exchange::set_request(const Request& request) {
  CURL* easy = easy_;
  set(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_ERRORBUFFER, error_);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.body.empty()) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  set(easy, CURLOPT_CONNECTTIMEOUT, connect_timeout_seconds);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_TCP_KEEPIDLE, keepalive_seconds);
  set(easy, CURLOPT_TCP_KEEPINTVL, keepalive_seconds);
  set(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  for (const std::string& line : request.headers) append_line(header_list_, line);
  append_line(header_list_, "Expect:");
}

void Exchange::set_server(const Endpoint& endpoint, const Request& request) {
  CURL* easy = easy_;
  std::string url = endpoint.url;
  if (!endpoint.server_name.empty()) {
    // The name is put into the URL, where SNI and verification take it from; the connection and the Host
    // header keep the real server.
    const std::string real = authority(url);
    const std::string host = real.substr(0, port_at(real));
    const std::string port = port_at(real) < real.size() ? real.substr(port_at(real)) : ":443";
    url.replace(url.find("://") + 3, real.size(), endpoint.server_name + port);
    append_line(connect_to_, endpoint.server_name + port + ":" + host + port);
    append_line(header_list_, "Host: " + real);
    set(easy, CURLOPT_CONNECT_TO, static_cast<curl_slist*>(connect_to_));
  }
  set(easy, CURLOPT_URL, (url + request.target).c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  // Go never asks a proxy for this very machine; libcurl would.
  if (is_loopback(endpoint.url)) set(easy, CURLOPT_NOPROXY, "*");
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_PIPEWAIT, 1L);
  set(easy, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(header_list_));
  if (endpoint.compression) set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
}

void Exchange::set_tls(const Endpoint& endpoint) {
  CURL* easy = easy_;
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (endpoint.insecure) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  } else if (!endpoint.certificate_authority.empty()) {
    set_pem(easy, CURLOPT_CAINFO_BLOB, endpoint.certificate_authority);
    // Debian's libcurl would trust /etc/ssl/certs beside the given roots.
    set(easy, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  if (!endpoint.client_certificate.empty()) {
    set(easy, CURLOPT_SSLCERTTYPE, "PEM");
    set_pem(easy, CURLOPT_SSLCERT_BLOB, endpoint.client_certificate);
    set(easy, CURLOPT_SSLKEYTYPE, "PEM");
    set_pem(easy, CURLOPT_SSLKEY_BLOB, endpoint.client_key);
  }
}

std::size_t Exchange::on_header(const char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  auto& headers = static_cast<Exchange*>(self)->reply_.headers;
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers.clear();
  } else if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front()))) value.remove_prefix(1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back()))) value.remove_suffix(1);
    headers.emplace_back(std::move(name), value);
  }
  return line.size();
}

std::size_t Exchange::on_body(const char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  // libcurl takes any other number than the bytes given as the wish to stop; no exception may pass through
  // it.
  try {
    return exchange.append({data, size * count}) ? size * count : 0;
  } catch (...) {
    exchange.thrown_ = std::current_exception();
    return 0;
  }
}

bool Exchange::append(std::string_view data) {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (consume_ && status >= 200 && status < 300) {
    stopped_ = !consume_(data);
    return !stopped_;
  }
  if (reply_.body.size() + data.size() > max_body) return false;
  reply_.body.append(data);
  return true;
}

Reply Exchange::finish(int code) {
  if (thrown_) std::rethrow_exception(thrown_);
  const auto result = stopped_ ? CURLE_OK : static_cast<CURLcode>(code);
  long status = 0;
  curl_off_t took = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &took);
  reply_.status = static_cast<int>(status);
  reply_.took = std::chrono::microseconds(took);
  reply_.failure = failure_of(result, easy_);
  if (result != CURLE_OK) reply_.failure_text = error_[0] != '\0' ? error_ : curl_easy_strerror(result);
  return std::move(reply_);
}

int Exchange::connections_opened() const {
  long opened = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &opened);
  return static_cast<int>(opened);
}

}  // namespace egress::http
