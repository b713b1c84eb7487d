#include "egress/kube/cluster.hpp"
#include "support/mentions.hpp"

#include <doctest/doctest.h>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using http::Failure;
using http::Response;
using testing::error_of;
using testing::json_reply;
using testing::mentions;
using testing::no_reply;
using testing::ScriptedTransport;

const Resource services{kinds::service};

Identity test_identity() {
  return {{"Authorization: Bearer t", "User-Agent: test"}, "api:6443", std::chrono::milliseconds(5000)};
}

/// A cluster with a scripted transport, and its warnings.
struct ScriptedCluster {
  explicit ScriptedCluster(Response response) : transport(std::move(response)) {}
  explicit ScriptedCluster(ScriptedTransport::Script script) : transport(std::move(script)) {}

  std::vector<std::string> follow_events(std::size_t limit = 100) {
    std::vector<std::string> events;
    cluster.follow(watch(services, "team", {.field_selector = "metadata.name=web"}, "7", 30),
                   [&](const Json& event) {
                     events.push_back(event.dump());
                     return events.size() < limit;
                   });
    return events;
  }

  ScriptedTransport transport;
  std::vector<std::string> warnings;
  Cluster cluster{transport, test_identity(), [this](const std::string& text) { warnings.push_back(text); }};
};

Response warning(std::vector<std::string> values) {
  Response response = json_reply(200, "{}");
  for (std::string& value : values) response.headers.emplace_back("warning", std::move(value));
  return response;
}

}  // namespace

TEST_CASE("every request has the identity's headers and an Accept header") {
  ScriptedCluster scripted(json_reply(200, "{}"));
  scripted.cluster.send(get(services, "team", "web"));
  const http::Request& request = scripted.transport.waves.at(0).at(0);
  CHECK(request.method == "GET");
  CHECK(request.target == "/api/v1/namespaces/team/services/web?timeout=5s");
  CHECK(request.headers ==
        std::vector<std::string>{"Authorization: Bearer t", "User-Agent: test", "Accept: application/json"});
  CHECK(request.body.empty());
  CHECK(request.timeout == std::chrono::milliseconds(5000));
}

TEST_CASE("discovery has its own timeout, unless the user sets one") {
  ScriptedTransport transport(json_reply(200, "{}"));
  Identity identity;
  Cluster(transport, identity).send(discover("apps", "v1"));
  identity.request_timeout = std::chrono::seconds(90);
  Cluster(transport, identity).send(discover("apps", "v1"));
  identity.request_timeout = std::chrono::seconds(0);
  Cluster(transport, identity).send(get(services, "team", "web"));
  Cluster(transport, identity).follow(watch(services, "team", {}, "7", 30), [](const Json&) { return true; });
  const auto sent = [&](std::size_t index) -> const http::Request& {
    return transport.waves.at(index).at(0);
  };
  CHECK(sent(0).target == "/apis/apps/v1?timeout=32s");
  CHECK(sent(0).timeout == std::chrono::seconds(32));
  CHECK(sent(1).target == "/apis/apps/v1?timeout=1m30s");
  CHECK(sent(1).timeout == std::chrono::seconds(90));
  CHECK(sent(2).target == "/api/v1/namespaces/team/services/web");
  CHECK(sent(2).timeout == std::chrono::seconds(0));
  // A watch has its own time limit in the parameter timeoutSeconds.
  CHECK(sent(3).target.ends_with("&timeoutSeconds=30"));
  CHECK(sent(3).timeout == std::chrono::seconds(40));
}

TEST_CASE("a body is sent with its content type") {
  ScriptedCluster scripted(json_reply(201, "{}"));
  const Json web = object({{"metadata", object({{"name", "web"}, {"namespace", "team"}})}});
  scripted.cluster.send(apply(services, web));
  const http::Request& request = scripted.transport.waves.at(0).at(0);
  CHECK(request.method == "PATCH");
  CHECK(request.headers.back() == "Content-Type: application/apply-patch+yaml");
  CHECK(request.body == web.dump());
}

TEST_CASE("the answers of a wave are in the order of the calls") {
  ScriptedCluster scripted(
      [](const http::Request& request) { return json_reply(200, Json(request.target).dump()); });
  const std::vector<Call> wave{get(services, "team", "a"), get(services, "team", "b"),
                               list(services, "team")};
  const auto answers = scripted.cluster.send(wave);
  REQUIRE(answers.size() == 3);
  for (std::size_t i = 0; i < wave.size(); ++i)
    CHECK(answers[i].body.as_string().starts_with(wave[i].target));
}

