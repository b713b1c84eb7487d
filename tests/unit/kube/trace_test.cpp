#include "egress/kube/trace.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "support/scripted_transport.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using http::Failure;
using http::Request;
using http::Response;
using testing::json_reply;
using testing::no_reply;
using testing::ScriptedTransport;

/// A traced transport and the lines of its trace.
struct TracedTransport {
  explicit TracedTransport(ScriptedTransport::Script script, int level = 6)
      : inner(std::move(script)),
        trace(inner, "https://api:6443/prefix", level,
              [this](const std::string& line) { lines.push_back(line); }) {}

  ScriptedTransport inner;
  std::vector<std::string> lines;
  Trace trace;
};

Request post_request() {
  return {.method = "POST",
          .target = "/a?b=c",
          .headers = {"Accept: application/json", "Authorization: Bearer secret", "Impersonate-User: jane's"},
          .body = R"({"a":"sent"})"};
}

Response with_duration(Response response, std::chrono::microseconds took) {
  response.duration = took;
  return response;
}

}  // namespace

TEST_CASE("each request of a wave is traced, in order") {
  TracedTransport traced([](const Request& request) {
    return request.method == "GET" ? with_duration(json_reply(200, "{}"), std::chrono::microseconds(12'999))
                                   : with_duration(json_reply(409, "{}"), std::chrono::microseconds(999));
  });
  const std::vector<Request> wave{{.method = "GET", .target = "/a?b=c"}, {.method = "POST", .target = "/d"}};
  traced.trace.send(wave);
  CHECK(traced.lines == std::vector<std::string>{
                            "GET https://api:6443/prefix/a?b=c 200 in 12 milliseconds",
                            "POST https://api:6443/prefix/d 409 in 0 milliseconds",
                        });
}

TEST_CASE("a failed request is traced with the reason") {
  TracedTransport traced(
      [](const Request&) { return no_reply(Failure::connection_refused, "Connection refused"); });
  traced.trace.send(std::vector<Request>{{.target = "/a"}});
  CHECK(traced.lines == std::vector<std::string>{"GET https://api:6443/prefix/a failed: Connection refused"});
}

TEST_CASE("level 6 traces neither headers nor bodies") {
  TracedTransport traced([](const Request&) { return json_reply(200, "answered"); });
  traced.trace.send(std::vector<Request>{post_request()});
  CHECK(traced.lines == std::vector<std::string>{"POST https://api:6443/prefix/a?b=c 200 in 0 milliseconds"});
}

TEST_CASE("level 7 traces request headers before the request is sent") {
  TracedTransport traced([](const Request&) { return json_reply(201, "answered"); }, 7);
  traced.trace.send(std::vector<Request>{post_request()});
  CHECK(traced.lines == std::vector<std::string>{
                            "POST https://api:6443/prefix/a?b=c request headers:",
                            "    Accept: application/json",
                            "    Authorization: Bearer <masked>",
                            "    Impersonate-User: jane's",
                            "POST https://api:6443/prefix/a?b=c 201 in 0 milliseconds",
                        });
}

TEST_CASE("level 8 traces response headers and both bodies") {
  TracedTransport traced([](const Request&) { return json_reply(201, R"({"a": "answered"})"); }, 8);
  traced.trace.send(std::vector<Request>{post_request()});
  CHECK(traced.lines == std::vector<std::string>{
                            "POST https://api:6443/prefix/a?b=c request headers:",
                            "    Accept: application/json",
                            "    Authorization: Bearer <masked>",
                            "    Impersonate-User: jane's",
                            R"(POST https://api:6443/prefix/a?b=c request body: {"a":"sent"})",
                            "POST https://api:6443/prefix/a?b=c 201 in 0 milliseconds",
                            "    content-type: application/json",
                            R"(POST https://api:6443/prefix/a?b=c response body: {"a":"answered"})",
                        });
}

TEST_CASE("level 9 traces a curl command instead of request headers") {
  TracedTransport traced([](const Request&) { return json_reply(201, ""); }, 9);
  traced.trace.send(std::vector<Request>{post_request()});
  CHECK(traced.lines ==
        std::vector<std::string>{
            "curl -v -XPOST -H 'Accept: application/json' -H 'Authorization: Bearer <masked>' -H "
            "'Impersonate-User: jane'\\''s' 'https://api:6443/prefix/a?b=c'",
            R"(POST https://api:6443/prefix/a?b=c request body: {"a":"sent"})",
            "POST https://api:6443/prefix/a?b=c 201 in 0 milliseconds",
            "    content-type: application/json",
        });
}

TEST_CASE("bodies are truncated to the size of the level") {
  const std::string body = Json(std::string(20'000, 'x')).dump();
  const auto last_line = [&](int level) {
    TracedTransport traced([&](const Request&) { return json_reply(200, "[" + body + "]"); }, level);
    traced.trace.send(std::vector<Request>{{.target = "/a"}});
    return traced.lines.back();
  };
  const std::string head = "GET https://api:6443/prefix/a response body: [\"";
  CHECK(last_line(8) == head + std::string(1022, 'x') + "… [truncated 18980 bytes]");
  CHECK(last_line(9) == head + std::string(10238, 'x') + "… [truncated 9764 bytes]");
  CHECK(last_line(10) == head + std::string(20'000, 'x') + "\"]");
}

TEST_CASE("truncated bodies show no secrets") {
  const Json secret = object({{"kind", "Secret"}, {"data", object({{"k", std::string(20'000, 'x')}})}});
  for (const int level : {8, 9, 10}) {
    TracedTransport traced([&](const Request&) { return json_reply(200, secret.dump()); }, level);
    traced.trace.send(std::vector<Request>{{.target = "/a"}});
    CHECK(traced.lines.back() ==
          R"(GET https://api:6443/prefix/a response body: {"kind":"Secret","data":{"k":"<masked>"}})");
  }
}

TEST_CASE("control characters and line breaks are escaped") {
  TracedTransport traced([](const Request&) { return json_reply(200, "a\nGET b\x1b[2J\r\x7f\xc2\x9b"); }, 9);
  traced.trace.send(std::vector<Request>{{.target = "/a\x1b", .headers = {"A: b\nC: \x1b]0;x\x07"}}});
  CHECK(traced.lines == std::vector<std::string>{
                            "curl -v -XGET -H 'A: b\\nC: ^[]0;x^G' 'https://api:6443/prefix/a^['",
                            "GET https://api:6443/prefix/a^[ 200 in 0 milliseconds",
                            "    content-type: application/json",
                            "GET https://api:6443/prefix/a^[ response body: a\\nGET b^[[2J^M^?\ufffd",
                        });
}

TEST_CASE("secrets are not traced at any level") {
  const std::string key = testing::pem_key();
  const std::string line = key.substr(key.find('\n') + 1, 64);
  const std::vector<std::string> secrets{"s3cr3t",
                                         encode_base64("s3cr3t"),
                                         line,
                                         encode_base64(key),
                                         encode_base64(key).substr(40, 40),
                                         testing::web_token,
                                         testing::bootstrap_token,
                                         "PRIVATE KEY"};
  const auto secret = object({{"kind", "Secret"},
                              {"data", object({{"a", encode_base64("s3cr3t")}, {"b", encode_base64(key)}})},
                              {"stringData", object({{"c", "s3cr3t"}, {"d", key}})}});
  const std::vector<Json> bodies{
      secret,
      object({{"kind", "SecretList"}, {"items", array({object({{"data", secret["data"]}})})}}),
      object({{"metadata", object({{"annotations", object({{"last-applied", secret.dump()}})}})}}),
      object({{"data",
               object({{"manifest.yaml", to_yaml(secret)}, {"tls.key", key}, {"b", encode_base64(key)}})}}),
      object({{"kind", "TokenReview"}, {"spec", object({{"token", "s3cr3t"}})}}),
      object({{"kind", "ExecCredential"}, {"status", object({{"clientKeyData", key}, {"x", "s3cr3t"}})}}),
      object({{"message", "a " + testing::web_token + " and " + testing::bootstrap_token}}),
      object({{"url", "https://jane:s3cr3t@host/"}, {"env", "Bearer s3cr3t"}, {"password", "s3cr3t"}}),
  };
  std::vector<Request> wave;
  const auto send = [&](const std::string& body) {
    wave.push_back({.method = "PATCH",
                    .target = "/api/v1/namespaces/a/secrets/b",
                    .headers = {"Authorization: Basic s3cr3t", "proxy-authorization: s3cr3t",
                                "Cookie: s3cr3t", "X-Token: s3cr3t", "A: " + testing::web_token},
                    .body = body});
    wave.push_back(wave.back());
    wave.back().target = "/a?token=s3cr3t";
  };
  for (const Json& body : bodies) {
    send(body.dump());
    send(to_yaml(body));
  }
  send("<html>" + key + "</html>");
  send(object({{"data", secret["data"]}}).dump());
  wave.back().target = "/api/v1/secrets";
  for (const int level : {6, 7, 8, 9, 10}) {
    CAPTURE(level);
    TracedTransport traced(
        [](const Request& request) {
          Response response = json_reply(200, request.body);
          response.headers.emplace_back("set-cookie", "s3cr3t");
          response.headers.emplace_back("location", "https://jane:s3cr3t@host/");
          return response;
        },
        level);
    traced.trace.send(wave);
    CHECK(traced.lines.size() >= wave.size());
    const std::string output = join(traced.lines, "\n");
    for (const std::string& secret_text : secrets) CHECK(output.find(secret_text) == std::string::npos);
  }
}

TEST_CASE("a failure and a server's URL are traced without user info") {
  const ScriptedTransport::Script script = [](const Request&) {
    return no_reply(Failure::proxy, "the proxy http://jane:s3cr3t@proxy refused");
  };
  ScriptedTransport inner(script);
  std::vector<std::string> lines;
  Trace trace(inner, "https://jane:s3cr3t@api", 9, [&](const std::string& line) { lines.push_back(line); });
  trace.send(std::vector<Request>{{.target = "/a"}});
  CHECK(lines == std::vector<std::string>{
                     "curl -v -XGET 'https://<masked>@api/a'",
                     "GET https://<masked>@api/a failed: the proxy http://<masked>@proxy refused",
                 });
}

TEST_CASE("requests and responses pass through unchanged") {
  TracedTransport traced(
      [](const Request& request) { return json_reply(200, request.target + request.body); });
  const auto responses = traced.trace.send(
      std::vector<Request>{{.target = "/a", .headers = {"A: 1"}, .body = "x"}, {.target = "/b"}});
  REQUIRE(responses.size() == 2);
  CHECK(responses[0].body == "/ax");
  CHECK(responses[1].body == "/b");
  REQUIRE(traced.inner.waves.size() == 1);
  CHECK(traced.inner.waves[0][0].headers == std::vector<std::string>{"A: 1"});
  CHECK(traced.trace.traffic().waves == 1);
}

TEST_CASE("a stream is traced once, when its headers arrive") {
  TracedTransport traced([](const Request&) { return json_reply(200, "abcdef"); });
  traced.inner.chunk = 2;
  const std::vector<std::string> line{"GET https://api:6443/prefix/w 200 in 0 milliseconds"};
  std::string received;
  traced.trace.stream({.target = "/w"}, [&](std::string_view data) {
    CHECK(traced.lines == line);
    received += data;
    return true;
  });
  CHECK(received == "abcdef");
  CHECK(traced.lines == line);
}

TEST_CASE("a refused or broken stream is traced with the reason") {
  TracedTransport refused([](const Request&) { return json_reply(403, R"({"a": 1})"); }, 8);
  refused.trace.stream({.target = "/w"}, [](std::string_view) { return true; });
  CHECK(refused.lines == std::vector<std::string>{
                             "GET https://api:6443/prefix/w request headers:",
                             "GET https://api:6443/prefix/w 403 in 0 milliseconds",
                             "    content-type: application/json",
                             R"(GET https://api:6443/prefix/w response body: {"a":1})",
                         });
  TracedTransport unanswered(
      [](const Request&) { return no_reply(Failure::connection_refused, "Connection refused"); });
  unanswered.trace.stream({.target = "/w"}, [](std::string_view) { return true; });
  CHECK(unanswered.lines ==
        std::vector<std::string>{"GET https://api:6443/prefix/w failed: Connection refused"});
}

TEST_CASE("level 8 traces each event of a stream before it is used, without secrets") {
  const Json secret = object(
      {{"type", "ADDED"}, {"object", object({{"kind", "Secret"}, {"data", object({{"k", "czNjcjN0"}})}})}});
  const std::string body = secret.dump() + "\n{\"type\":\"BOOKMARK\"}\n{\"type\":\"half of one";
  TracedTransport traced([&](const Request&) { return json_reply(200, body); }, 8);
  traced.inner.chunk = 7;
  std::size_t events = 0;
  traced.trace.stream({.target = "/w"}, [&](std::string_view data) {
    events += static_cast<std::size_t>(std::ranges::count(data, '\n'));
    CHECK(traced.lines.size() == 3 + events);
    return true;
  });
  REQUIRE(traced.lines.size() == 5);
  CHECK(
      traced.lines[3] ==
      R"(GET https://api:6443/prefix/w event body: {"type":"ADDED","object":{"kind":"Secret","data":{"k":"<masked>"}}})");
  CHECK(traced.lines[4] == R"(GET https://api:6443/prefix/w event body: {"type":"BOOKMARK"})");

  const std::string large = "[\"" + std::string(5000, 'x') + "\"]\n";
  TracedTransport shortened([&](const Request&) { return json_reply(200, large); }, 8);
  shortened.trace.stream({.target = "/w"}, [](std::string_view) { return true; });
  CHECK(shortened.lines.back().ends_with("… [truncated 3980 bytes]"));
}

}  // namespace egress::kube

TEST_SUITE_END();
