#include "egress/kube/cluster.hpp"
#include "support/mentions.hpp"

#include <doctest/doctest.h>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using http::Failure;
using http::Reply;
using testing::error_of;
using testing::json_reply;
using testing::mentions;
using testing::no_reply;
using testing::ScriptedTransport;

const Resource services{kinds::service};

Identity somebody() {
  return {{"Authorization: Bearer t", "User-Agent: test"}, "api:6443", std::chrono::milliseconds(5000)};
}

/// A cluster on a scripted transport, and what it warned of.
struct Scripted {
  explicit Scripted(Reply reply) : transport(std::move(reply)) {}
  explicit Scripted(ScriptedTransport::Script script) : transport(std::move(script)) {}

  std::vector<std::string> followed(std::size_t most = 100) {
    std::vector<std::string> events;
    cluster.follow(watch(services, "team", {.fields = "metadata.name=web"}, "7", 30), [&](const Json& event) {
      events.push_back(event.dump());
      return events.size() < most;
    });
    return events;
  }

  ScriptedTransport transport;
  std::vector<std::string> warnings;
  Cluster cluster{transport, somebody(), [this](const std::string& text) { warnings.push_back(text); }};
};

Reply warning(std::vector<std::string> values) {
  Reply reply = json_reply(200, "{}");
  for (std::string& value : values) reply.headers.emplace_back("warning", std::move(value));
  return reply;
}

}  // namespace

TEST_CASE("every request carries the identity and says what it accepts") {
  Scripted scripted(json_reply(200, "{}"));
  scripted.cluster.send(get(services, "team", "web"));
  const http::Request& request = scripted.transport.waves.at(0).at(0);
  CHECK(request.method == "GET");
  CHECK(request.target == "/api/v1/namespaces/team/services/web?timeout=5s");
  CHECK(request.headers ==
        std::vector<std::string>{"Authorization: Bearer t", "User-Agent: test", "Accept: application/json"});
  CHECK(request.body.empty());
  CHECK(request.timeout == std::chrono::milliseconds(5000));
}

TEST_CASE("discovery has a limit of its own, unless the user gives one") {
  ScriptedTransport transport(json_reply(200, "{}"));
  Identity nobody;
  Cluster(transport, nobody).send(discover("apps", "v1"));
  nobody.request_timeout = std::chrono::seconds(90);
  Cluster(transport, nobody).send(discover("apps", "v1"));
  nobody.request_timeout = std::chrono::seconds(0);
  Cluster(transport, nobody).send(get(services, "team", "web"));
  Cluster(transport, nobody).follow(watch(services, "team", {}, "7", 30), [](const Json&) { return true; });
  const auto sent = [&](std::size_t at) -> const http::Request& { return transport.waves.at(at).at(0); };
  CHECK(sent(0).target == "/apis/apps/v1?timeout=32s");
  CHECK(sent(0).timeout == std::chrono::seconds(32));
  CHECK(sent(1).target == "/apis/apps/v1?timeout=1m30s");
  CHECK(sent(1).timeout == std::chrono::seconds(90));
  CHECK(sent(2).target == "/api/v1/namespaces/team/services/web");
  CHECK(sent(2).timeout == std::chrono::seconds(0));
  // The stream of a watch ends by its own time, of which the server is told by another name.
  CHECK(sent(3).target.ends_with("&timeoutSeconds=30"));
  CHECK(sent(3).timeout == std::chrono::seconds(40));
}

TEST_CASE("a body goes with its content type") {
  Scripted scripted(json_reply(201, "{}"));
  const Json web = object({{"metadata", object({{"name", "web"}, {"namespace", "team"}})}});
  scripted.cluster.send(apply(services, web));
  const http::Request& request = scripted.transport.waves.at(0).at(0);
  CHECK(request.method == "PATCH");
  CHECK(request.headers.back() == "Content-Type: application/apply-patch+yaml");
  CHECK(request.body == web.dump());
}

