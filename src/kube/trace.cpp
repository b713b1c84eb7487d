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
/// Of a watch: etcd stores objects of 1.5 MiB.
constexpr std::size_t longest_event = 16U << 20U;
constexpr std::size_t endless = std::numeric_limits<std::size_t>::max();

std::size_t longest_body(int level) {
  if (level >= with_whole_bodies) return endless;
  return level >= with_curl ? 10240 : 1024;
}

/// On one line: a header or a text must not look like the next thing told.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += "\\n";
    else
      line += c;
  }
  return printable(line, endless);
}

/// A word for a shell, whatever is in it.
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

std::string Trace::name_of(const http::Request& request) const {
  return request.method + ' ' + on_one_line(masked_text(server_ + request.target));
}

void Trace::tell_header(std::string_view line) const {
  tell_("    " + on_one_line(masked_header(line)));
}

void Trace::tell_body(const http::Request& request, const std::string& whose, std::string_view body) const {
  if (body.empty()) return;
  // Masked as a whole: a secret that the end cuts in two is not known by its form.
  const std::string whole = on_one_line(masked_body(request.target, body));
  std::string shown = printable(whole, longest_body(level_));
  if (whole.size() > longest_body(level_))
    shown += " [truncated " + std::to_string(whole.size() - longest_body(level_)) + " bytes]";
  tell_(name_of(request) + ' ' + whose + " body: " + shown);
}

void Trace::tell_request(const http::Request& request) const {
  if (level_ < with_headers) return;
  if (level_ >= with_curl) {
    tell_(on_one_line(curl_command(request, masked_text(server_ + request.target))));
  } else {
    tell_(name_of(request) + " request headers:");
    for (const std::string& line : request.headers) tell_header(line);
  }
  if (level_ >= with_bodies) tell_body(request, "request", request.body);
}

void Trace::tell_failure(const http::Request& request, const http::Reply& reply) const {
  tell_(name_of(request) + " failed: " + on_one_line(masked_text(reply.failure_text)));
}

void Trace::tell_begun(const http::Request& request, const http::Reply& reply) const {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(reply.took).count();
  tell_(name_of(request) + ' ' + std::to_string(reply.status) + " in " + std::to_string(took) +
        " milliseconds");
  if (level_ < with_bodies) return;
  for (const auto& [name, value] : reply.headers) tell_header(name + ": " + value);
}

void Trace::tell_reply(const http::Request& request, const http::Reply& reply) const {
  if (reply.failure != http::Failure::none) return tell_failure(request, reply);
  tell_begun(request, reply);
  if (level_ >= with_bodies) tell_body(request, "response", reply.body);
}

/// Tells of whole events alone: what is only a part of one cannot be masked.
class Trace::Events {
 public:
  Events(const Trace& trace, const http::Request& request) : trace_(trace), request_(request) {}

  void take(std::string_view data) {
    for (std::size_t end; (end = data.find('\n')) != std::string_view::npos; data.remove_prefix(end + 1)) {
      append(data.substr(0, end));
      trace_.tell_body(request_, "event", is_too_long_ ? "<too long to be shown>" : line_);
      line_.clear();
      is_too_long_ = false;
    }
    append(data);
  }

 private:
  void append(std::string_view data) {
    is_too_long_ = is_too_long_ || line_.size() + data.size() > longest_event;
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

std::vector<http::Reply> Trace::send(std::span<const http::Request> wave) {
  for (const http::Request& request : wave) tell_request(request);
  std::vector<http::Reply> replies = inner_.send(wave);
  for (std::size_t i = 0; i < wave.size(); ++i) tell_reply(wave[i], replies[i]);
  return replies;
}

http::Reply Trace::stream(const http::Request& request,
                          const std::function<bool(std::string_view)>& consume) {
  tell_request(request);
  bool begun = false;
  http::Request told = request;
  told.begun = [&](const http::Reply& reply) {
    begun = true;
    tell_begun(request, reply);
    if (request.begun) request.begun(reply);
  };
  Events events(*this, request);
  http::Reply reply = inner_.stream(told, [&](std::string_view data) {
    if (level_ >= with_bodies) events.take(data);
    return consume(data);
  });
  if (!begun)
    tell_reply(request, reply);
  else if (reply.failure != http::Failure::none)
    tell_failure(request, reply);
  else if (level_ >= with_bodies)
    tell_body(request, "response", reply.body);
  return reply;
}

}  // namespace egress::kube
