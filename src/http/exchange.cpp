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

/// Scheme, host and port.
std::string origin(const Url& url) {
  const char* port = url.scheme == "https" ? ":443" : ":80";
  return url.scheme + "://" + url.host + (url.port.empty() ? port : ":" + url.port);
}

/// The method and the query. Reads are of no sort: what they bring is of every size.
std::string sort_of(const Request& request) {
  if (request.method == "GET") return {};
  const std::size_t query = std::min(request.target.find('?'), request.target.size());
  return request.method + request.target.substr(query);
}

}  // namespace

Exchange::Exchange(const Endpoint& endpoint, PeerCheck& peer, const Request& request, Consume consume)
    : easy_(libcurl().easy_init()),
      sort_(sort_of(request)),
      endpoint_(endpoint),
      peer_(peer),
      consume_(std::move(consume)),
      begun_(request.begun) {
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
  static_cast<Exchange*>(self)->renew_patience();
  auto& headers = static_cast<Exchange*>(self)->reply_.headers;
  const std::size_t colon = line.find(':');
  if (line == "\r\n") {
    static_cast<Exchange*>(self)->tell_begun();
    if (static_cast<Exchange*>(self)->thrown_) return 0;
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

Answered Exchange::answered() const {
  curl_off_t total = 0;
  curl_off_t begun = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &total);
  libcurl().easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &begun);
  return {status(), sort_, std::chrono::microseconds(total - begun)};
}

bool Exchange::may_follow(std::string_view location) {
  const long status = this->status();
  // Only what is a path beyond doubt: libcurl takes "https:/host" for a URL, too.
  const bool path = location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
  if (status < 300 || status >= 400 || path) return true;
  const auto there = Url::parse(std::string(location));
  const auto here = Url::parse(endpoint_.url);
  // With a name of its own for verification, the URL's host is not where the connection goes.
  if (there && here && endpoint_.server_name.empty() && origin(*there) == origin(*here)) return true;
  elsewhere_ = there ? origin(*there) : "what is neither a path nor a URL";
  return false;
}

void Exchange::tell_begun() {
  const long status = this->status();
  const bool is_on_the_way = status < 200 || (status >= 300 && status < 400) || !connected();
  if (!begun_ || is_on_the_way) return;
  reply_.status = static_cast<int>(status);
  reply_.took =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  // No exception may pass through libcurl.
  try {
    std::exchange(begun_, {})(reply_);
  } catch (...) {
    thrown_ = std::current_exception();
  }
}

std::size_t Exchange::on_body(const char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  exchange.renew_patience();
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
  const long status = this->status();
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
  curl_off_t took = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &took);
  reply_.status = static_cast<int>(status());
  reply_.took = std::chrono::microseconds(took);
  if (result != CURLE_OK) tell_failure(result);
  return std::move(reply_);
}

void Exchange::tell_failure(int code) {
  if (!elsewhere_.empty()) {
    reply_.failure = Failure::other;
    reply_.failure_text = "it redirects to " + elsewhere_ + ", and no other server is told who you are";
    return;
  }
  const char* words = error_[0] != '\0' ? error_ : libcurl().easy_strerror(static_cast<CURLcode>(code));
  Fault fault = fault_of(code, easy_, endpoint_, peer_, reached_, words);
  reply_.failure = fault.failure;
  late_ = code == CURLE_OPERATION_TIMEDOUT && fault.failure != Failure::lost;
  const bool in_handshake = fault.failure == Failure::timed_out && reached_.handshaking && !connected();
  reply_.failure_text = in_handshake ? "net/http: TLS handshake timeout" : std::move(fault.text);
}

bool Exchange::connected() const {
  curl_off_t microseconds = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
  return microseconds > 0;
}

int Exchange::connections_opened() const {
  long opened = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &opened);
  return static_cast<int>(opened);
}

}  // namespace egress::http