TEST_CASE("answers that are received one by one come with the indexes of their calls") {
  ScriptedCluster scripted([](const http::Request& request) {
    return request.target.find("/c?") == std::string::npos ? json_reply(200, Json(request.target).dump())
                                                           : no_reply(Failure::connection_refused);
  });
  const std::vector<Call> wave{get(services, "team", "a"), get(services, "team", "b"),
                               get(services, "team", "c")};
  std::vector<std::string> received;
  const auto on_answer = [&](std::size_t index, const Answer& answer) {
    CHECK(answer.body.as_string().starts_with(wave[index].target));
    received.push_back(wave[index].target);
  };
  CHECK_THROWS_AS(scripted.cluster.send(wave, on_answer), ConnectionError);
  CHECK(received == std::vector<std::string>{wave[0].target, wave[1].target});
}

TEST_CASE("an answer says whether the object was created, and releases it") {
  ScriptedCluster created(json_reply(201, R"({"kind":"Service"})"));
  Answer answer = created.cluster.send(get(services, "team", "web"));
  CHECK(answer.ok());
  CHECK(answer.created());
  CHECK(answer.value().dump() == R"({"kind":"Service"})");
  CHECK(answer.release().dump() == R"({"kind":"Service"})");
  ScriptedCluster existing(json_reply(200, "{}"));
  CHECK_FALSE(existing.cluster.send(get(services, "team", "web")).created());
}

TEST_CASE("a Status becomes the answer's error and is thrown by value()") {
  ScriptedCluster scripted(
      json_reply(404, R"({"kind":"Status","reason":"NotFound","message":"services \"web\" not found"})"));
  Answer answer = scripted.cluster.send(get(services, "team", "web"));
  CHECK_FALSE(answer.ok());
  CHECK(answer.not_found());
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->reason() == "NotFound");
  CHECK_THROWS_WITH_AS(answer.value(), "services \"web\" not found", ApiError);
  CHECK_THROWS_AS(answer.release(), ApiError);
}

TEST_CASE("an answer distinguishes an object that already exists from an invalid one") {
  const auto refused = [](const std::string& field) {
    ScriptedCluster scripted(json_reply(
        422, R"({"kind":"Status","reason":"Invalid","message":"no","details":{"causes":[{"field":")" + field +
                 R"("}]}})"));
    return scripted.cluster.send(apply(services, object({}), {.only_new = true}));
  };
  CHECK(refused("metadata.deletionGracePeriodSeconds").already_exists());
  CHECK_FALSE(refused("spec.ports").already_exists());
  ScriptedCluster created(json_reply(201, "{}"));
  CHECK_FALSE(created.cluster.send(apply(services, object({}), {.only_new = true})).already_exists());
}

TEST_CASE("one refused call does not affect the others of its wave") {
  ScriptedCluster scripted([](const http::Request& request) {
    return request.target.ends_with("/b?timeout=5s") ? json_reply(403, "no") : json_reply(200, "{}");
  });
  const std::vector<Call> wave{get(services, "team", "a"), get(services, "team", "b"),
                               get(services, "team", "c")};
  const auto answers = scripted.cluster.send(wave);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].ok());
  CHECK(answers[1].status == 403);
  CHECK(answers[2].ok());
}

TEST_CASE("a 401 ends the command") {
  ScriptedCluster scripted(json_reply(401, ""));
  CHECK_THROWS_AS(scripted.cluster.send(get(services, "team", "web")), ApiError);
}

TEST_CASE("an unreachable server ends the command") {
  ScriptedCluster scripted(no_reply(Failure::connection_refused));
  CHECK_THROWS_WITH_AS(
      scripted.cluster.send(get(services, "team", "web")),
      "The connection to the server api:6443 was refused - did you specify the right host or port?",
      ConnectionError);
}

TEST_CASE("a login page with status 200 is not an object") {
  Response page = json_reply(200, "<html>");
  page.headers = {{"content-type", "text/html"}};
  ScriptedCluster scripted(page);
  CHECK(mentions(error_of([&] { scripted.cluster.send(get(services, "team", "web")); }),
                 {"api:6443", "text/html", "JSON"}));
}

