#include "egress/kube/watch.hpp"

#include <doctest/doctest.h>

#include <deque>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using http::Response;
using testing::json_reply;

Json web(const std::string& version, const std::string& uid = "u") {
  const Json metadata =
      object({{"name", "web"}, {"namespace", "team"}, {"uid", uid}, {"resourceVersion", version}});
  return object({{"metadata", metadata}});
}

Response list_reply(const std::string& version, const std::vector<Json>& found) {
  Json items{Json::Array{}};
  for (const Json& object : found) items.push(object);
  const Json metadata = object({{"resourceVersion", version}});
  return json_reply(200, object({{"metadata", metadata}, {"items", items}}).dump());
}

std::string event(const std::string& type, const Json& object) {
  return egress::object({{"type", type}, {"object", object}}).dump() + "\n";
}

Json status(int code, const std::string& reason, int retry_after = 0) {
  return object({
      {"kind", "Status"},
      {"code", code},
      {"reason", reason},
      {"message", "no: " + reason},
      {"details", object({{"retryAfterSeconds", retry_after}})},
  });
}

Response failure(int code, const std::string& reason, int retry_after = 0) {
  return json_reply(code, status(code, reason, retry_after).dump());
}

/// A server with scripted answers, and the changes of the object "web".
struct WatchedObject {
  explicit WatchedObject(std::vector<Response> answers) : responses(answers.begin(), answers.end()) {}

  bool follow(std::size_t limit) {
    const std::size_t before = changes.size();
    return watch.follow(std::chrono::steady_clock::now() + std::chrono::hours(1), [&](const Change& change) {
      const char* kinds[] = {"exists", "deleted", "synced"};
      const std::string& version = change.object["metadata"]["resourceVersion"].as_string();
      changes.push_back(kinds[static_cast<int>(change.kind)] + (version.empty() ? "" : " " + version));
      return changes.size() - before < limit;
    });
  }

  /// The requests: "list", "get" or "watch VERSION".
  std::vector<std::string> requests() const {
    std::vector<std::string> all;
    for (const auto& wave : transport.waves) {
      const std::string& target = wave.front().target;
      const std::string key = "resourceVersion=";
      const std::size_t version = target.find(key);
      if (version != std::string::npos)
        all.push_back("watch " +
                      target.substr(version + key.size(), target.find('&', version) - version - key.size()));
      else
        all.emplace_back(target.find('?') == std::string::npos ? "get" : "list");
    }
    return all;
  }

  std::deque<Response> responses;
  std::vector<std::string> changes;
  std::vector<std::string> errors;
  std::vector<long> pauses;  ///< in whole seconds
  testing::ScriptedTransport transport{[this](const http::Request&) {
    Response next = responses.front();
    responses.pop_front();
    return next;
  }};
  Cluster cluster{transport, {}};
  Watch watch{cluster,
              {kinds::service},
              "team",
              "web",
              [this](const Error& error) { errors.emplace_back(error.what()); },
              [this](std::chrono::milliseconds pause) {
                pauses.push_back(std::chrono::round<std::chrono::seconds>(pause).count());
              }};
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a watch lists the objects and follows changes after the list") {
  WatchedObject watched({list_reply("5", {web("3")}),
                         json_reply(200, event("MODIFIED", web("6")) + event("DELETED", web("8")))});
  CHECK(watched.follow(4));
  CHECK(watched.changes == Strings{"exists 3", "synced", "exists 6", "deleted 8"});
  CHECK(watched.requests() == Strings{"list", "watch 5"});
  const std::string list = watched.transport.waves[0][0].target;
  CHECK(list == "/api/v1/namespaces/team/services?fieldSelector=metadata.name%3Dweb&limit=500");
  const std::string stream = watched.transport.waves[1][0].target;
  CHECK(
      stream.starts_with("/api/v1/namespaces/team/services?watch=true&allowWatchBookmarks=true"
                         "&fieldSelector=metadata.name%3Dweb&resourceVersion=5&timeoutSeconds="));
  const int seconds = std::stoi(stream.substr(stream.rfind('=') + 1));
  CHECK(seconds >= 300);
  CHECK(seconds <= 600);
  CHECK(watched.pauses.empty());
}

