#include "egress/kube/trace.hpp"

#include <limits>

#include "egress/base/text.hpp"
#include "egress/kube/mask.hpp"

namespace egress::kube {
namespace {

constexpr int with_headers = 7;
constexpr int with_bodies = 8;
constexpr int with_curl = 9;
constexpr int with_whole_bodies = 10;
/// The maximum size of a watch event; etcd stores objects of 1.5 MiB.
constexpr std::size_t max_event_size = 16U << 20U;
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

std::size_t max_body_size(int level) {
  if (level >= with_whole_bodies) return no_limit;
  return level >= with_curl ? 10240 : 1024;
}

/// Escapes line breaks, so that a header or text cannot look like another line of the log.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += "\\n";
    else
      line += c;
  }
  return printable(line, no_limit);
}

/// Quotes any text as one word for a shell.
std::string quoted(std::string_view word) {
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

std::string curl_command(const http::Request& request, const std::string& url) {
  std::string command = "curl -v -X" + request.method;
  for (const std::string& line : request.headers) command += " -H " + quoted(masked_header(line));
  return command + ' ' + quoted(url);
}

}  // namespace

std::string Trace::request_line(const http::Request& request) const {
  return request.method + ' ' + on_one_line(masked_text(server_ + request.target));
}

void Trace::print_header(std::string_view line) const {
  print_line_("    " + on_one_line(masked_header(line)));
}

void Trace::print_body(const http::Request& request, const std::string& label, std::string_view body) const {
  if (body.empty()) return;
  // Mask before truncating: a truncated secret is not recognized by its form.
  const std::string safe_body = on_one_line(masked_body(request.target, body));
  std::string shown = printable(safe_body, max_body_size(level_));
  if (safe_body.size() > max_body_size(level_))
    shown += " [truncated " + std::to_string(safe_body.size() - max_body_size(level_)) + " bytes]";
  print_line_(request_line(request) + ' ' + label + " body: " + shown);
}

void Trace::print_request(const http::Request& request) const {
  if (level_ < with_headers) return;
  if (level_ >= with_curl) {
    print_line_(on_one_line(curl_command(request, masked_text(server_ + request.target))));
  } else {
    print_line_(request_line(request) + " request headers:");
    for (const std::string& line : request.headers) print_header(line);
  }
  if (level_ >= with_bodies) print_body(request, "request", request.body);
}

void Trace::print_failure(const http::Request& request, const http::Response& response) const {
  print_line_(request_line(request) + " failed: " + on_one_line(masked_text(response.failure_text)));
}

void Trace::print_status(const http::Request& request, const http::Response& response) const {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(response.duration).count();
  print_line_(request_line(request) + ' ' + std::to_string(response.status) + " in " +
              std::to_string(milliseconds) + " milliseconds");
  if (level_ < with_bodies) return;
  for (const auto& [name, value] : response.headers) print_header(name + ": " + value);
}

void Trace::print_response(const http::Request& request, const http::Response& response) const {
  if (response.failure != http::Failure::none) return print_failure(request, response);
  print_status(request, response);
  if (level_ >= with_bodies) print_body(request, "response", response.body);
}

/// Logs only complete events, because a part of an event cannot be masked.
class Trace::Events {
 public:
  Events(const Trace& trace, const http::Request& request) : trace_(trace), request_(request) {}

  void add(std::string_view data) {
    for (std::size_t end; (end = data.find('\n')) != std::string_view::npos; data.remove_prefix(end + 1)) {
      append(data.substr(0, end));
      trace_.print_body(request_, "event", is_too_long_ ? "<too long to show>" : line_);
      line_.clear();
      is_too_long_ = false;
    }
    append(data);
  }

 private:
  void append(std::string_view data) {
    is_too_long_ = is_too_long_ || line_.size() + data.size() > max_event_size;
    if (is_too_long_)
      line_.clear();
    else
      line_.append(data);
  }

  const Trace& trace_;
  const http::Request& request_;
  std::string line_;
  bool is_too_long_ = false;
};

std::vector<http::Response> Trace::send(std::span<const http::Request> wave) {
  for (const http::Request& request : wave) print_request(request);
  std::vector<http::Response> responses = inner_.send(wave);
  for (std::size_t i = 0; i < wave.size(); ++i) print_response(wave[i], responses[i]);
  return responses;
}

http::Response Trace::stream(const http::Request& request,
                             const std::function<bool(std::string_view)>& consume) {
  print_request(request);
  bool has_begun = false;
  http::Request traced_request = request;
  traced_request.on_headers = [&](const http::Response& response) {
    has_begun = true;
    print_status(request, response);
    if (request.on_headers) request.on_headers(response);
  };
  Events events(*this, request);
  http::Response response = inner_.stream(traced_request, [&](std::string_view data) {
    if (level_ >= with_bodies) events.add(data);
    return consume(data);
  });
  if (!has_begun)
    print_response(request, response);
  else if (response.failure != http::Failure::none)
    print_failure(request, response);
  else if (level_ >= with_bodies)
    print_body(request, "response", response.body);
  return response;
}

}  // namespace egress::kube
