#include "support/label_query.hpp"

#include <doctest/doctest.h>

// The fake cluster parses label selectors itself. These tests check it against the documentation of
// Kubernetes.

TEST_SUITE_BEGIN("kube");

namespace egress {
namespace {

using testing::LabelQuery;

bool is_selected(const std::string& query, const Json& labels) {
  const auto parsed = LabelQuery::parse(query);
  REQUIRE_MESSAGE(parsed.has_value(), query);
  return parsed->selects(labels);
}

}  // namespace

TEST_CASE("the fake cluster selects by labels as an API server does") {
  struct Row {
    const char* query;
    bool shop;  ///< selects team=shop,tier=1
    bool pay;   ///< selects team=pay
    bool none;  ///< selects an object without labels
  };
  const std::vector<Row> rows{
      {"", true, true, true},
      {"team=shop", true, false, false},
      {"team==shop", true, false, false},
      {"team!=shop", false, true, true},
      {"team in (shop, till)", true, false, false},
      {"team notin (shop,till)", false, true, true},
      {"team", true, true, false},
      {"!team", false, false, true},
      {"team in (shop,pay),tier", true, false, false},
      {"team,tier!=1", false, true, false},
      {"example.com/team=shop", false, false, false},
  };
  const Json shop = object({{"team", "shop"}, {"tier", "1"}});
  for (const Row& row : rows) {
    CAPTURE(row.query);
    CHECK(is_selected(row.query, shop) == row.shop);
    CHECK(is_selected(row.query, object({{"team", "pay"}})) == row.pay);
    CHECK(is_selected(row.query, {}) == row.none);
  }
}

TEST_CASE("the fake cluster refuses a malformed selector") {
  for (const char* query : {"a=b=c", "a in b", "a in (b", ",", "a=b,", "=b", "a b"}) {
    CAPTURE(query);
    CHECK_FALSE(LabelQuery::parse(query).has_value());
  }
}

}  // namespace egress

TEST_SUITE_END();