TEST_CASE("a warning with code 299 is reported once") {
  ScriptedCluster scripted(warning({"299 - \"v1beta1 is deprecated\""}));
  const std::vector<Call> wave(3, get(services, "team", "web"));
  scripted.cluster.send(wave);
  scripted.cluster.send(wave);
  CHECK(scripted.warnings == std::vector<std::string>{"v1beta1 is deprecated"});
}

TEST_CASE("different warnings are all reported, those with other codes are not") {
  ScriptedCluster scripted(
      warning({"299 - \"one\"", "199 - \"other\"", "299 - \"two\"", "299 - unquoted", "2990 - \"x\""}));
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"one", "two"});
}

TEST_CASE("several warnings may share a header, with escaped quotes and a date") {
  ScriptedCluster scripted(warning({R"(299 - "one", 299 - "say \"two\"" "Sat, 25 Aug 2012 23:34:45 GMT")"}));
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"one", "say \"two\""});
}

TEST_CASE("a warning is made printable") {
  ScriptedCluster scripted(warning({"299 - \"\x1b[31mred\""}));
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"^[[31mred"});
}

TEST_CASE("warnings of a refused request are reported") {
  Response response = warning({"299 - \"strict\""});
  response.status = 400;
  ScriptedCluster scripted(response);
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"strict"});
}

TEST_CASE("follow passes on whole events, whatever the chunks") {
  const std::string first = R"({"type":"ADDED","object":{"a":1}})";
  const std::string second = R"({"type":"MODIFIED","object":{"a":2}})";
  for (const std::size_t chunk : {1U, 7U, 35U, 4096U}) {
    CAPTURE(chunk);
    ScriptedCluster scripted(json_reply(200, first + "\n" + second + "\n"));
    scripted.transport.chunk = chunk;
    CHECK(scripted.follow_events() == std::vector<std::string>{first, second});
  }
}

TEST_CASE("follow waits ten seconds longer than the watch's timeoutSeconds") {
  ScriptedCluster scripted(json_reply(200, ""));
  CHECK(scripted.follow_events().empty());
  const http::Request& request = scripted.transport.waves.at(0).at(0);
  CHECK(request.target ==
        "/api/v1/namespaces/team/services?watch=true&allowWatchBookmarks=true"
        "&fieldSelector=metadata.name%3Dweb&resourceVersion=7&timeoutSeconds=30&timeout=5s");
  CHECK(request.headers.front() == "Authorization: Bearer t");
  CHECK(request.timeout == std::chrono::seconds(40));
}

TEST_CASE("follow ends when the callback returns false") {
  ScriptedCluster scripted(json_reply(200, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n"));
  CHECK(scripted.follow_events(2) == std::vector<std::string>{R"({"n":1})", R"({"n":2})"});
}

TEST_CASE("an incomplete event is not passed on") {
  ScriptedCluster scripted(json_reply(200, "{\"n\":1}\n{\"n\":"));
  CHECK(scripted.follow_events() == std::vector<std::string>{R"({"n":1})"});
}

TEST_CASE("an event that is not JSON or too long is a connection error") {
  ScriptedCluster html(json_reply(200, "<html>\n"));
  CHECK(mentions(error_of([&] { html.follow_events(); }), {"api:6443", "watch", "JSON"}));
  ScriptedCluster endless(json_reply(200, std::string(65U << 20U, ' ')));
  endless.transport.chunk = 1U << 20U;
  CHECK(mentions(error_of([&] { endless.follow_events(); }), {"api:6443", "event", "watch"}));
}

TEST_CASE("follow throws API errors and connection errors") {
  ScriptedCluster gone(json_reply(410, R"({"kind":"Status","reason":"Expired","message":"too old"})"));
  CHECK_THROWS_WITH_AS(gone.follow_events(), "too old", ApiError);
  ScriptedCluster refused(no_reply(Failure::connection_refused));
  CHECK_THROWS_AS(refused.follow_events(), ConnectionError);
}

TEST_CASE("a cluster works without a warning callback") {
  ScriptedTransport transport(warning({"299 - \"x\""}));
  Cluster cluster(transport, test_identity());
  CHECK(cluster.send(get(services, "team", "web")).ok());
}

}  // namespace egress::kube

TEST_SUITE_END();
