#include "egress/kube/login.hpp"

#include <doctest/doctest.h>

#include "support/scripted_transport.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::json_reply;
using testing::ScriptedTransport;

/// A token that counts how often it was renewed.
class Counting : public Login {
 public:
  explicit Counting(int& renewals, bool renewable = true) : renewals_(renewals), renewable_(renewable) {}
  void prove(Proof& proof) override {
    proof.headers.push_back("Authorization: Bearer " + std::to_string(renewals_));
    proof.client_certificate = "certificate " + std::to_string(renewals_ / 2);
    proof.client_key = "key";
  }
  bool renew() override {
    ++renewals_;
    return renewable_;
  }

 private:
  int& renewals_;
  bool renewable_;
};

/// A server that takes only the token of that number, and what was sent to it.
struct Server {
  explicit Server(int wanted, bool renewable = true)
      : transport([wanted](const http::Request& request) {
          const bool good = request.headers.front() == "Authorization: Bearer " + std::to_string(wanted);
          return json_reply(good ? 200 : 401, "\"" + request.target + "\"");
        }),
        login(transport, logins(renewable), [this](const std::string& certificate, const std::string&) {
          presented.push_back(certificate);
        }) {}

  Logins logins(bool renewable) {
    Logins made;
    made.push_back(std::make_unique<Counting>(renewals, renewable));
    return made;
  }

  int renewals = 0;
  ScriptedTransport transport;
  std::vector<std::string> presented;
  LoginTransport login;
};

const std::vector<http::Request> wave{{.target = "/a", .headers = {"X: y"}}, {.target = "/b"}};

}  // namespace

TEST_CASE("each request carries the proof before its own headers") {
  Server server(0);
  CHECK(server.login.send(wave).back().ok());
  CHECK(server.transport.waves.at(0).at(0).headers ==
        std::vector<std::string>{"Authorization: Bearer 0", "X: y"});
  CHECK(server.renewals == 0);
  CHECK(server.login.send({}).empty());
}

TEST_CASE("a request that proves who asks already keeps its own proof alone") {
  Server server(0);
  const std::vector<std::string> own{"Authorization: Basic dXNlcjo=", "X: y"};
  server.login.send(std::vector<http::Request>{{.target = "/a", .headers = own}});
  CHECK(server.transport.waves.at(0).at(0).headers == own);
}

TEST_CASE("what is answered with 401 is sent once more with a renewed proof") {
  Server server(1);
  const auto replies = server.login.send(wave);
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].body == "\"/a\"");
  CHECK(replies[1].body == "\"/b\"");
  CHECK(replies[1].ok());
  CHECK(server.renewals == 1);
  CHECK(server.transport.waves.size() == 2);
}

TEST_CASE("only what was refused is sent again") {
  int renewals = 0;
  ScriptedTransport transport([](const http::Request& request) {
    const bool refused = request.target == "/b" && request.headers.front() == "Authorization: Bearer 0";
    return json_reply(refused ? 401 : 200, "\"" + request.headers.front() + "\"");
  });
  Logins logins;
  logins.push_back(std::make_unique<Counting>(renewals));
  LoginTransport login(transport, std::move(logins), [](const std::string&, const std::string&) {});
  const auto replies = login.send(wave);
  CHECK(replies[0].body == "\"Authorization: Bearer 0\"");
  CHECK(replies[1].body == "\"Authorization: Bearer 1\"");
  CHECK(transport.waves.at(1).size() == 1);
}

TEST_CASE("a second 401 stands, and so does the first where nothing can be renewed") {
  Server never(9);
  CHECK(never.login.send(wave).front().status == 401);
  CHECK(never.renewals == 1);
  CHECK(never.transport.waves.size() == 2);
  Server fixed(9, false);
  CHECK(fixed.login.send(wave).front().status == 401);
  CHECK(fixed.transport.waves.size() == 1);
}

TEST_CASE("a stream is begun again where it was refused") {
  Server server(1);
  std::string seen;
  const http::Reply reply = server.login.stream(wave.front(), [&](std::string_view data) {
    seen += data;
    return true;
  });
  CHECK(reply.ok());
  CHECK(seen == "\"/a\"");
}

TEST_CASE("a client certificate is presented when it is new") {
  Server server(2);
  server.login.send(wave);
  server.login.send(wave);
  CHECK(server.presented == std::vector<std::string>{"certificate 0", "certificate 1"});
}

}  // namespace egress::kube

TEST_SUITE_END();