TEST_CASE("the answers of a wave stand in the order of the calls") {
  Scripted scripted(
      [](const http::Request& request) { return json_reply(200, Json(request.target).dump()); });
  const std::vector<Call> wave{get(services, "team", "a"), get(services, "team", "b"),
                               list(services, "team")};
  const auto answers = scripted.cluster.send(wave);
  REQUIRE(answers.size() == 3);
  for (std::size_t i = 0; i < wave.size(); ++i)
    CHECK(answers[i].body.as_string().starts_with(wave[i].target));
}

TEST_CASE("answers that are taken one by one come with the places of their calls") {
  Scripted scripted([](const http::Request& request) {
    return request.target.find("/c?") == std::string::npos ? json_reply(200, Json(request.target).dump())
                                                           : no_reply(Failure::refused);
  });
  const std::vector<Call> wave{get(services, "team", "a"), get(services, "team", "b"),
                               get(services, "team", "c")};
  std::vector<std::string> taken;
  const auto take = [&](std::size_t place, const Answer& answer) {
    CHECK(answer.body.as_string().starts_with(wave[place].target));
    taken.push_back(wave[place].target);
  };
  CHECK_THROWS_AS(scripted.cluster.send(wave, take), ConnectionError);
  CHECK(taken == std::vector<std::string>{wave[0].target, wave[1].target});
}

TEST_CASE("an answer tells a made object from one that stood, and gives it away") {
  Scripted made(json_reply(201, R"({"kind":"Service"})"));
  Answer answer = made.cluster.send(get(services, "team", "web"));
  CHECK(answer.ok());
  CHECK(answer.created());
  CHECK(answer.value().dump() == R"({"kind":"Service"})");
  CHECK(answer.take().dump() == R"({"kind":"Service"})");
  Scripted stood(json_reply(200, "{}"));
  CHECK_FALSE(stood.cluster.send(get(services, "team", "web")).created());
}

TEST_CASE("a Status becomes the answer's error and is thrown by who needs the object") {
  Scripted scripted(
      json_reply(404, R"({"kind":"Status","reason":"NotFound","message":"services \"web\" not found"})"));
  Answer answer = scripted.cluster.send(get(services, "team", "web"));
  CHECK_FALSE(answer.ok());
  CHECK(answer.not_found());
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->reason() == "NotFound");
  CHECK_THROWS_WITH_AS(answer.value(), "services \"web\" not found", ApiError);
  CHECK_THROWS_AS(answer.take(), ApiError);
}

TEST_CASE("an answer tells an object that was to be new from one that the server refuses") {
  const auto refused = [](const std::string& field) {
    Scripted scripted(json_reply(
        422, R"({"kind":"Status","reason":"Invalid","message":"no","details":{"causes":[{"field":")" + field +
                 R"("}]}})"));
    return scripted.cluster.send(apply(services, object({}), {.only_new = true}));
  };
  CHECK(refused("metadata.deletionGracePeriodSeconds").stands_already());
  CHECK_FALSE(refused("spec.ports").stands_already());
  Scripted made(json_reply(201, "{}"));
  CHECK_FALSE(made.cluster.send(apply(services, object({}), {.only_new = true})).stands_already());
}

TEST_CASE("one refused call hides none of its siblings") {
  Scripted scripted([](const http::Request& request) {
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
  Scripted scripted(json_reply(401, ""));
  CHECK_THROWS_AS(scripted.cluster.send(get(services, "team", "web")), ApiError);
}

TEST_CASE("a server that is not reached ends the command") {
  Scripted scripted(no_reply(Failure::refused));
  CHECK_THROWS_WITH_AS(
      scripted.cluster.send(get(services, "team", "web")),
      "The connection to the server api:6443 was refused - did you specify the right host or port?",
      ConnectionError);
}

TEST_CASE("a login page that says 200 is not taken for an object") {
  Reply page = json_reply(200, "<html>");
  page.headers = {{"content-type", "text/html"}};
  Scripted scripted(page);
  CHECK(mentions(error_of([&] { scripted.cluster.send(get(services, "team", "web")); }),
                 {"api:6443", "text/html", "JSON"}));
}

TEST_CASE("a warning of code 299 is passed on once, however often it comes") {
  Scripted scripted(warning({"299 - \"v1beta1 is deprecated\""}));
  const std::vector<Call> wave(3, get(services, "team", "web"));
  scripted.cluster.send(wave);
  scripted.cluster.send(wave);
  CHECK(scripted.warnings == std::vector<std::string>{"v1beta1 is deprecated"});
}

TEST_CASE("different warnings are all passed on, those of other codes are not") {
  Scripted scripted(
      warning({"299 - \"one\"", "199 - \"other\"", "299 - \"two\"", "299 - unquoted", "2990 - \"x\""}));
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"one", "two"});
}

