#include "egress/mesh/injection.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Placement;
using mesh::Revisions;

/// Control planes of those revisions, each with its webhook, and tags.
Revisions revisions(const std::vector<std::string>& names, std::map<std::string, std::string> tags = {}) {
  Revisions revisions;
  for (const std::string& name : names) {
    revisions.istiods.push_back({.name = "istiod", .ns = "istio-system", .revision = name});
    revisions.injectors.push_back(name);
  }
  revisions.tags = std::move(tags);
  return revisions;
}

const Revisions only_default = revisions({"default"});
const Revisions with_canary = revisions({"default", "canary"}, {{"prod", "default"}, {"test", "canary"}});
const Revisions moved_default = revisions({"1-29", "1-30"}, {{"default", "1-29"}});
const Revisions one_named = revisions({"1-29"});
const Revisions two_named = revisions({"1-29", "1-30"}, {{"prod", "1-29"}});

Placement in(Json labels, const std::string& wished = "") {
  return {"shop", std::move(labels), wished};
}

const Json none{};
const Json enabled = object({{"istio-injection", "enabled"}});

Json of_revision(const std::string& name) {
  return object({{"istio.io/rev", name}});
}

std::string label(const Revisions& seen, const Placement& placement) {
  return mesh::revision_label(seen, {}, placement);
}

/// The message and the hint of a refusal; empty where there is none.
std::pair<std::string, std::string> refusal(const Revisions& seen, const Placement& placement,
                                            const mesh::Mesh& mesh = {}) {
  try {
    mesh::revision_label(seen, mesh, placement);
  } catch (const Error& error) {
    return {error.what(), error.hint()};
  }
  return {};
}

}  // namespace

TEST_CASE("who injects is the namespace's labels to say, and else the pods' own") {
  struct Row {
    const Revisions& seen;
    Placement placement;
    const char* revision;  ///< that the gateway is made for
    const char* label;     ///< that its pods need
  };
  const std::vector<Row> rows{
      // No label on the namespace.
      {only_default, in(none), "default", ""},
      {only_default, in(none, "default"), "default", ""},
      {with_canary, in(none), "default", ""},
      {with_canary, in(none, "canary"), "canary", "canary"},
      {with_canary, in(none, "test"), "canary", "test"},
      {with_canary, in(none, "prod"), "default", "prod"},
      {moved_default, in(none), "1-29", ""},
      {moved_default, in(none, "1-29"), "1-29", "1-29"},
      {moved_default, in(none, "1-30"), "1-30", "1-30"},
      {one_named, in(none), "1-29", "1-29"},
      {two_named, in(none, "prod"), "1-29", "prod"},
      // istio-injection=enabled: the default revision, whatever the pods say.
      {only_default, in(enabled), "default", ""},
      {with_canary, in(enabled, "prod"), "default", ""},
      {moved_default, in(enabled), "1-29", ""},
      // istio.io/rev: that revision or tag, whatever the pods say.
      {with_canary, in(of_revision("canary")), "canary", ""},
      {with_canary, in(of_revision("test")), "canary", ""},
      {with_canary, in(of_revision("test"), "canary"), "canary", ""},
      {moved_default, in(of_revision("default")), "1-29", ""},
      // Both: istio-injection wins.
      {with_canary, in(Json::parse(R"({"istio-injection": "enabled", "istio.io/rev": "canary"})")), "default",
       ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.seen.listed());
    CAPTURE(row.placement.labels->dump());
    CAPTURE(row.placement.revision);
    CHECK(mesh::revision_for(row.seen, row.placement) == row.revision);
    CHECK(label(row.seen, row.placement) == row.label);
  }
}

// users.md: 14
TEST_CASE("a namespace in which nobody injects is refused") {
  const auto [message, hint] = refusal(only_default, in(Json::parse(R"({"istio-injection": "disabled"})")));
  CHECK(testing::mentions(message, {"shop", "istio-injection=disabled"}));
  CHECK(testing::mentions(hint, {"kubectl label namespace shop istio-injection-"}));
  // The revision's webhook wants istio-injection to be absent, and the default one's wants it enabled.
  const Json both = Json::parse(R"({"istio-injection": "disabled", "istio.io/rev": "canary"})");
  CHECK_FALSE(refusal(with_canary, in(both, "canary")).first.empty());
  CHECK_FALSE(refusal(only_default, in(Json::parse(R"({"istio-injection": "true"})"))).first.empty());
}

// users.md: 21
TEST_CASE("a namespace whose label names no revision is refused") {
  const auto [message, hint] = refusal(with_canary, in(of_revision("gone")));
  CHECK(testing::mentions(message, {"shop", "istio.io/rev", "gone"}));
  CHECK(testing::mentions(hint, {"canary", "default", "prod", "test", "tag of canary"}));
  CHECK(mesh::revision_for(with_canary, in(of_revision("gone"))) == "default");
}

