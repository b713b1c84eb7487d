#include "egress/kube/cluster.hpp"

#include <algorithm>
#include <utility>

#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/warning_header.hpp"

namespace egress::kube {
namespace {

/// Of a watch: etcd stores objects of 1.5 MiB.
constexpr std::size_t max_event = 64U << 20U;
constexpr int invalid = 422;
constexpr int forbidden = 403;

/// The verb that a call needs, in the words of RBAC; empty for server-side apply, which needs more than one.
std::string verb_of(const Call& call, bool has_name) {
  if (call.method == "POST") return "create";
  if (call.method == "PUT") return "update";
  if (call.method == "DELETE") return "delete";
  if (call.method == "PATCH") return call.content_type.starts_with("application/apply") ? "" : "patch";
  if (has_name) return "get";
  return call.target.find("watch=true") == std::string::npos ? "list" : "watch";
}

/// The error in a reply, with the permission that is missing if the server refused the call for want of one.
ApiError error_of(const http::Reply& reply, const Call& call) {
  ApiError error = api_error(reply, call.what);
  const Json& details = error.details();
  const std::string resource = printable(details["kind"].as_string(), 100);
  if (error.status() != forbidden || resource.empty()) return error;
  const std::string group = printable(details["group"].as_string(), 100);
  error.add_cause({.reason = error.reason(),
                   .message = error.text(),
                   .verb = verb_of(call, !details["name"].as_string().empty()),
                   .resource = group.empty() ? resource : resource + "." + group});
  return error;
}

}  // namespace

const Json& Answer::value() const {
  if (error) throw ApiError(*error);
  return body;
}

bool Answer::stands_already() const {
  if (status != invalid) return false;
  const std::string field = "metadata." + std::string(only_new_field);
  const Json causes = error->details()["causes"];
  return std::ranges::any_of(causes.items(),
                             [&](const Json& one) { return one["field"].as_string() == field; });
}

Json Answer::take() {
  if (error) throw ApiError(*error);
  return std::move(body);
}

Cluster::Cluster(http::Transport& transport, Identity identity, Warn warn)
    : transport_(transport), identity_(std::move(identity)), warn_(std::move(warn)) {}

http::Request Cluster::request(const Call& call, std::chrono::milliseconds longest) const {
  http::Request request{.method = call.method, .target = call.target, .headers = identity_.headers};
  request.timeout = longest;
  request.target = bounded(std::move(request.target), request.timeout);
  request.headers.push_back("Accept: " + call.accept);
  if (!call.content_type.empty()) request.headers.push_back("Content-Type: " + call.content_type);
  request.body = call.body;
  return request;
}

Answer Cluster::answer(const http::Reply& reply, const Call& call) {
  if (reply.failure == http::Failure::interrupted) stop_if_interrupted();
  if (reply.failure != http::Failure::none) throw connection_error(reply, identity_.host);
  pass_on_warnings(reply);
  Answer answer{.status = reply.status, .body = {}, .error = {}};
  if (!reply.ok()) {
    answer.error = error_of(reply, call);
    if (reply.status == 401) throw ApiError(*answer.error);
    return answer;
  }
  try {
    answer.body = Json::parse(reply.body);
  } catch (const Error& error) {
    const std::string type = printable(reply.header("content-type"), 100);
    throw ConnectionError("Unable to connect to the server: " + identity_.host + " answered with " +
                              (type.empty() ? "no content type" : type) + " instead of JSON (" +
                              error.what() + ")",
                          "Is this the API server, or a login page or proxy in front of it?");
  }
  return answer;
}

std::vector<Answer> Cluster::send(std::span<const Call> wave) {
  std::vector<Answer> answers;
  answers.reserve(wave.size());
  send(wave, [&](std::size_t, Answer one) { answers.push_back(std::move(one)); });
  return answers;
}

void Cluster::send(std::span<const Call> wave, const TakeAnswer& take) {
  std::vector<http::Request> requests;
  requests.reserve(wave.size());
  for (const Call& call : wave) {
    const auto& asked = identity_.request_timeout;
    requests.push_back(request(call, asked.count() > 0 ? asked : call.within));
  }
  // Between waves nothing is half-done.
  stop_if_interrupted();
  std::vector<http::Reply> replies = transport_.send(requests);
  for (std::size_t i = 0; i < wave.size(); ++i) {
    // The text is gone before anything is made of what it says.
    Answer one = answer(std::exchange(replies[i], {}), wave[i]);
    take(i, std::move(one));
  }
}

Answer Cluster::send(const Call& call) {
  return std::move(send(std::span(&call, 1)).front());
}

Json Cluster::event(std::string_view line) const {
  try {
    return Json::parse(line);
  } catch (const Error& error) {
    throw ConnectionError("Unable to connect to the server: " + identity_.host +
                          " sent an event of a watch that is not JSON (" + error.what() + ")");
  }
}

void Cluster::follow(const Call& call, const std::function<bool(const Json&)>& consume) {
  std::string pending;
  auto on_data = [&](std::string_view data) {
    std::size_t from = pending.size();
    pending.append(data);
    for (std::size_t end; (end = pending.find('\n', from)) != std::string::npos; from = 0) {
      const Json one = event(std::string_view(pending).substr(0, end));
      pending.erase(0, end + 1);
      if (!consume(one)) return false;
    }
    if (pending.size() > max_event)
      throw ConnectionError("Unable to connect to the server: " + identity_.host +
                            " sends no end of one event of a watch");
    return true;
  };
  http::Request streamed = request(call, identity_.request_timeout);
  streamed.timeout = call.within;
  http::Reply reply = transport_.stream(streamed, on_data);
  pass_on_warnings(reply);
  if (reply.failure == http::Failure::interrupted) stop_if_interrupted();
  if (reply.failure != http::Failure::none) throw connection_error(reply, identity_.host);
  if (!reply.ok()) throw error_of(reply, call);
}

void Cluster::pass_on_warnings(const http::Reply& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "warning") continue;
    for (const std::string& text : warning_texts(value)) {
      if (warned_.insert(text).second && warn_) warn_(text);
    }
  }
}

}  // namespace egress::kube
