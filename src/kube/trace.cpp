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

void Trace::tell_reply(const http::Request& request, const http::Reply& reply) const {
  if (reply.failure != http::Failure::none) {
    tell_(name_of(request) + " failed: " + on_one_line(masked_text(reply.failure_text)));
    return;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(reply.took).count();
  tell_(name_of(request) + ' ' + std::to_string(reply.status) + " in " + std::to_string(took) +
        " milliseconds");
  if (level_ < with_bodies) return;
  for (const auto& [name, value] : reply.headers) tell_header(name + ": " + value);
  tell_body(request, "response", reply.body);
}

std::vector<http::Reply> Trace::send(std::span<const http::Request> wave) {
  for (const http::Request& request : wave) tell_request(request);
  std::vector<http::Reply> replies = inner_.send(wave);
  for (std::size_t i = 0; i < wave.size(); ++i) tell_reply(wave[i], replies[i]);
  return replies;
}

http::Reply Trace::stream(const http::Request& request,
                          const std::function<bool(std::string_view)>& consume) {
  tell_request(request);
  http::Reply reply = inner_.stream(request, consume);
  tell_reply(request, reply);
  return reply;
}

}  // namespace egress::kube
