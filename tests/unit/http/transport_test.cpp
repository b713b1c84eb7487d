#include "egress/http/transport.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("http");

namespace egress::http {

TEST_CASE("the first header of a name is returned") {
  Response response;
  response.headers = {{"content-type", "text/html"}, {"warning", "one"}, {"warning", "two"}};
  CHECK(std::string(response.header("warning")) == "one");
  CHECK(std::string(response.header("content-type")) == "text/html");
}

TEST_CASE("a missing header is empty") {
  CHECK(Response().header("content-type").empty());
}

TEST_CASE("a response is ok from 200 to 299, and only without a failure") {
  Response response;
  auto good = [&](int status) {
    response.status = status;
    return response.ok();
  };
  CHECK_FALSE(good(0));
  CHECK_FALSE(good(199));
  CHECK(good(200));
  CHECK(good(299));
  CHECK_FALSE(good(300));
  response.status = 200;
  response.failure = Failure::other;
  CHECK_FALSE(response.ok());
}

}  // namespace egress::http

TEST_SUITE_END();
