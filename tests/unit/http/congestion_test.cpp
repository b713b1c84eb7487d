#include "egress/http/congestion.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using std::chrono::milliseconds;

void answer(Congestion& congestion, long status, std::size_t under_way) {
  congestion.take({status, "PATCH", milliseconds(10)}, under_way);
}

/// So many answers of one sort, with as many under way as may be.
void answers(Congestion& congestion, int count, milliseconds took, const std::string& sort = "PATCH") {
  for (int i = 0; i < count; ++i) congestion.take({200, sort, took}, congestion.limit() - 1);
}

}  // namespace

TEST_CASE("a server that has too many requests gets half as many, once for those that were under way") {
  Congestion congestion(64);
  CHECK(congestion.limit() == 64);
  for (int i = 0; i < 30; ++i) answer(congestion, 429, 60);
  CHECK(congestion.limit() == 32);
  for (int i = 0; i < 40; ++i) answer(congestion, 429, 31);
  CHECK(congestion.limit() == 16);
  for (int i = 0; i < 1000; ++i) answer(congestion, 429, 1);
  CHECK(congestion.limit() == 1);
}

TEST_CASE("each refusal costs a pause: for some hundred answers no more is tried") {
  Congestion congestion(64);
  answer(congestion, 429, 0);
  for (int i = 0; i < 500; ++i) answer(congestion, 200, 31);
  CHECK(congestion.limit() == 32);
  answer(congestion, 429, 0);
  REQUIRE(congestion.limit() == 16);
  for (int i = 0; i < 490; ++i) answer(congestion, 200, 15);
  CHECK_MESSAGE(congestion.limit() == 16, "it is what was refused last that counts");
  for (int i = 0; i < 50; ++i) answer(congestion, 200, 15);
  CHECK(congestion.limit() > 16);
}

TEST_CASE("it gets one more with every round that it answers, up to what a connection carries") {
  Congestion congestion(64);
  answer(congestion, 429, 0);
  REQUIRE(congestion.limit() == 32);
  for (int i = 0; i < 533; ++i) answer(congestion, 200, 32);
  CHECK(congestion.limit() == 33);
  for (int i = 0; i < 5000; ++i) answer(congestion, 200, 32);
  CHECK(congestion.limit() == 64);
}

TEST_CASE("a server that takes much longer than it did is asked less at one time, as long as it does") {
  Congestion congestion(64);
  answers(congestion, 1000, milliseconds(10));
  REQUIRE(congestion.limit() == 64);
  answers(congestion, 500, milliseconds(19));
  CHECK_MESSAGE(congestion.limit() == 64, "somewhat longer is nothing");
  answers(congestion, 128, milliseconds(60));
  const std::size_t lowered = congestion.limit();
  CHECK(lowered < 64);
  CHECK_MESSAGE(lowered >= 48, "once for those that were under way");
  answers(congestion, 300, milliseconds(60));
  CHECK(congestion.limit() < lowered / 2);
  CHECK_MESSAGE(congestion.limit() >= 16, "which would not help a server that is slow for other reasons");
  answers(congestion, 5000, milliseconds(10));
  CHECK(congestion.limit() == 64);
}

TEST_CASE("quick refusals do not make what was done before look slow, and are answered once") {
  Congestion congestion(64);
  answers(congestion, 50, milliseconds(20));
  for (int i = 0; i < 2000; ++i) congestion.take({503, "PATCH", milliseconds(1)}, 0);
  answers(congestion, 500, milliseconds(20));
  CHECK(congestion.limit() == 64);
  answers(congestion, 50, milliseconds(90));
  answer(congestion, 429, 0);
  answers(congestion, 5, milliseconds(20));
  CHECK_MESSAGE(congestion.limit() == 32, "the slow ones before are part of the same trouble");
}

TEST_CASE("what stays slow becomes usual, and never is it asked nothing") {
  Congestion congestion(64);
  answers(congestion, 100, milliseconds(1));
  for (int i = 0; i < 10; ++i) {
    answers(congestion, 100, milliseconds(1 << i));
    CHECK(congestion.limit() >= 16);
  }
  answers(congestion, 20000, milliseconds(512));
  CHECK(congestion.limit() == 64);
}

TEST_CASE("neither one that hangs nor another sort of requests is a sign of a busy server") {
  Congestion congestion(64);
  answers(congestion, 200, milliseconds(1), "DELETE");
  answers(congestion, 200, milliseconds(80), "PATCH");
  for (int i = 0; i < 50; ++i) {
    answers(congestion, 1, milliseconds(60'000), "DELETE");
    answers(congestion, 10, milliseconds(1), "DELETE");
  }
  for (int i = 0; i < 1000; ++i) answers(congestion, 3, milliseconds(i), "");
  for (int i = 0; i < 1000; ++i) congestion.take({0, "DELETE", milliseconds(60'000)}, 63);
  CHECK(congestion.limit() == 64);
}

}  // namespace egress::http

TEST_SUITE_END();
