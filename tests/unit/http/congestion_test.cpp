#include "egress/http/congestion.hpp"

#include <doctest/doctest.h>

#include <algorithm>

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

constexpr std::size_t most = 64;

}  // namespace

TEST_CASE("a server that refuses with 429 gets fewer requests, down to one and never none") {
  Congestion congestion(most);
  CHECK(congestion.limit() == most);
  answer(congestion, 429, 60);
  const std::size_t once = congestion.limit();
  CHECK(once < most);
  for (int i = 0; i < 30; ++i) answer(congestion, 429, 60);
  CHECK_MESSAGE(congestion.limit() == once, "refusals of what was under way then are no news");
  for (int i = 0; i < 40; ++i) answer(congestion, 429, once - 1);
  CHECK(congestion.limit() < once);
  for (int i = 0; i < 1000; ++i) answer(congestion, 429, 1);
  CHECK(congestion.limit() == 1);
}

TEST_CASE("after a refusal no more is tried for a while, and then again as much as a connection carries") {
  Congestion congestion(most);
  answer(congestion, 429, 0);
  const std::size_t low = congestion.limit();
  REQUIRE(low < most);
  std::size_t before_more = 0;
  while (congestion.limit() == low && before_more < 10'000) {
    answer(congestion, 200, low - 1);
    ++before_more;
  }
  CHECK_MESSAGE(before_more > 2 * low, "longer than it takes to answer what was under way");
  CHECK(congestion.limit() == low + 1);
  for (int i = 0; i < 10'000; ++i) answer(congestion, 200, low);
  CHECK(congestion.limit() == most);
}

TEST_CASE("a second refusal begins the while without more anew") {
  const auto answers_until_more = [](int between) {
    Congestion congestion(most);
    answer(congestion, 429, 0);
    for (int i = 0; i < between; ++i) answer(congestion, 200, 1);
    answer(congestion, 429, 0);
    const std::size_t low = congestion.limit();
    int count = 0;
    for (; congestion.limit() == low && count < 10'000; ++count) answer(congestion, 200, low - 1);
    return count;
  };
  CHECK(answers_until_more(100) == answers_until_more(0));
}

TEST_CASE("a server that takes much longer than it did is asked less at one time, as long as it does") {
  Congestion congestion(most);
  answers(congestion, 1000, milliseconds(10));
  REQUIRE(congestion.limit() == most);
  answers(congestion, 500, milliseconds(19));
  CHECK_MESSAGE(congestion.limit() == most, "somewhat longer is nothing");
  answers(congestion, 128, milliseconds(60));
  const std::size_t lowered = congestion.limit();
  CHECK(lowered < most);
  answers(congestion, 300, milliseconds(60));
  CHECK(congestion.limit() < lowered);
  CHECK_MESSAGE(congestion.limit() > 1,
                "a server that is slow for other reasons is still asked several at once");
  answers(congestion, 5000, milliseconds(10));
  CHECK(congestion.limit() == most);
}

TEST_CASE("quick refusals do not make what was done before look slow") {
  Congestion congestion(most);
  answers(congestion, 50, milliseconds(20));
  for (int i = 0; i < 2000; ++i) congestion.take({503, "PATCH", milliseconds(1)}, 0);
  answers(congestion, 500, milliseconds(20));
  CHECK(congestion.limit() == most);
}

TEST_CASE("slow answers just before a refusal are part of the same trouble, and lower nothing once more") {
  const auto limit_after = [](milliseconds before) {
    Congestion congestion(most);
    answers(congestion, 50, milliseconds(20));
    answers(congestion, 50, before);
    answer(congestion, 429, 0);
    answers(congestion, 5, milliseconds(20));
    return congestion.limit();
  };
  CHECK(limit_after(milliseconds(90)) == limit_after(milliseconds(20)));
}

TEST_CASE("what stays slow becomes usual, and meanwhile several at once are asked all the same") {
  Congestion congestion(most);
  answers(congestion, 100, milliseconds(1));
  std::size_t least = most;
  for (int i = 0; i < 10; ++i) {
    answers(congestion, 100, milliseconds(1 << i));
    least = std::min(least, congestion.limit());
  }
  CHECK(least < most);
  CHECK(least > 1);
  answers(congestion, 20000, milliseconds(512));
  CHECK(congestion.limit() == most);
}

TEST_CASE("neither one that hangs nor another sort of requests is a sign of a busy server") {
  Congestion congestion(most);
  answers(congestion, 200, milliseconds(1), "DELETE");
  answers(congestion, 200, milliseconds(80), "PATCH");
  for (int i = 0; i < 50; ++i) {
    answers(congestion, 1, milliseconds(60'000), "DELETE");
    answers(congestion, 10, milliseconds(1), "DELETE");
  }
  for (int i = 0; i < 1000; ++i) answers(congestion, 3, milliseconds(i), "");
  for (int i = 0; i < 1000; ++i) congestion.take({0, "DELETE", milliseconds(60'000)}, 63);
  CHECK(congestion.limit() == most);
}

}  // namespace egress::http

TEST_SUITE_END();
