#include "egress/http/congestion.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("http");

namespace egress::http {

TEST_CASE("a server that has too many requests gets half as many, once for those that were under way") {
  Congestion congestion(64);
  CHECK(congestion.limit() == 64);
  for (int i = 0; i < 30; ++i) congestion.take(429, 60);
  CHECK(congestion.limit() == 32);
  for (int i = 0; i < 40; ++i) congestion.take(429, 31);
  CHECK(congestion.limit() == 16);
  for (int i = 0; i < 1000; ++i) congestion.take(429, 1);
  CHECK(congestion.limit() == 4);
}

TEST_CASE("it gets one more with every round that it answers, up to what a connection carries") {
  Congestion congestion(64);
  congestion.take(429, 0);
  REQUIRE(congestion.limit() == 32);
  for (int i = 0; i < 33; ++i) congestion.take(200, 32);
  CHECK(congestion.limit() == 33);
  for (int i = 0; i < 5000; ++i) congestion.take(200, 32);
  CHECK(congestion.limit() == 64);
}

}  // namespace egress::http

TEST_SUITE_END();
