#include "egress/http/transport.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("http");

namespace egress::http {

TEST_CASE("the first header of a name is the one that counts") {
  Reply reply;
  reply.headers = {{"content-type", "text/html"}, {"warning", "one"}, {"warning", "two"}};
  CHECK(std::string(reply.header("warning")) == "one");
  CHECK(std::string(reply.header("content-type")) == "text/html");
}

TEST_CASE("a header that is not there is empty") {
  CHECK(Reply().header("content-type").empty());
}

TEST_CASE("a reply is good from 200 to 299, and only where one came") {
  Reply reply;
  auto good = [&](int status) {
    reply.status = status;
    return reply.ok();
  };
  CHECK_FALSE(good(0));
  CHECK_FALSE(good(199));
  CHECK(good(200));
  CHECK(good(299));
  CHECK_FALSE(good(300));
  reply.status = 200;
  reply.failure = Failure::other;
  CHECK_FALSE(reply.ok());
}

}  // namespace egress::http

TEST_SUITE_END();
