#include "egress/kube/authenticator.hpp"

#include <doctest/doctest.h>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::json_reply;
using testing::ScriptedTransport;

/// A token that counts its renewals.
class CountingAuthenticator : public Authenticator {
 public:
  explicit CountingAuthenticator(int& renewals, bool renewable = true)
      : renewals_(renewals), renewable_(renewable) {}
  void authenticate(Credentials& credentials) override {
    credentials.headers.push_back("Authorization: Bearer " + std::to_string(renewals_));
    credentials.client_certificate = "certificate " + std::to_string(renewals_ / 2);
    credentials.client_key = "key";
  }
  bool renew() override {
    ++renewals_;
    return renewable_;
  }

 private:
  int& renewals_;
  bool renewable_;
};

/// A server that accepts only the token of this number, and the requests it got.
struct Server {
  explicit Server(int accepted, bool renewable = true)
      : transport([accepted](const http::Request& request) {
          const bool is_valid =
              request.headers.front() == "Authorization: Bearer " + std::to_string(accepted);
          return json_reply(is_valid ? 200 : 401, "\"" + request.target + "\"");
        }),
        auth(transport, make_authenticators(renewable),
             [this](const std::string& certificate, const std::string&) {
               presented.push_back(certificate);
             }) {}

  Authenticators make_authenticators(bool renewable) {
    Authenticators authenticators;
    authenticators.push_back(std::make_unique<CountingAuthenticator>(renewals, renewable));
    return authenticators;
  }

  int renewals = 0;
  ScriptedTransport transport;
  std::vector<std::string> presented;
  AuthTransport auth;
};

const std::vector<http::Request> wave{{.target = "/a", .headers = {"X: y"}}, {.target = "/b"}};

}  // namespace

TEST_CASE("each request has the credentials before its own headers") {
  Server server(0);
  CHECK(server.auth.send(wave).back().ok());
  CHECK(server.transport.waves.at(0).at(0).headers ==
        std::vector<std::string>{"Authorization: Bearer 0", "X: y"});
  CHECK(server.renewals == 0);
  CHECK(server.auth.send({}).empty());
}

TEST_CASE("a request with an Authorization header keeps it and gets no other") {
  Server server(0);
  const std::vector<std::string> own{"Authorization: Basic dXNlcjo=", "X: y"};
  server.auth.send(std::vector<http::Request>{{.target = "/a", .headers = own}});
  CHECK(server.transport.waves.at(0).at(0).headers == own);
}

TEST_CASE("a request answered with 401 is retried once with renewed credentials") {
  Server server(1);
  const auto responses = server.auth.send(wave);
  REQUIRE(responses.size() == 2);
  CHECK(responses[0].body == "\"/a\"");
  CHECK(responses[1].body == "\"/b\"");
  CHECK(responses[1].ok());
  CHECK(server.renewals == 1);
  CHECK(server.transport.waves.size() == 2);
}

TEST_CASE("only refused requests are retried") {
  int renewals = 0;
  ScriptedTransport transport([](const http::Request& request) {
    const bool refused = request.target == "/b" && request.headers.front() == "Authorization: Bearer 0";
    return json_reply(refused ? 401 : 200, "\"" + request.headers.front() + "\"");
  });
  Authenticators authenticators;
  authenticators.push_back(std::make_unique<CountingAuthenticator>(renewals));
  AuthTransport auth(transport, std::move(authenticators), [](const std::string&, const std::string&) {});
  const auto responses = auth.send(wave);
  CHECK(responses[0].body == "\"Authorization: Bearer 0\"");
  CHECK(responses[1].body == "\"Authorization: Bearer 1\"");
  CHECK(transport.waves.at(1).size() == 1);
}

TEST_CASE("a second 401 is final, and so is the first if nothing can be renewed") {
  Server never(9);
  CHECK(never.auth.send(wave).front().status == 401);
  CHECK(never.renewals == 1);
  CHECK(never.transport.waves.size() == 2);
  Server fixed(9, false);
  CHECK(fixed.auth.send(wave).front().status == 401);
  CHECK(fixed.transport.waves.size() == 1);
}

TEST_CASE("a refused stream is retried") {
  Server server(1);
  std::string received;
  const http::Response response = server.auth.stream(wave.front(), [&](std::string_view data) {
    received += data;
    return true;
  });
  CHECK(response.ok());
  CHECK(received == "\"/a\"");
}

TEST_CASE("a client certificate is presented when it is new") {
  Server server(2);
  server.auth.send(wave);
  server.auth.send(wave);
  CHECK(server.presented == std::vector<std::string>{"certificate 0", "certificate 1"});
}

}  // namespace egress::kube

TEST_SUITE_END();
