#include "egress/http/concurrency_limiter.hpp"

#include <doctest/doctest.h>

#include <algorithm>

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

using std::chrono::milliseconds;

void record(ConcurrencyLimiter& limiter, long status, std::size_t in_flight) {
  limiter.record({status, "PATCH", milliseconds(10)}, in_flight);
}

/// Records `count` responses of one operation, each with as many requests in flight as the limit allows.
void record_many(ConcurrencyLimiter& limiter, int count, milliseconds duration,
                 const std::string& operation = "PATCH") {
  for (int i = 0; i < count; ++i) limiter.record({200, operation, duration}, limiter.limit() - 1);
}

constexpr std::size_t max_limit = 64;

}  // namespace

TEST_CASE("refusals with 429 reduce the limit, down to one request") {
  ConcurrencyLimiter limiter(max_limit);
  CHECK(limiter.limit() == max_limit);
  record(limiter, 429, 60);
  const std::size_t after_first = limiter.limit();
  CHECK(after_first < max_limit);
  for (int i = 0; i < 30; ++i) record(limiter, 429, 60);
  CHECK_MESSAGE(limiter.limit() == after_first, "refusals of requests that were in flight then are ignored");
  for (int i = 0; i < 40; ++i) record(limiter, 429, after_first - 1);
  CHECK(limiter.limit() < after_first);
  for (int i = 0; i < 1000; ++i) record(limiter, 429, 1);
  CHECK(limiter.limit() == 1);
}

TEST_CASE("after a refusal the limit is held for a while, and then grows back to the maximum") {
  ConcurrencyLimiter limiter(max_limit);
  record(limiter, 429, 0);
  const std::size_t lowered = limiter.limit();
  REQUIRE(lowered < max_limit);
  std::size_t responses = 0;
  while (limiter.limit() == lowered && responses < 10'000) {
    record(limiter, 200, lowered - 1);
    ++responses;
  }
  CHECK_MESSAGE(responses > 2 * lowered, "longer than the requests in flight take");
  CHECK(limiter.limit() == lowered + 1);
  for (int i = 0; i < 10'000; ++i) record(limiter, 200, lowered);
  CHECK(limiter.limit() == max_limit);
}

TEST_CASE("a second refusal restarts the time without growth") {
  const auto responses_until_increase = [](int responses_between) {
    ConcurrencyLimiter limiter(max_limit);
    record(limiter, 429, 0);
    for (int i = 0; i < responses_between; ++i) record(limiter, 200, 1);
    record(limiter, 429, 0);
    const std::size_t lowered = limiter.limit();
    int count = 0;
    for (; limiter.limit() == lowered && count < 10'000; ++count) record(limiter, 200, lowered - 1);
    return count;
  };
  CHECK(responses_until_increase(100) == responses_until_increase(0));
}

TEST_CASE("a server that becomes much slower gets fewer requests at once, until it recovers") {
  ConcurrencyLimiter limiter(max_limit);
  record_many(limiter, 1000, milliseconds(10));
  REQUIRE(limiter.limit() == max_limit);
  record_many(limiter, 500, milliseconds(19));
  CHECK_MESSAGE(limiter.limit() == max_limit, "a slightly longer duration changes nothing");
  record_many(limiter, 128, milliseconds(60));
  const std::size_t lowered = limiter.limit();
  CHECK(lowered < max_limit);
  record_many(limiter, 300, milliseconds(60));
  CHECK(limiter.limit() < lowered);
  CHECK_MESSAGE(limiter.limit() > 1,
                "a server that is slow for other reasons still gets several requests at once");
  record_many(limiter, 5000, milliseconds(10));
  CHECK(limiter.limit() == max_limit);
}

TEST_CASE("quick refusals do not make earlier responses look slow") {
  ConcurrencyLimiter limiter(max_limit);
  record_many(limiter, 50, milliseconds(20));
  for (int i = 0; i < 2000; ++i) limiter.record({503, "PATCH", milliseconds(1)}, 0);
  record_many(limiter, 500, milliseconds(20));
  CHECK(limiter.limit() == max_limit);
}

TEST_CASE("slow responses just before a refusal do not reduce the limit a second time") {
  const auto limit_after = [](milliseconds before) {
    ConcurrencyLimiter limiter(max_limit);
    record_many(limiter, 50, milliseconds(20));
    record_many(limiter, 50, before);
    record(limiter, 429, 0);
    record_many(limiter, 5, milliseconds(20));
    return limiter.limit();
  };
  CHECK(limit_after(milliseconds(90)) == limit_after(milliseconds(20)));
}

TEST_CASE("a lasting slowness becomes normal, and meanwhile several requests at once are still allowed") {
  ConcurrencyLimiter limiter(max_limit);
  record_many(limiter, 100, milliseconds(1));
  std::size_t lowest = max_limit;
  for (int i = 0; i < 10; ++i) {
    record_many(limiter, 100, milliseconds(1 << i));
    lowest = std::min(lowest, limiter.limit());
  }
  CHECK(lowest < max_limit);
  CHECK(lowest > 1);
  record_many(limiter, 20000, milliseconds(512));
  CHECK(limiter.limit() == max_limit);
}

TEST_CASE("neither a request that hangs nor another kind of requests counts as a slow server") {
  ConcurrencyLimiter limiter(max_limit);
  record_many(limiter, 200, milliseconds(1), "DELETE");
  record_many(limiter, 200, milliseconds(80), "PATCH");
  for (int i = 0; i < 50; ++i) {
    record_many(limiter, 1, milliseconds(60'000), "DELETE");
    record_many(limiter, 10, milliseconds(1), "DELETE");
  }
  for (int i = 0; i < 1000; ++i) record_many(limiter, 3, milliseconds(i), "");
  for (int i = 0; i < 1000; ++i) limiter.record({0, "DELETE", milliseconds(60'000)}, 63);
  CHECK(limiter.limit() == max_limit);
}

}  // namespace egress::http

TEST_SUITE_END();