TEST_CASE("several warnings may share a header, with quotes escaped and a date behind") {
  Scripted scripted(warning({R"(299 - "one", 299 - "say \"two\"" "Sat, 25 Aug 2012 23:34:45 GMT")"}));
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"one", "say \"two\""});
}

TEST_CASE("a warning is made printable") {
  Scripted scripted(warning({"299 - \"\x1b[31mred\""}));
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"^[[31mred"});
}

TEST_CASE("a refused request warns too") {
  Reply reply = warning({"299 - \"strict\""});
  reply.status = 400;
  Scripted scripted(reply);
  scripted.cluster.send(get(services, "team", "web"));
  CHECK(scripted.warnings == std::vector<std::string>{"strict"});
}

TEST_CASE("whatever the chunks, follow hands on whole events") {
  const std::string first = R"({"type":"ADDED","object":{"a":1}})";
  const std::string second = R"({"type":"MODIFIED","object":{"a":2}})";
  for (const std::size_t chunk : {1U, 7U, 35U, 4096U}) {
    CAPTURE(chunk);
    Scripted scripted(json_reply(200, first + "\n" + second + "\n"));
    scripted.transport.chunk = chunk;
    CHECK(scripted.followed() == std::vector<std::string>{first, second});
  }
}

TEST_CASE("follow gives a watch ten seconds more than the server was told") {
  Scripted scripted(json_reply(200, ""));
  CHECK(scripted.followed().empty());
  const http::Request& request = scripted.transport.waves.at(0).at(0);
  CHECK(request.target ==
        "/api/v1/namespaces/team/services?watch=true&allowWatchBookmarks=true"
        "&fieldSelector=metadata.name%3Dweb&resourceVersion=7&timeoutSeconds=30&timeout=5s");
  CHECK(request.headers.front() == "Authorization: Bearer t");
  CHECK(request.timeout == std::chrono::seconds(40));
}

TEST_CASE("follow ends as soon as its reader has seen enough") {
  Scripted scripted(json_reply(200, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n"));
  CHECK(scripted.followed(2) == std::vector<std::string>{R"({"n":1})", R"({"n":2})"});
}

TEST_CASE("an event that was cut off is not handed on") {
  Scripted scripted(json_reply(200, "{\"n\":1}\n{\"n\":"));
  CHECK(scripted.followed() == std::vector<std::string>{R"({"n":1})"});
}

TEST_CASE("what is no event, or has no end, is a fault of the connection") {
  Scripted html(json_reply(200, "<html>\n"));
  CHECK(mentions(error_of([&] { html.followed(); }), {"api:6443", "watch", "JSON"}));
  Scripted endless(json_reply(200, std::string(65U << 20U, ' ')));
  endless.transport.chunk = 1U << 20U;
  CHECK(mentions(error_of([&] { endless.followed(); }), {"api:6443", "event", "watch"}));
}

TEST_CASE("follow throws what the server refuses, and what never came") {
  Scripted gone(json_reply(410, R"({"kind":"Status","reason":"Expired","message":"too old"})"));
  CHECK_THROWS_WITH_AS(gone.followed(), "too old", ApiError);
  Scripted refused(no_reply(Failure::refused));
  CHECK_THROWS_AS(refused.followed(), ConnectionError);
}

TEST_CASE("a cluster works without anyone to warn") {
  ScriptedTransport transport(warning({"299 - \"x\""}));
  Cluster cluster(transport, somebody());
  CHECK(cluster.send(get(services, "team", "web")).ok());
}

}  // namespace egress::kube

TEST_SUITE_END();