TEST_CASE("a stream through a proxy is short") {
  testing::ScriptedTransport transport([](const http::Request& request) {
    if (request.target.find("watch=true") == std::string::npos) return list_reply("5", {});
    return json_reply(200, event("ADDED", web("6")));
  });
  Identity identity;
  identity.uses_proxy = true;
  Cluster cluster(transport, identity);
  Watch watch(cluster, {kinds::service}, "team", "web");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  CHECK(watch.follow(deadline, [](const Change& change) { return change.kind != Change::Kind::exists; }));
  const std::string stream = transport.waves[1][0].target;
  const int seconds = std::stoi(stream.substr(stream.rfind('=') + 1));
  CHECK(seconds >= 30);
  CHECK(seconds <= 60);
}

TEST_CASE("the stream's timeout is not longer than the deadline") {
  testing::ScriptedTransport transport([](const http::Request& request) {
    if (request.target.find("watch=true") == std::string::npos) return list_reply("5", {});
    return json_reply(200, event("ADDED", web("6")));
  });
  Cluster cluster(transport, {});
  Watch watch(cluster, {kinds::service}, "team", "web");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(9500);
  CHECK(watch.follow(deadline, [](const Change& change) { return change.kind != Change::Kind::exists; }));
  CHECK(transport.waves[1][0].target.ends_with("timeoutSeconds=10"));
}

TEST_CASE("after its deadline a watch sends no requests") {
  WatchedObject watched({});
  CHECK_FALSE(watched.watch.follow(std::chrono::steady_clock::now(), [](const Change&) { return true; }));
  CHECK(watched.transport.waves.empty());
}

TEST_CASE("every event is reported once and whole, whatever the chunks") {
  for (const std::size_t chunk : {1U, 7U, 4096U}) {
    CAPTURE(chunk);
    WatchedObject watched(
        {list_reply("5", {}), json_reply(200, event("ADDED", web("6")) + event("MODIFIED", web("7")))});
    watched.transport.chunk = chunk;
    CHECK(watched.follow(3));
    CHECK(watched.changes == Strings{"synced", "exists 6", "exists 7"});
  }
}

TEST_CASE("the next stream starts where the last one ended, a second later, or at a bookmark") {
  WatchedObject watched({list_reply("5", {web("3")}), json_reply(200, event("MODIFIED", web("6"))),
                         json_reply(200, event("BOOKMARK", web("9"))),
                         json_reply(200, event("MODIFIED", web("12")))});
  CHECK(watched.follow(4));
  CHECK(watched.changes == Strings{"exists 3", "synced", "exists 6", "exists 12"});
  CHECK(watched.requests() == Strings{"list", "watch 5", "watch 6", "watch 9"});
  CHECK(watched.pauses == std::vector<long>{1, 1});
}

TEST_CASE("the next follow() continues after the last reported change") {
  WatchedObject watched({list_reply("5", {web("3")}),
                         json_reply(200, event("MODIFIED", web("6")) + event("MODIFIED", web("7"))),
                         json_reply(200, event("MODIFIED", web("7")))});
  CHECK(watched.follow(2));
  CHECK(watched.follow(1));
  CHECK(watched.follow(1));
  CHECK(watched.changes == Strings{"exists 3", "synced", "exists 6", "exists 7"});
  CHECK(watched.requests() == Strings{"list", "watch 5", "watch 6"});
}

TEST_CASE("an expired resource version is listed again, and deleted objects are reported") {
  for (const Response& gone :
       {failure(410, "Expired"), json_reply(200, event("ERROR", status(410, "Expired")))}) {
    WatchedObject watched({list_reply("5", {web("3")}), gone, list_reply("90", {}),
                           json_reply(200, event("ADDED", web("91", "another")))});
    CHECK(watched.follow(5));
    CHECK(watched.changes == Strings{"exists 3", "synced", "deleted", "synced", "exists 91"});
    CHECK(watched.requests() == Strings{"list", "watch 5", "list", "watch 90"});
    CHECK(watched.errors.empty());
  }
}

TEST_CASE("a recreated object in a later list is reported as deleted and existing") {
  WatchedObject watched(
      {list_reply("5", {web("3")}), failure(410, "Gone"), list_reply("90", {web("80", "another")})});
  CHECK(watched.follow(5));
  CHECK(watched.changes == Strings{"exists 3", "synced", "deleted", "exists 80", "synced"});
}

