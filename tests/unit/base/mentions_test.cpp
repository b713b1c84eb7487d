#include "support/mentions.hpp"

#include <doctest/doctest.h>

// Most tests judge messages by these helpers: what they take for a fact is tested here.

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using testing::mentions;

}  // namespace

TEST_CASE("a fact is found as whole words, in any letter case and across line ends") {
  const std::string text = "error: service/web in namespace \"shop\":\n  Port 8080 is\n  taken";
  for (const char* fact : {"service/web", "shop", "port 8080", "is taken", "error", "\"shop\""}) {
    CAPTURE(fact);
    CHECK(mentions(text, {fact}));
  }
  for (const char* fact : {"80", "808", "service/we", "ho", "port 80", "taken!", "free"}) {
    CAPTURE(fact);
    CHECK_FALSE(mentions(text, {fact}));
  }
}

TEST_CASE("every fact must be mentioned, and the first missing one is reported") {
  CHECK(mentions("a b c", {"a", "c"}));
  CHECK(mentions("a b c", {"a", "d", "e"}).missing == "d");
  CHECK_FALSE(mentions("a b c", {}));
  CHECK_FALSE(mentions("a b c", {""}));
  CHECK_FALSE(mentions("", {"a"}));
}

TEST_CASE("a fact may be written in several ways") {
  for (const char* text : {"in namespace \"shop\"", "namespace/shop", "service/web -n shop"})
    CHECK(mentions(text, {testing::in_namespace("shop")}));
  CHECK_FALSE(mentions("service/shop -n pay", {testing::in_namespace("shop")}));
  CHECK_FALSE(mentions("service/web -n shopping", {testing::in_namespace("shop")}));
  CHECK(mentions("neither", {testing::any_of({"a", "b"})}).missing == "a or b");
}

TEST_CASE("each line is held against its own facts") {
  CHECK(testing::each_mentions({"a b", "c"}, {{"b", "a"}, {"c"}}));
  CHECK_FALSE(testing::each_mentions({"a b", "c"}, {{"c"}, {"a"}}));
  CHECK_FALSE(testing::each_mentions({"a b", "c"}, {{"a"}}));
  CHECK(testing::each_mentions({}, {}));
}

TEST_CASE("the text of an error is its message and its hint") {
  CHECK(testing::error_of([] { throw Error("it failed", "try again"); }) == "it failed\nhint: try again");
  CHECK(testing::error_of([] { throw Error("it failed"); }) == "it failed");
}

}  // namespace egress

TEST_SUITE_END();
