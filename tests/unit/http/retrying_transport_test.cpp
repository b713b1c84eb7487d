#include "egress/http/retrying_transport.hpp"

#include <doctest/doctest.h>

#include <deque>

TEST_SUITE_BEGIN("http");

namespace egress {
namespace {

using std::chrono::milliseconds;

/// Answers the requests of each target with its scripted responses in order; the last one repeats.
struct ScriptedServer : http::Transport {
  std::vector<http::Response> send(std::span<const http::Request> wave) override {
    std::vector<http::Response> answers;
    sizes.push_back(wave.size());
    for (const http::Request& request : wave) {
      timeouts.push_back(request.timeout);
      auto& remaining = responses[request.target == "/a" ? 0 : 1];
      answers.push_back(remaining.front());
      answers.back().duration = duration;
      if (remaining.size() > 1) remaining.pop_front();
    }
    return answers;
  }
  http::Response stream(const http::Request&, const std::function<bool(std::string_view)>&) override {
    return {};
  }
  http::Traffic traffic() const override { return {}; }

  std::deque<http::Response> responses[2];
  std::vector<std::size_t> sizes;
  std::vector<milliseconds> timeouts;
  milliseconds duration{0};
};

http::Response status(int code, const std::string& retry_after = "") {
  http::Response response;
  response.status = code;
  if (!retry_after.empty()) response.headers.emplace_back("retry-after", retry_after);
  return response;
}

http::Response lost(const std::string& why = "") {
  http::Response response;
  response.failure = http::Failure::connection_lost;
  response.failure_text = why;
  return response;
}

struct RetryFixture {
  std::vector<http::Response> send(const std::vector<std::string>& targets) {
    http::RetryingTransport transport(
        script, [this](milliseconds pause) { pauses.push_back(pause.count()); },
        [this](std::chrono::seconds pause) { notified.push_back(pause.count()); });
    std::vector<http::Request> wave;
    for (const std::string& target : targets) {
      wave.emplace_back();
      wave.back().target = target;
      wave.back().method = method;
      wave.back().timeout = timeout;
    }
    return transport.send(wave);
  }

  ScriptedServer script;
  std::string method = "GET";
  milliseconds timeout{0};
  std::vector<long> pauses;
  std::vector<long> notified;
};

}  // namespace

TEST_CASE("only requests that the server asks to retry are retried") {
  RetryFixture fixture;
  fixture.script.responses[0] = {status(429, "2"), status(503, "1"), status(200)};
  fixture.script.responses[1] = {status(201)};
  const auto responses = fixture.send({"/a", "/b"});
  CHECK(responses[0].status == 200);
  CHECK(responses[1].status == 201);
  CHECK(fixture.script.sizes == std::vector<std::size_t>{2, 1, 1});
  CHECK(fixture.pauses == std::vector<long>{2000, 1000});
}

TEST_CASE("a request is retried ten times at most, and not without a whole number of seconds") {
  RetryFixture persistent;
  persistent.script.responses[0] = {status(429, "0")};
  CHECK(persistent.send({"/a"})[0].status == 429);
  CHECK(persistent.script.sizes.size() == 11);

  for (const char* value : {"", "soon", "-1", "1.5"}) {
    CAPTURE(value);
    RetryFixture fixture;
    fixture.script.responses[0] = {status(503, value)};
    CHECK(fixture.send({"/a"})[0].status == 503);
    CHECK(fixture.script.sizes.size() == 1);
  }
  RetryFixture refused;
  refused.script.responses[0] = {status(409, "1")};
  CHECK(refused.send({"/a"})[0].status == 409);
  CHECK(refused.script.sizes.size() == 1);
}

TEST_CASE("a broken connection is retried at once, then every second, and then reported") {
  RetryFixture fixture;
  fixture.script.responses[0] = {lost(), lost(), status(200)};
  CHECK(fixture.send({"/a"})[0].status == 200);
  CHECK(fixture.pauses == std::vector<long>{1000});

  RetryFixture broken;
  broken.script.responses[0] = {lost()};
  CHECK(broken.send({"/a"})[0].failure == http::Failure::connection_lost);
  CHECK(broken.script.sizes.size() == 11);
  CHECK(broken.pauses == std::vector<long>(9, 1000));
}

TEST_CASE("a write is retried three times after a broken connection, a read ten times") {
  RetryFixture fixture;
  fixture.method = "PATCH";
  fixture.script.responses[0] = {lost()};
  CHECK(fixture.send({"/a"})[0].failure == http::Failure::connection_lost);
  CHECK(fixture.script.sizes.size() == 4);
}

TEST_CASE("a pause is as long as the server asks for, and a long one is reported") {
  RetryFixture fixture;
  fixture.script.responses[0] = {status(429, "3600"), status(503, "4"), status(200)};
  CHECK(fixture.send({"/a"})[0].status == 200);
  CHECK(fixture.pauses == std::vector<long>{3'600'000, 4000});
  CHECK(fixture.notified == std::vector<long>{3600});
}

TEST_CASE("all attempts together have the timeout of one request") {
  RetryFixture limited;
  limited.timeout = std::chrono::seconds(5);
  limited.script.responses[0] = {status(429, "3"), status(503, "6")};
  CHECK(limited.send({"/a"})[0].status == 503);
  CHECK(limited.pauses == std::vector<long>{3000});
  REQUIRE(limited.script.timeouts.size() == 2);
  CHECK(limited.script.timeouts[0] == milliseconds(5000));
  CHECK(limited.script.timeouts[1] <= milliseconds(5000));

  RetryFixture broken;
  broken.timeout = milliseconds(900);
  broken.script.responses[0] = {lost()};
  CHECK(broken.send({"/a"})[0].failure == http::Failure::connection_lost);
  CHECK(broken.script.sizes.size() == 2);
  CHECK(broken.pauses.empty());

  RetryFixture slow;
  slow.timeout = milliseconds(100'000);
  slow.script.duration = milliseconds(30);
  slow.script.responses[0] = {lost(), status(200)};
  CHECK(slow.send({"/a"})[0].status == 200);
  CHECK(slow.script.timeouts[1] <= milliseconds(99'970));
}

TEST_CASE("the final failure includes the previous one if it differs") {
  RetryFixture fixture;
  http::Response refused = lost("refused");
  refused.failure = http::Failure::connection_refused;
  fixture.script.responses[0] = {lost("reset"), lost("EOF"), refused};
  fixture.script.responses[1] = {lost("EOF")};
  const auto responses = fixture.send({"/a", "/b"});
  CHECK(responses[0].failure_text == "refused");
  CHECK(responses[0].previous_failure == "EOF");
  CHECK(responses[1].failure_text == "EOF");
  CHECK(responses[1].previous_failure.empty());

  RetryFixture answered;
  answered.script.responses[0] = {lost("EOF"), status(503, "1"), status(409)};
  CHECK(answered.send({"/a"})[0].previous_failure.empty());
}

}  // namespace egress

TEST_SUITE_END();
