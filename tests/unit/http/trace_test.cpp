#include "egress/http/trace.hpp"

#include <doctest/doctest.h>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using testing::json_reply;
using testing::no_reply;
using testing::ScriptedTransport;

/// A traced transport, and what the trace tells.
struct Traced {
  explicit Traced(ScriptedTransport::Script script) : inner(std::move(script)) {}

  ScriptedTransport inner;
  std::vector<std::string> lines;
  Trace trace{inner, "https://api:6443/prefix", [this](const std::string& line) { lines.push_back(line); }};
};

Reply taking(Reply reply, std::chrono::microseconds took) {
  reply.took = took;
  return reply;
}

}  // namespace

TEST_CASE("each request of a wave is told of, in the wave's order") {
  Traced traced([](const Request& request) {
    return request.method == "GET" ? taking(json_reply(200, "{}"), std::chrono::microseconds(12'999))
                                   : taking(json_reply(409, "{}"), std::chrono::microseconds(999));
  });
  const std::vector<Request> wave{{.method = "GET", .target = "/a?b=c"}, {.method = "POST", .target = "/d"}};
  traced.trace.send(wave);
  CHECK(traced.lines == std::vector<std::string>{
                            "GET https://api:6443/prefix/a?b=c 200 in 12 milliseconds",
                            "POST https://api:6443/prefix/d 409 in 0 milliseconds",
                        });
}

TEST_CASE("a request that failed is told of with the reason") {
  Traced traced([](const Request&) { return no_reply(Failure::refused, "Connection refused"); });
  traced.trace.send(std::vector<Request>{{.target = "/a"}});
  CHECK(traced.lines == std::vector<std::string>{"GET https://api:6443/prefix/a failed: Connection refused"});
}

TEST_CASE("neither headers nor bodies are told of") {
  Traced traced([](const Request&) { return json_reply(200, "answered-secret"); });
  traced.trace.send(std::vector<Request>{{.method = "POST",
                                          .target = "/a",
                                          .headers = {"Authorization: Bearer secret"},
                                          .body = "sent-secret"}});
  REQUIRE(traced.lines.size() == 1);
  CHECK(traced.lines.front() == "POST https://api:6443/prefix/a 200 in 0 milliseconds");
}

TEST_CASE("requests and replies pass through unchanged") {
  Traced traced([](const Request& request) { return json_reply(200, request.target + request.body); });
  const auto replies = traced.trace.send(
      std::vector<Request>{{.target = "/a", .headers = {"A: 1"}, .body = "x"}, {.target = "/b"}});
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].body == "/ax");
  CHECK(replies[1].body == "/b");
  REQUIRE(traced.inner.waves.size() == 1);
  CHECK(traced.inner.waves[0][0].headers == std::vector<std::string>{"A: 1"});
  CHECK(traced.trace.traffic().waves == 1);
}

TEST_CASE("a stream is told of once, when it ends") {
  Traced traced([](const Request&) { return json_reply(200, "abcdef"); });
  traced.inner.chunk = 2;
  std::string got;
  traced.trace.stream({.target = "/w"}, [&](std::string_view data) {
    CHECK(traced.lines.empty());
    got += data;
    return true;
  });
  CHECK(got == "abcdef");
  CHECK(traced.lines == std::vector<std::string>{"GET https://api:6443/prefix/w 200 in 0 milliseconds"});
}

}  // namespace egress::http

TEST_SUITE_END();