TEST_CASE("after a server error the watch continues from its version after the retry delay") {
  for (const int code : {500, 504}) {
    CAPTURE(code);
    WatchedObject watched({list_reply("5", {}), json_reply(200, event("ERROR", status(code, "Timeout", 7))),
                           failure(code, "Timeout", 9), json_reply(200, event("ADDED", web("6")))});
    CHECK(watched.follow(2));
    CHECK(watched.requests() == Strings{"list", "watch 5", "watch 5", "watch 5"});
    CHECK(watched.pauses == std::vector<long>{7, 9});
    CHECK(watched.errors == Strings{"no: Timeout", "no: Timeout"});
  }
}

TEST_CASE("after any other ERROR event the objects are listed again") {
  WatchedObject watched({list_reply("5", {}), json_reply(200, event("ERROR", status(400, "Odd"))),
                         list_reply("6", {web("6")})});
  CHECK(watched.follow(3));
  CHECK(watched.requests() == Strings{"list", "watch 5", "list"});
  CHECK(watched.errors == Strings{"no: Odd"});
}

TEST_CASE("a broken connection is retried after a second") {
  WatchedObject watched({list_reply("5", {}), testing::no_reply(http::Failure::connection_lost, "gone"),
                         testing::no_reply(http::Failure::connection_refused),
                         json_reply(200, event("ADDED", web("6")))});
  CHECK(watched.follow(2));
  CHECK(watched.requests() == Strings{"list", "watch 5", "watch 5", "watch 5"});
  CHECK(watched.pauses == std::vector<long>{1, 1});
  CHECK(watched.errors.size() == 2);
}

TEST_CASE("401 and 404 are not retried") {
  for (const Response& no : {failure(401, "Unauthorized"), failure(404, "NotFound")}) {
    WatchedObject listing({no});
    CHECK_THROWS_AS(listing.follow(1), ApiError);
    WatchedObject watching({list_reply("5", {}), no});
    CHECK_THROWS_AS(watching.follow(2), ApiError);
  }
}

TEST_CASE("without permission to watch the objects are listed once a second") {
  WatchedObject watched({list_reply("5", {web("3")}), failure(403, "Forbidden"), list_reply("6", {web("3")}),
                         list_reply("9", {})});
  CHECK(watched.follow(6));
  CHECK(watched.changes == Strings{"exists 3", "synced", "exists 3", "synced", "deleted", "synced"});
  CHECK(watched.requests() == Strings{"list", "watch 5", "list", "list"});
  CHECK(watched.pauses == std::vector<long>{1});
}

TEST_CASE("without permission to watch and list the object is polled, and without that an error is thrown") {
  WatchedObject watched(
      {failure(403, "Forbidden"), json_reply(200, web("3").dump()), failure(404, "NotFound")});
  CHECK(watched.follow(4));
  CHECK(watched.changes == Strings{"exists 3", "synced", "deleted", "synced"});
  CHECK(watched.requests() == Strings{"list", "get", "get"});
  WatchedObject blind({failure(403, "Forbidden"), failure(403, "Forbidden")});
  CHECK_THROWS_WITH_AS(blind.follow(1), "no: Forbidden", ApiError);
}

TEST_CASE("start_at() follows an object from its version without listing it") {
  WatchedObject watched(
      {json_reply(200, event("MODIFIED", web("8"))), failure(410, "Expired"), list_reply("9", {})});
  watched.watch.start_at(web("7")["metadata"]);
  CHECK(watched.follow(3));
  CHECK(watched.changes == Strings{"exists 8", "deleted", "synced"});
  CHECK(watched.requests() == Strings{"watch 7", "watch 8", "list"});
}

TEST_CASE("a collection is watched, or listed repeatedly if watching is forbidden") {
  testing::ScriptedTransport transport([](const http::Request& request) {
    if (request.target.find("watch=true") != std::string::npos) return failure(403, "Forbidden");
    return list_reply("5", {web("3")});
  });
  Cluster cluster(transport, {});
  Watch watch(cluster, {{kinds::service}, "", {.label_selector = "a=b"}}, {},
              [](std::chrono::milliseconds) {});
  int lists = 0;
  CHECK(watch.follow(std::chrono::steady_clock::now() + std::chrono::hours(1), [&](const Change& change) {
    lists += change.kind == Change::Kind::synced ? 1 : 0;
    return lists < 3;
  }));
  CHECK(transport.waves.size() == 4);
  CHECK(transport.waves[1][0].target.starts_with(
      "/api/v1/services?watch=true&allowWatchBookmarks=true&labelSelector=a%3Db&resourceVersion=5&"));
}

}  // namespace egress::kube

TEST_SUITE_END();