// users.md: 21
TEST_CASE("a revision that the namespace's labels rule out is refused") {
  const auto [message, hint] = refusal(with_canary, in(of_revision("test"), "default"));
  CHECK(testing::mentions(message, {"shop", "istio.io/rev=test", "canary", "default"}));
  CHECK(hint.ends_with("kubectl label namespace shop istio.io/rev=default --overwrite"));

  const auto [by_default, move] = refusal(with_canary, in(enabled, "test"));
  CHECK(testing::mentions(by_default, {"shop", "istio-injection=enabled", "default", "test"}));
  CHECK(move.ends_with("kubectl label namespace shop istio-injection- istio.io/rev=test --overwrite"));
}

TEST_CASE("istio-injection=enabled is refused where there is no default revision") {
  const auto [message, hint] = refusal(one_named, in(enabled));
  CHECK(testing::mentions(message, {"shop", "istio-injection=enabled", "default"}));
  CHECK(hint.find("kubectl label namespace shop istio-injection- istio.io/rev=1-29") != std::string::npos);
  CHECK(refusal(two_named, in(enabled)).second.find("istio.io/rev=REVISION") != std::string::npos);
}

TEST_CASE("several revisions without a default one have to be chosen from, tags among them") {
  CHECK(testing::mentions(testing::error_of([&] { mesh::revision_for(two_named, in(none)); }),
                          {"several revisions", "default"}));
  const auto [message, hint] = refusal(two_named, in(none));
  CHECK(testing::mentions(message, {"several revisions", "default"}));
  CHECK(testing::mentions(hint, {"--istio-revision", "1-29", "1-30", "prod", "tag of 1-29"}));
}

TEST_CASE("a wished revision that is not there is refused") {
  CHECK(testing::mentions(testing::error_of([] { mesh::revision_for(with_canary, in(none, "gone\x1b")); }),
                          {"revision", "gone^["}));
}

TEST_CASE("what may be a tag that the user may not see is not refused") {
  Revisions seen = one_named;
  seen.injectors.clear();
  seen.tags_known = false;
  CHECK(mesh::revision_for(seen, in(none, "prod")) == "1-29");
  CHECK(label(seen, in(none, "prod")) == "prod");
  CHECK(mesh::revision_for(seen, in(of_revision("prod"))) == "1-29");
  CHECK(label(seen, in(of_revision("prod"))).empty());
  CHECK(label(seen, in(enabled)).empty());

  seen.istiods.push_back({.name = "istiod", .ns = "istio-system", .revision = "1-30"});
  CHECK(testing::mentions(testing::error_of([&] { mesh::revision_for(seen, in(of_revision("prod"))); }),
                          {"prod", "revision tags"}));
  CHECK(testing::mentions(testing::error_of([&] { mesh::revision_for(seen, in(none)); }),
                          {"several revisions", "default"}));
  CHECK(mesh::revision_for(seen, in(of_revision("prod"), "1-30")) == "1-30");
  CHECK(label(seen, in(of_revision("prod"), "1-30")).empty());
}

TEST_CASE("where nothing of Istio can be seen the user's word counts") {
  CHECK(mesh::revision_for({}, in(none)) == "default");
  CHECK(mesh::revision_for({}, in(none, "canary")) == "canary");
  CHECK(label({}, in(none, "canary")) == "canary");
  CHECK(label({}, in(none)).empty());
}

TEST_CASE("a namespace that cannot be looked at is taken to say nothing") {
  const Placement hidden{"shop", std::nullopt, "canary"};
  CHECK(label(with_canary, hidden) == "canary");
}

TEST_CASE("a namespace that istiod does not see is refused, with the label that it wants") {
  mesh::Mesh mesh;
  mesh.discovery_selectors = Json::parse(R"([
    {"matchLabels": {"mesh": "yes"}},
    {"matchExpressions": [{"key": "env", "operator": "In", "values": ["prod"]}]}])");
  const auto [message, hint] = refusal(only_default, in(Json::parse(R"({"env": "test"})")), mesh);
  CHECK(testing::mentions(message, {"istiod", "shop", "discoverySelectors"}));
  CHECK(hint.ends_with("kubectl label namespace shop mesh=yes --overwrite"));

  CHECK(refusal(only_default, in(Json::parse(R"({"mesh": "yes"})")), mesh).first.empty());
  CHECK(refusal(only_default, in(Json::parse(R"({"env": "prod"})")), mesh).first.empty());
  CHECK(refusal(only_default, {"shop", std::nullopt, ""}, mesh).first.empty());
}

TEST_CASE("discovery selectors that istiod cannot read, or is too old to know, hide nothing") {
  mesh::Mesh mesh;
  mesh.discovery_selectors = Json::parse(R"([{"matchLabels": {"mesh": "yes"}}, {"matchExpressions": [{}]}])");
  CHECK(refusal(only_default, in(none), mesh).first.empty());
  mesh.discovery_selectors = Json::parse(R"([{"matchLabels": {"mesh": "yes"}}])");
  CHECK_FALSE(refusal(only_default, in(none), mesh).first.empty());
  mesh.version = {1, 9, 0};
  CHECK(refusal(only_default, in(none), mesh).first.empty());
}

}  // namespace egress

TEST_SUITE_END();
