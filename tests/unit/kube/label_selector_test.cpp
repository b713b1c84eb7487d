#include "egress/kube/label_selector.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

Json expression(const char* key, const char* op, Json values = {}) {
  return object({{"matchExpressions",
                  array({object({{"key", key}, {"operator", op}, {"values", std::move(values)}})})}});
}

bool matches(const Json& selector, const Json& labels) {
  const auto read = LabelSelector::read(selector);
  REQUIRE(read.has_value());
  return read->matches(labels);
}

}  // namespace

TEST_CASE("each operator matches as documented by Kubernetes") {
  struct Row {
    Json selector;
    bool shop;  ///< matches team=shop
    bool pay;   ///< matches team=pay
    bool none;  ///< matches an object without labels
  };
  const std::vector<Row> rows{
      {object({{"matchLabels", object({{"team", "shop"}})}}), true, false, false},
      {expression("team", "In", array({"shop", "till"})), true, false, false},
      {expression("team", "NotIn", array({"shop", "till"})), false, true, true},
      {expression("team", "Exists"), true, true, false},
      {expression("team", "DoesNotExist"), false, false, true},
      {Json(Json::Object{}), true, true, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.selector.dump());
    CHECK(matches(row.selector, object({{"team", "shop"}})) == row.shop);
    CHECK(matches(row.selector, object({{"team", "pay"}})) == row.pay);
    CHECK(matches(row.selector, {}) == row.none);
  }
}

TEST_CASE("every requirement has to be met") {
  Json both = expression("env", "Exists");
  both.set("matchLabels", object({{"team", "shop"}, {"tier", "1"}}));
  CHECK(matches(both, object({{"team", "shop"}, {"tier", "1"}, {"env", ""}})));
  CHECK_FALSE(matches(both, object({{"team", "shop"}, {"env", ""}})));
  CHECK_FALSE(matches(both, object({{"team", "shop"}, {"tier", "1"}})));
}

TEST_CASE("label changes are printed as arguments of kubectl label") {
  Json selector = object(
      {{"matchExpressions", array({
                                object({{"key", "env"}, {"operator", "Exists"}}),
                                object({{"key", "old"}, {"operator", "DoesNotExist"}}),
                                object({{"key", "zone"}, {"operator", "NotIn"}, {"values", array({"dmz"})}}),
                            })}});
  selector.set("matchLabels", object({{"team", "shop"}}));
  const auto read = LabelSelector::read(selector);
  REQUIRE(read.has_value());
  CHECK(read->label_changes(object({{"old", "1"}, {"zone", "dmz"}})) ==
        std::vector<std::string>{"team=shop", "env=true", "old-", "zone-"});
  CHECK(read->label_changes(object({{"team", "shop"}, {"env", "test"}})).empty());
}

TEST_CASE("a selector that the API would refuse is not read") {
  CHECK_FALSE(LabelSelector::read(expression("team", "Equals", array({"a"}))).has_value());
  CHECK_FALSE(LabelSelector::read(expression("team", "In")).has_value());
  CHECK_FALSE(LabelSelector::read(expression("team", "Exists", array({"a"}))).has_value());
  CHECK_FALSE(LabelSelector::read(expression("", "Exists")).has_value());
}

TEST_CASE("a selector is parsed as by kubectl") {
  struct Row {
    std::string text;
    bool shop;  ///< matches team=shop
    bool pay;   ///< matches team=pay, env
    bool none;  ///< matches an object without labels
  };
  const std::vector<Row> rows{
      {"", true, true, true},
      {"team=shop", true, false, false},
      {" team == shop ", true, false, false},
      {"team!=shop", false, true, true},
      {"team", true, true, false},
      {"!team", false, false, true},
      {"team in (shop, till)", true, false, false},
      {"team in(shop,pay),env", false, true, false},
      {"team notin (shop)", false, true, true},
      {"team=", false, false, false},
      {"env=", false, true, false},
      {"env in ()", false, true, false},
      {"!app.kubernetes.io/name,team=shop", true, false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const LabelSelector selector = LabelSelector::parse(row.text);
    CHECK(selector.matches(object({{"team", "shop"}})) == row.shop);
    CHECK(selector.matches(object({{"team", "pay"}, {"env", ""}})) == row.pay);
    CHECK(selector.matches({}) == row.none);
  }
}

TEST_CASE("an invalid selector is refused with the invalid part") {
  CHECK(testing::mentions(testing::error_of([&] { LabelSelector::parse("team=shop,env=a=b"); }),
                          {"env=a=b", "\"a=b\"", "value"}));
  CHECK(testing::mentions(testing::error_of([&] { LabelSelector::parse("-team"); }), {"-team", "key"}));
  for (const std::string text :
       {",", "team=shop,", "a=b,,c=d", "team is shop", "team in shop", "team in (shop", "team in (a b)",
        "a/b/c", "/a", "a/", "a!b", "!", "!!a", "=b", "team=shop pay", "team>1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(LabelSelector::parse(text), Error);
  }
}

}  // namespace egress::kube

TEST_SUITE_END();
