#include "egress/kube/cluster.hpp"

#include <algorithm>
#include <utility>

#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/warning_header.hpp"

namespace egress::kube {
namespace {

/// The maximum size of a watch event; etcd stores objects of 1.5 MiB.
constexpr std::size_t max_event = 64U << 20U;
constexpr int invalid = 422;
constexpr int forbidden = 403;

/// The RBAC verb that a call needs; empty for server-side apply, which needs more than one.
std::string rbac_verb(const Call& call, bool has_name) {
  if (call.method == "POST") return "create";
  if (call.method == "PUT") return "update";
  if (call.method == "DELETE") return "delete";
  if (call.method == "PATCH") return call.content_type.starts_with("application/apply") ? "" : "patch";
  if (has_name) return "get";
  return call.target.find("watch=true") == std::string::npos ? "list" : "watch";
}

/// The error in a response. If a permission is missing, the error's cause names it.
ApiError reply_error(const http::Response& response, const Call& call) {
  ApiError error = api_error(response, call.description);
  const Json& details = error.details();
  const std::string resource = printable(details["kind"].as_string(), 100);
  if (error.status() != forbidden || resource.empty()) return error;
  const std::string group = printable(details["group"].as_string(), 100);
  error.add_cause({.reason = error.reason(),
                   .message = error.text(),
                   .verb = rbac_verb(call, !details["name"].as_string().empty()),
                   .resource = group.empty() ? resource : resource + "." + group});
  return error;
}

}  // namespace

const Json& Answer::value() const {
  if (error) throw ApiError(*error);
  return body;
}

bool Answer::already_exists() const {
  if (status != invalid) return false;
  const std::string field = "metadata." + std::string(only_new_field);
  const Json causes = error->details()["causes"];
  return std::ranges::any_of(causes.items(),
                             [&](const Json& cause) { return cause["field"].as_string() == field; });
}

Json Answer::release() {
  if (error) throw ApiError(*error);
  return std::move(body);
}

Cluster::Cluster(http::Transport& transport, Identity identity, OnWarning on_warning)
    : transport_(transport), identity_(std::move(identity)), on_warning_(std::move(on_warning)) {}

http::Request Cluster::make_request(const Call& call, std::chrono::milliseconds timeout) const {
  http::Request request{.method = call.method, .target = call.target, .headers = identity_.headers};
  request.timeout = timeout;
  request.target = with_timeout(std::move(request.target), request.timeout);
  request.headers.push_back("Accept: " + call.accept);
  if (!call.content_type.empty()) request.headers.push_back("Content-Type: " + call.content_type);
  request.body = call.body;
  return request;
}

Answer Cluster::parse_answer(const http::Response& response, const Call& call) {
  if (response.failure == http::Failure::interrupted) throw_if_interrupted();
  if (response.failure != http::Failure::none) throw connection_error(response, identity_.host);
  report_warnings(response);
  Answer answer{.status = response.status, .body = {}, .error = {}};
  if (!response.ok()) {
    answer.error = reply_error(response, call);
    if (response.status == 401) throw ApiError(*answer.error);
    return answer;
  }
  try {
    answer.body = Json::parse(response.body);
  } catch (const Error& error) {
    const std::string type = printable(response.header("content-type"), 100);
    throw ConnectionError(
        "Unable to connect to the server: " + identity_.host + " answered with " +
            (type.empty() ? "no content type" : type) + " instead of JSON (" + error.what() + ")",
        "check that the server is the API server, and not a login page or proxy in front of it");
  }
  return answer;
}

std::vector<Answer> Cluster::send(std::span<const Call> wave) {
  std::vector<Answer> answers;
  answers.reserve(wave.size());
  send(wave, [&](std::size_t, Answer answer) { answers.push_back(std::move(answer)); });
  return answers;
}

void Cluster::send(std::span<const Call> wave, const OnAnswer& on_answer) {
  std::vector<http::Request> requests;
  requests.reserve(wave.size());
  for (const Call& call : wave) {
    const auto& user_timeout = identity_.request_timeout;
    requests.push_back(make_request(call, user_timeout.count() > 0 ? user_timeout : call.timeout));
  }
  // Interrupt only between waves, when no write is incomplete.
  throw_if_interrupted();
  std::vector<http::Response> responses = transport_.send(requests);
  for (std::size_t i = 0; i < wave.size(); ++i) {
    // Release the text before its content is used.
    Answer answer = parse_answer(std::exchange(responses[i], {}), wave[i]);
    on_answer(i, std::move(answer));
  }
}

Answer Cluster::send(const Call& call) {
  return std::move(send(std::span(&call, 1)).front());
}

Json Cluster::parse_event(std::string_view line) const {
  try {
    return Json::parse(line);
  } catch (const Error& error) {
    throw ConnectionError("Unable to connect to the server: " + identity_.host +
                          " sent a watch event that is not JSON (" + error.what() + ")");
  }
}

void Cluster::follow(const Call& call, const std::function<bool(const Json&)>& consume) {
  std::string pending;
  auto on_data = [&](std::string_view data) {
    std::size_t from = pending.size();
    pending.append(data);
    for (std::size_t end; (end = pending.find('\n', from)) != std::string::npos; from = 0) {
      const Json event = parse_event(std::string_view(pending).substr(0, end));
      pending.erase(0, end + 1);
      if (!consume(event)) return false;
    }
    if (pending.size() > max_event)
      throw ConnectionError("Unable to connect to the server: " + identity_.host +
                            " sent a watch event larger than 64 MiB");
    return true;
  };
  http::Request stream_request = make_request(call, identity_.request_timeout);
  stream_request.timeout = call.timeout;
  http::Response response = transport_.stream(stream_request, on_data);
  report_warnings(response);
  if (response.failure == http::Failure::interrupted) throw_if_interrupted();
  if (response.failure != http::Failure::none) throw connection_error(response, identity_.host);
  if (!response.ok()) throw reply_error(response, call);
}

void Cluster::report_warnings(const http::Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name != "warning") continue;
    for (const std::string& text : warning_texts(value)) {
      if (warned_.insert(text).second && on_warning_) on_warning_(text);
    }
  }
}

}  // namespace egress::kube
