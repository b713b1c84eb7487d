#include "egress/kube/watch.hpp"

#include <doctest/doctest.h>

#include <deque>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using http::Reply;
using testing::json_reply;

Json web(const std::string& version, const std::string& uid = "u") {
  const Json metadata =
      object({{"name", "web"}, {"namespace", "team"}, {"uid", uid}, {"resourceVersion", version}});
  return object({{"metadata", metadata}});
}

Reply list_of(const std::string& version, const std::vector<Json>& found) {
  Json items{Json::Array{}};
  for (const Json& one : found) items.push(one);
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

Reply refusal(int code, const std::string& reason, int retry_after = 0) {
  return json_reply(code, status(code, reason, retry_after).dump());
}

/// A server that gives its answers in their order, and what is told of the object "web".
struct Watched {
  explicit Watched(std::vector<Reply> answers) : replies(answers.begin(), answers.end()) {}

  bool follow(std::size_t most) {
    const std::size_t before = told.size();
    return watch.follow(std::chrono::steady_clock::now() + std::chrono::hours(1), [&](const Change& change) {
      const char* kinds[] = {"standing", "gone", "listed"};
      const std::string& version = change.object["metadata"]["resourceVersion"].as_string();
      told.push_back(kinds[static_cast<int>(change.kind)] + (version.empty() ? "" : " " + version));
      return told.size() - before < most;
    });
  }

  /// "list", "get" or "watch VERSION" of each request.
  std::vector<std::string> asked() const {
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

  std::deque<Reply> replies;
  std::vector<std::string> told;
  std::vector<std::string> troubles;
  std::vector<long> pauses;  ///< in whole seconds
  testing::ScriptedTransport transport{[this](const http::Request&) {
    Reply next = replies.front();
    replies.pop_front();
    return next;
  }};
  Cluster cluster{transport, {}};
  Watch watch{cluster,
              {kinds::service},
              "team",
              "web",
              [this](const Error& error) { troubles.emplace_back(error.what()); },
              [this](std::chrono::milliseconds pause) {
                pauses.push_back(std::chrono::round<std::chrono::seconds>(pause).count());
              }};
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a watch lists what stands, and follows what changes after the list") {
  Watched watched(
      {list_of("5", {web("3")}), json_reply(200, event("MODIFIED", web("6")) + event("DELETED", web("8")))});
  CHECK(watched.follow(4));
  CHECK(watched.told == Texts{"standing 3", "listed", "standing 6", "gone 8"});
  CHECK(watched.asked() == Texts{"list", "watch 5"});
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

TEST_CASE("through a proxy, which stays where the server is gone, a stream is short") {
  testing::ScriptedTransport transport([](const http::Request& request) {
    if (request.target.find("watch=true") == std::string::npos) return list_of("5", {});
    return json_reply(200, event("ADDED", web("6")));
  });
  Identity identity;
  identity.through_proxy = true;
  Cluster cluster(transport, identity);
  Watch watch(cluster, {kinds::service}, "team", "web");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  CHECK(watch.follow(deadline, [](const Change& change) { return change.kind != Change::Kind::standing; }));
  const std::string stream = transport.waves[1][0].target;
  const int seconds = std::stoi(stream.substr(stream.rfind('=') + 1));
  CHECK(seconds >= 30);
  CHECK(seconds <= 60);
}

TEST_CASE("the server is asked for no longer a stream than there is time") {
  testing::ScriptedTransport transport([](const http::Request& request) {
    if (request.target.find("watch=true") == std::string::npos) return list_of("5", {});
    return json_reply(200, event("ADDED", web("6")));
  });
  Cluster cluster(transport, {});
  Watch watch(cluster, {kinds::service}, "team", "web");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(9500);
  CHECK(watch.follow(deadline, [](const Change& change) { return change.kind != Change::Kind::standing; }));
  CHECK(transport.waves[1][0].target.ends_with("timeoutSeconds=10"));
}

TEST_CASE("after its deadline a watch asks for nothing") {
  Watched watched({});
  CHECK_FALSE(watched.watch.follow(std::chrono::steady_clock::now(), [](const Change&) { return true; }));
  CHECK(watched.transport.waves.empty());
}

TEST_CASE("whatever the chunks, every event is told once and whole") {
  for (const std::size_t chunk : {1U, 7U, 4096U}) {
    CAPTURE(chunk);
    Watched watched(
        {list_of("5", {}), json_reply(200, event("ADDED", web("6")) + event("MODIFIED", web("7")))});
    watched.transport.chunk = chunk;
    CHECK(watched.follow(3));
    CHECK(watched.told == Texts{"listed", "standing 6", "standing 7"});
  }
}

TEST_CASE("where a stream ends the next one begins, a second later, from a bookmark if one came") {
  Watched watched({list_of("5", {web("3")}), json_reply(200, event("MODIFIED", web("6"))),
                   json_reply(200, event("BOOKMARK", web("9"))),
                   json_reply(200, event("MODIFIED", web("12")))});
  CHECK(watched.follow(4));
  CHECK(watched.told == Texts{"standing 3", "listed", "standing 6", "standing 12"});
  CHECK(watched.asked() == Texts{"list", "watch 5", "watch 6", "watch 9"});
  CHECK(watched.pauses == std::vector<long>{1, 1});
}

TEST_CASE("a caller that had enough goes on behind what it was told") {
  Watched watched({list_of("5", {web("3")}),
                   json_reply(200, event("MODIFIED", web("6")) + event("MODIFIED", web("7"))),
                   json_reply(200, event("MODIFIED", web("7")))});
  CHECK(watched.follow(2));
  CHECK(watched.follow(1));
  CHECK(watched.follow(1));
  CHECK(watched.told == Texts{"standing 3", "listed", "standing 6", "standing 7"});
  CHECK(watched.asked() == Texts{"list", "watch 5", "watch 6"});
}

TEST_CASE("a version that the server has forgotten is listed again, and what went meanwhile is told") {
  for (const Reply& gone :
       {refusal(410, "Expired"), json_reply(200, event("ERROR", status(410, "Expired")))}) {
    Watched watched({list_of("5", {web("3")}), gone, list_of("90", {}),
                     json_reply(200, event("ADDED", web("91", "another")))});
    CHECK(watched.follow(5));
    CHECK(watched.told == Texts{"standing 3", "listed", "gone", "listed", "standing 91"});
    CHECK(watched.asked() == Texts{"list", "watch 5", "list", "watch 90"});
    CHECK(watched.troubles.empty());
  }
}

TEST_CASE("another object of the name in a later list is told as the end of the first") {
  Watched watched({list_of("5", {web("3")}), refusal(410, "Gone"), list_of("90", {web("80", "another")})});
  CHECK(watched.follow(5));
  CHECK(watched.told == Texts{"standing 3", "listed", "gone", "standing 80", "listed"});
}

TEST_CASE("after a fault of the server the watch goes on from its version when it asks to") {
  for (const int code : {500, 504}) {
    CAPTURE(code);
    Watched watched({list_of("5", {}), json_reply(200, event("ERROR", status(code, "Timeout", 7))),
                     refusal(code, "Timeout", 9), json_reply(200, event("ADDED", web("6")))});
    CHECK(watched.follow(2));
    CHECK(watched.asked() == Texts{"list", "watch 5", "watch 5", "watch 5"});
    CHECK(watched.pauses == std::vector<long>{7, 9});
    CHECK(watched.troubles == Texts{"no: Timeout", "no: Timeout"});
  }
}

TEST_CASE("after any other error among the events what stands is listed again") {
  Watched watched(
      {list_of("5", {}), json_reply(200, event("ERROR", status(400, "Odd"))), list_of("6", {web("6")})});
  CHECK(watched.follow(3));
  CHECK(watched.asked() == Texts{"list", "watch 5", "list"});
  CHECK(watched.troubles == Texts{"no: Odd"});
}

TEST_CASE("a connection that breaks is made anew after a second") {
  Watched watched({list_of("5", {}), testing::no_reply(http::Failure::lost, "gone"),
                   testing::no_reply(http::Failure::refused), json_reply(200, event("ADDED", web("6")))});
  CHECK(watched.follow(2));
  CHECK(watched.asked() == Texts{"list", "watch 5", "watch 5", "watch 5"});
  CHECK(watched.pauses == std::vector<long>{1, 1});
  CHECK(watched.troubles.size() == 2);
}

TEST_CASE("who is not known, and what is not served, is not tried again") {
  for (const Reply& no : {refusal(401, "Unauthorized"), refusal(404, "NotFound")}) {
    Watched listing({no});
    CHECK_THROWS_AS(listing.follow(1), ApiError);
    Watched watching({list_of("5", {}), no});
    CHECK_THROWS_AS(watching.follow(2), ApiError);
  }
}

TEST_CASE("who may not watch looks once a second") {
  Watched watched(
      {list_of("5", {web("3")}), refusal(403, "Forbidden"), list_of("6", {web("3")}), list_of("9", {})});
  CHECK(watched.follow(6));
  CHECK(watched.told == Texts{"standing 3", "listed", "standing 3", "listed", "gone", "listed"});
  CHECK(watched.asked() == Texts{"list", "watch 5", "list", "list"});
  CHECK(watched.pauses == std::vector<long>{1});
}

TEST_CASE("who may neither watch nor list looks at the one object, and who may not do that is told so") {
  Watched watched({refusal(403, "Forbidden"), json_reply(200, web("3").dump()), refusal(404, "NotFound")});
  CHECK(watched.follow(4));
  CHECK(watched.told == Texts{"standing 3", "listed", "gone", "listed"});
  CHECK(watched.asked() == Texts{"list", "get", "get"});
  Watched blind({refusal(403, "Forbidden"), refusal(403, "Forbidden")});
  CHECK_THROWS_WITH_AS(blind.follow(1), "no: Forbidden", ApiError);
}

TEST_CASE("an object that was written just now is followed from there, and not listed") {
  Watched watched({json_reply(200, event("MODIFIED", web("8"))), refusal(410, "Expired"), list_of("9", {})});
  watched.watch.start_at(web("7")["metadata"]);
  CHECK(watched.follow(3));
  CHECK(watched.told == Texts{"standing 8", "gone", "listed"});
  CHECK(watched.asked() == Texts{"watch 7", "watch 8", "list"});
}

TEST_CASE("a collection is watched as a whole, or where that is forbidden listed again and again") {
  testing::ScriptedTransport transport([](const http::Request& request) {
    if (request.target.find("watch=true") != std::string::npos) return refusal(403, "Forbidden");
    return list_of("5", {web("3")});
  });
  Cluster cluster(transport, {});
  Watch watch(cluster, {{kinds::service}, "", {.labels = "a=b"}}, {}, [](std::chrono::milliseconds) {});
  int lists = 0;
  CHECK(watch.follow(std::chrono::steady_clock::now() + std::chrono::hours(1), [&](const Change& change) {
    lists += change.kind == Change::Kind::listed ? 1 : 0;
    return lists < 3;
  }));
  CHECK(transport.waves.size() == 4);
  CHECK(transport.waves[1][0].target.starts_with(
      "/api/v1/services?watch=true&allowWatchBookmarks=true&labelSelector=a%3Db&resourceVersion=5&"));
}

}  // namespace egress::kube

TEST_SUITE_END();
