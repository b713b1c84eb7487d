#include "egress/http/exchange.hpp"

#include <algorithm>
#include <cctype>
#include <new>
#include <utility>

#include "egress/http/libcurl.hpp"
#include "egress/http/url.hpp"

namespace egress::http {
namespace {

constexpr std::size_t max_body = 512U << 20U;

/// The URL's scheme, host and port.
std::string origin(const Url& url) {
  const char* port = url.scheme == "https" ? ":443" : ":80";
  return url.scheme + "://" + url.host + (url.port.empty() ? port : ":" + url.port);
}

/// The method and the query; empty for reads, whose responses differ in size.
std::string operation(const Request& request) {
  if (request.method == "GET") return {};
  const std::size_t query = std::min(request.target.find('?'), request.target.size());
  return request.method + request.target.substr(query);
}

}  // namespace

Exchange::Exchange(const Endpoint& endpoint, PeerCheck& peer, const Request& request, Consume consume)
    : easy_(libcurl().easy_init()),
      operation_(operation(request)),
      endpoint_(endpoint),
      peer_(peer),
      consume_(std::move(consume)),
      on_headers_(request.on_headers) {
  if (easy_ == nullptr) throw std::bad_alloc();
  set_request(request);
  set_server(endpoint, request);
  set_proxy(endpoint);
  set_tls(endpoint);
}

Exchange::~Exchange() {
  libcurl().easy_cleanup(easy_);
  libcurl().slist_free_all(static_cast<curl_slist*>(header_list_));
  libcurl().slist_free_all(static_cast<curl_slist*>(connect_to_));
}

std::size_t Exchange::on_header(const char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  static_cast<Exchange*>(self)->renew_progress_timeout();
  auto& headers = static_cast<Exchange*>(self)->response_.headers;
  const std::size_t colon = line.find(':');
  if (line == "\r\n") {
    static_cast<Exchange*>(self)->report_headers();
    if (static_cast<Exchange*>(self)->exception_) return 0;
  } else if (line.starts_with("HTTP/")) {
    headers.clear();
  } else if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front()))) value.remove_prefix(1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back()))) value.remove_suffix(1);
    if (name == "location" && !static_cast<Exchange*>(self)->may_follow(value)) return 0;
    headers.emplace_back(std::move(name), value);
  }
  return line.size();
}

long Exchange::status() const {
  long status = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

CompletedRequest Exchange::completed_request() const {
  curl_off_t total = 0;
  curl_off_t pretransfer = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &total);
  libcurl().easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &pretransfer);
  return {status(), operation_, std::chrono::microseconds(total - pretransfer)};
}

bool Exchange::may_follow(std::string_view location) {
  const long status = this->status();
  // Only an unambiguous path: libcurl takes "https:/host" for a URL, too.
  const bool is_path =
      location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
  if (status < 300 || status >= 400 || is_path) return true;
  const auto target = Url::parse(std::string(location));
  const auto server = Url::parse(endpoint_.url);
  // With an explicit server name, the connection does not go to the URL's host.
  if (target && server && endpoint_.server_name.empty() && origin(*target) == origin(*server)) return true;
  redirect_target_ = target ? origin(*target) : "an invalid location";
  return false;
}

void Exchange::report_headers() {
  const long status = this->status();
  const bool is_interim = status < 200 || (status >= 300 && status < 400) || !is_connected();
  if (!on_headers_ || is_interim) return;
  response_.status = static_cast<int>(status);
  response_.duration =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  // Exceptions must not pass through libcurl.
  try {
    std::exchange(on_headers_, {})(response_);
  } catch (...) {
    exception_ = std::current_exception();
  }
}

std::size_t Exchange::on_body(const char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  exchange.renew_progress_timeout();
  // Any number other than the size makes libcurl stop; exceptions must not pass through it.
  try {
    return exchange.append({data, size * count}) ? size * count : 0;
  } catch (...) {
    exchange.exception_ = std::current_exception();
    return 0;
  }
}

bool Exchange::append(std::string_view data) {
  const long status = this->status();
  if (consume_ && status >= 200 && status < 300) {
    is_stopped_ = !consume_(data);
    return !is_stopped_;
  }
  if (response_.body.size() + data.size() > max_body) return false;
  response_.body.append(data);
  return true;
}

Response Exchange::finish(int code) {
  if (exception_) std::rethrow_exception(exception_);
  const auto result = is_stopped_ ? CURLE_OK : static_cast<CURLcode>(code);
  curl_off_t total = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &total);
  response_.status = static_cast<int>(status());
  response_.duration = std::chrono::microseconds(total);
  if (result != CURLE_OK) set_failure(result);
  return std::move(response_);
}

void Exchange::set_failure(int code) {
  if (!redirect_target_.empty()) {
    response_.failure = Failure::other;
    response_.failure_text =
        "redirected to " + redirect_target_ + "; redirects to another server are not followed";
    return;
  }
  const char* message = error_[0] != '\0' ? error_ : libcurl().easy_strerror(static_cast<CURLcode>(code));
  FailureInfo info = classify_failure(code, easy_, endpoint_, peer_, progress_, message);
  response_.failure = info.failure;
  has_timed_out_ = code == CURLE_OPERATION_TIMEDOUT && info.failure != Failure::connection_lost;
  const bool in_handshake = info.failure == Failure::timed_out && progress_.is_handshaking && !is_connected();
  response_.failure_text = in_handshake ? "net/http: TLS handshake timeout" : std::move(info.text);
}

bool Exchange::is_connected() const {
  curl_off_t microseconds = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
  return microseconds > 0;
}

int Exchange::connections_opened() const {
  long count = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &count);
  return static_cast<int>(count);
}

}  // namespace egress::http
