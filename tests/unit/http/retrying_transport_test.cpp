#include "egress/http/retrying_transport.hpp"

#include <doctest/doctest.h>

#include <deque>

TEST_SUITE_BEGIN("http");

namespace egress {
namespace {

using std::chrono::milliseconds;

/// Answers each request of a target with the next of its replies; the last one stays.
struct Script : http::Transport {
  std::vector<http::Reply> send(std::span<const http::Request> wave) override {
    std::vector<http::Reply> answers;
    sizes.push_back(wave.size());
    for (const http::Request& request : wave) {
      timeouts.push_back(request.timeout);
      auto& left = replies[request.target == "/a" ? 0 : 1];
      answers.push_back(left.front());
      answers.back().took = takes;
      if (left.size() > 1) left.pop_front();
    }
    return answers;
  }
  http::Reply stream(const http::Request&, const std::function<bool(std::string_view)>&) override {
    return {};
  }
  http::Traffic traffic() const override { return {}; }

  std::deque<http::Reply> replies[2];
  std::vector<std::size_t> sizes;
  std::vector<milliseconds> timeouts;
  milliseconds takes{0};
};

http::Reply status(int code, const std::string& retry_after = "") {
  http::Reply reply;
  reply.status = code;
  if (!retry_after.empty()) reply.headers.emplace_back("retry-after", retry_after);
  return reply;
}

http::Reply lost(const std::string& why = "") {
  http::Reply reply;
  reply.failure = http::Failure::lost;
  reply.failure_text = why;
  return reply;
}

struct Sending {
  std::vector<http::Reply> send(const std::vector<std::string>& targets) {
    http::RetryingTransport transport(
        script, [this](milliseconds pause) { pauses.push_back(pause.count()); },
        [this](std::chrono::seconds pause) { told.push_back(pause.count()); });
    std::vector<http::Request> wave;
    for (const std::string& target : targets) {
      wave.emplace_back();
      wave.back().target = target;
      wave.back().method = method;
      wave.back().timeout = timeout;
    }
    return transport.send(wave);
  }

  Script script;
  std::string method = "GET";
  milliseconds timeout{0};
  std::vector<long> pauses;
  std::vector<long> told;
};

}  // namespace

TEST_CASE("what the server asks to be sent again later is, and only that") {
  Sending sending;
  sending.script.replies[0] = {status(429, "2"), status(503, "1"), status(200)};
  sending.script.replies[1] = {status(201)};
  const auto replies = sending.send({"/a", "/b"});
  CHECK(replies[0].status == 200);
  CHECK(replies[1].status == 201);
  CHECK(sending.script.sizes == std::vector<std::size_t>{2, 1, 1});
  CHECK(sending.pauses == std::vector<long>{2000, 1000});
}

TEST_CASE("ten times is enough, and a refusal without a whole number of seconds is final") {
  Sending patient;
  patient.script.replies[0] = {status(429, "0")};
  CHECK(patient.send({"/a"})[0].status == 429);
  CHECK(patient.script.sizes.size() == 11);

  for (const char* value : {"", "soon", "-1", "1.5"}) {
    CAPTURE(value);
    Sending sending;
    sending.script.replies[0] = {status(503, value)};
    CHECK(sending.send({"/a"})[0].status == 503);
    CHECK(sending.script.sizes.size() == 1);
  }
  Sending refused;
  refused.script.replies[0] = {status(409, "1")};
  CHECK(refused.send({"/a"})[0].status == 409);
  CHECK(refused.script.sizes.size() == 1);
}

TEST_CASE("a broken connection is made anew at once, then each second, and then it is said") {
  Sending sending;
  sending.script.replies[0] = {lost(), lost(), status(200)};
  CHECK(sending.send({"/a"})[0].status == 200);
  CHECK(sending.pauses == std::vector<long>{1000});

  Sending broken;
  broken.script.replies[0] = {lost()};
  CHECK(broken.send({"/a"})[0].failure == http::Failure::lost);
  CHECK(broken.script.sizes.size() == 11);
  CHECK(broken.pauses == std::vector<long>(9, 1000));
}

TEST_CASE("a write is sent three times more where the connection broke, a look ten times") {
  Sending sending;
  sending.method = "PATCH";
  sending.script.replies[0] = {lost()};
  CHECK(sending.send({"/a"})[0].failure == http::Failure::lost);
  CHECK(sending.script.sizes.size() == 4);
}

TEST_CASE("a pause is as long as the server asks for, and a long one is told") {
  Sending sending;
  sending.script.replies[0] = {status(429, "3600"), status(503, "4"), status(200)};
  CHECK(sending.send({"/a"})[0].status == 200);
  CHECK(sending.pauses == std::vector<long>{3'600'000, 4000});
  CHECK(sending.told == std::vector<long>{3600});
}

TEST_CASE("all attempts together have the time of one request") {
  Sending asked;
  asked.timeout = std::chrono::seconds(5);
  asked.script.replies[0] = {status(429, "3"), status(503, "6")};
  CHECK(asked.send({"/a"})[0].status == 503);
  CHECK(asked.pauses == std::vector<long>{3000});
  REQUIRE(asked.script.timeouts.size() == 2);
  CHECK(asked.script.timeouts[0] == milliseconds(5000));
  CHECK(asked.script.timeouts[1] <= milliseconds(5000));

  Sending broken;
  broken.timeout = milliseconds(900);
  broken.script.replies[0] = {lost()};
  CHECK(broken.send({"/a"})[0].failure == http::Failure::lost);
  CHECK(broken.script.sizes.size() == 2);
  CHECK(broken.pauses.empty());

  Sending slow;
  slow.timeout = milliseconds(100'000);
  slow.script.takes = milliseconds(30);
  slow.script.replies[0] = {lost(), status(200)};
  CHECK(slow.send({"/a"})[0].status == 200);
  CHECK(slow.script.timeouts[1] <= milliseconds(99'970));
}

TEST_CASE("a failure that ends the attempts brings the one before it, where that was another") {
  Sending sending;
  http::Reply refused = lost("refused");
  refused.failure = http::Failure::refused;
  sending.script.replies[0] = {lost("reset"), lost("EOF"), refused};
  sending.script.replies[1] = {lost("EOF")};
  const auto replies = sending.send({"/a", "/b"});
  CHECK(replies[0].failure_text == "refused");
  CHECK(replies[0].earlier_failure == "EOF");
  CHECK(replies[1].failure_text == "EOF");
  CHECK(replies[1].earlier_failure.empty());

  Sending answered;
  answered.script.replies[0] = {lost("EOF"), status(503, "1"), status(409)};
  CHECK(answered.send({"/a"})[0].earlier_failure.empty());
}

}  // namespace egress

TEST_SUITE_END();
