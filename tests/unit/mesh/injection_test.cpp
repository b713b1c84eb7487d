#include "egress/mesh/injection.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Placement;
using mesh::Revisions;

/// Revisions with a control plane and a webhook each, and tags.
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
const Revisions default_tag = revisions({"1-29", "1-30"}, {{"default", "1-29"}});
const Revisions one_revision = revisions({"1-29"});
const Revisions two_revisions = revisions({"1-29", "1-30"}, {{"prod", "1-29"}});

Placement make_placement(Json labels, const std::string& revision = "") {
  return {"shop", std::move(labels), revision};
}

const Json no_labels{};
const Json enabled = object({{"istio-injection", "enabled"}});

Json revision_labels(const std::string& name) {
  return object({{"istio.io/rev", name}});
}

std::string label(const Revisions& revisions, const Placement& placement) {
  return mesh::revision_label(revisions, {}, placement);
}

/// The message and the hint of the error; empty if there is none.
std::pair<std::string, std::string> rejection(const Revisions& revisions, const Placement& placement,
                                              const mesh::Mesh& mesh = {}) {
  try {
    mesh::revision_label(revisions, mesh, placement);
  } catch (const Error& error) {
    return {error.what(), error.hint()};
  }
  return {};
}

}  // namespace

TEST_CASE("the namespace's labels decide which revision injects, then the pods' labels") {
  struct Row {
    const Revisions& revisions;
    Placement placement;
    const char* revision;  ///< that the gateway is generated for
    const char* label;     ///< that its pods need
  };
  const std::vector<Row> rows{
      // No label on the namespace.
      {only_default, make_placement(no_labels), "default", ""},
      {only_default, make_placement(no_labels, "default"), "default", ""},
      {with_canary, make_placement(no_labels), "default", ""},
      {with_canary, make_placement(no_labels, "canary"), "canary", "canary"},
      {with_canary, make_placement(no_labels, "test"), "canary", "test"},
      {with_canary, make_placement(no_labels, "prod"), "default", "prod"},
      {default_tag, make_placement(no_labels), "1-29", ""},
      {default_tag, make_placement(no_labels, "1-29"), "1-29", "1-29"},
      {default_tag, make_placement(no_labels, "1-30"), "1-30", "1-30"},
      {one_revision, make_placement(no_labels), "1-29", "1-29"},
      {two_revisions, make_placement(no_labels, "prod"), "1-29", "prod"},
      // istio-injection=enabled: the default revision, regardless of the pods' labels.
      {only_default, make_placement(enabled), "default", ""},
      {with_canary, make_placement(enabled, "prod"), "default", ""},
      {default_tag, make_placement(enabled), "1-29", ""},
      // istio.io/rev: that revision or tag, regardless of the pods' labels.
      {with_canary, make_placement(revision_labels("canary")), "canary", ""},
      {with_canary, make_placement(revision_labels("test")), "canary", ""},
      {with_canary, make_placement(revision_labels("test"), "canary"), "canary", ""},
      {default_tag, make_placement(revision_labels("default")), "1-29", ""},
      // Both: istio-injection takes precedence.
      {with_canary,
       make_placement(Json::parse(R"({"istio-injection": "enabled", "istio.io/rev": "canary"})")), "default",
       ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.revisions.text());
    CAPTURE(row.placement.labels->dump());
    CAPTURE(row.placement.revision);
    CHECK(mesh::revision_for(row.revisions, row.placement) == row.revision);
    CHECK(label(row.revisions, row.placement) == row.label);
  }
}

// users.md: 14
TEST_CASE("a namespace with injection disabled is rejected") {
  const auto [message, hint] =
      rejection(only_default, make_placement(Json::parse(R"({"istio-injection": "disabled"})")));
  CHECK(testing::mentions(message, {"shop", "istio-injection=disabled"}));
  CHECK(testing::mentions(hint, {"kubectl label namespace shop istio-injection-"}));
  // The revision's webhook requires istio-injection to be absent, and the default one requires it enabled.
  const Json both = Json::parse(R"({"istio-injection": "disabled", "istio.io/rev": "canary"})");
  CHECK_FALSE(rejection(with_canary, make_placement(both, "canary")).first.empty());
  CHECK_FALSE(
      rejection(only_default, make_placement(Json::parse(R"({"istio-injection": "true"})"))).first.empty());
}

// users.md: 21
TEST_CASE("a namespace labelled with an unknown revision is rejected") {
  const auto [message, hint] = rejection(with_canary, make_placement(revision_labels("gone")));
  CHECK(testing::mentions(message, {"shop", "istio.io/rev", "gone"}));
  CHECK(testing::mentions(hint, {"canary", "default", "prod", "test", "tag of canary"}));
  CHECK(mesh::revision_for(with_canary, make_placement(revision_labels("gone"))) == "default");
}

// users.md: 21
TEST_CASE("a revision that conflicts with the namespace's labels is rejected") {
  const auto [message, hint] = rejection(with_canary, make_placement(revision_labels("test"), "default"));
  CHECK(testing::mentions(message, {"shop", "istio.io/rev=test", "canary", "default"}));
  CHECK(hint.ends_with("kubectl label namespace shop istio.io/rev=default --overwrite"));

  const auto [default_message, default_hint] = rejection(with_canary, make_placement(enabled, "test"));
  CHECK(testing::mentions(default_message, {"shop", "istio-injection=enabled", "default", "test"}));
  CHECK(
      default_hint.ends_with("kubectl label namespace shop istio-injection- istio.io/rev=test --overwrite"));
}

TEST_CASE("istio-injection=enabled is rejected without a default revision") {
  const auto [message, hint] = rejection(one_revision, make_placement(enabled));
  CHECK(testing::mentions(message, {"shop", "istio-injection=enabled", "default"}));
  CHECK(hint.find("kubectl label namespace shop istio-injection- istio.io/rev=1-29") != std::string::npos);
  CHECK(rejection(two_revisions, make_placement(enabled)).second.find("istio.io/rev=REVISION") !=
        std::string::npos);
}

TEST_CASE("several revisions without a default require spec.istio.revision") {
  CHECK(testing::mentions(
      testing::error_of([&] { mesh::revision_for(two_revisions, make_placement(no_labels)); }),
      {"several revisions", "default"}));
  const auto [message, hint] = rejection(two_revisions, make_placement(no_labels));
  CHECK(testing::mentions(message, {"several revisions", "default"}));
  CHECK(testing::mentions(hint, {"spec.istio.revision", "1-29", "1-30", "prod", "tag of 1-29"}));
}

TEST_CASE("an unknown requested revision is rejected") {
  CHECK(testing::mentions(
      testing::error_of([] { mesh::revision_for(with_canary, make_placement(no_labels, "gone\x1b")); }),
      {"revision", "gone^["}));
}

TEST_CASE("an unknown name is accepted if revision tags cannot be listed") {
  Revisions without_tags = one_revision;
  without_tags.injectors.clear();
  without_tags.tags_known = false;
  CHECK(mesh::revision_for(without_tags, make_placement(no_labels, "prod")) == "1-29");
  CHECK(label(without_tags, make_placement(no_labels, "prod")) == "prod");
  CHECK(mesh::revision_for(without_tags, make_placement(revision_labels("prod"))) == "1-29");
  CHECK(label(without_tags, make_placement(revision_labels("prod"))).empty());
  CHECK(label(without_tags, make_placement(enabled)).empty());

  without_tags.istiods.push_back({.name = "istiod", .ns = "istio-system", .revision = "1-30"});
  CHECK(testing::mentions(
      testing::error_of([&] { mesh::revision_for(without_tags, make_placement(revision_labels("prod"))); }),
      {"prod", "revision tags"}));
  CHECK(testing::mentions(
      testing::error_of([&] { mesh::revision_for(without_tags, make_placement(no_labels)); }),
      {"several revisions", "default"}));
  CHECK(mesh::revision_for(without_tags, make_placement(revision_labels("prod"), "1-30")) == "1-30");
  CHECK(label(without_tags, make_placement(revision_labels("prod"), "1-30")).empty());
}

TEST_CASE("without any listed revision the requested one is used") {
  CHECK(mesh::revision_for({}, make_placement(no_labels)) == "default");
  CHECK(mesh::revision_for({}, make_placement(no_labels, "canary")) == "canary");
  CHECK(label({}, make_placement(no_labels, "canary")) == "canary");
  CHECK(label({}, make_placement(no_labels)).empty());
}

TEST_CASE("a namespace that cannot be read is treated as unlabelled") {
  const Placement unreadable{"shop", std::nullopt, "canary"};
  CHECK(label(with_canary, unreadable) == "canary");
}

TEST_CASE("a namespace outside discoverySelectors is rejected with the missing label") {
  mesh::Mesh mesh;
  mesh.discovery_selectors = Json::parse(R"([
    {"matchLabels": {"mesh": "yes"}},
    {"matchExpressions": [{"key": "env", "operator": "In", "values": ["prod"]}]}])");
  const auto [message, hint] =
      rejection(only_default, make_placement(Json::parse(R"({"env": "test"})")), mesh);
  CHECK(testing::mentions(message, {"istiod", "shop", "discoverySelectors"}));
  CHECK(hint.ends_with("kubectl label namespace shop mesh=yes --overwrite"));

  CHECK(rejection(only_default, make_placement(Json::parse(R"({"mesh": "yes"})")), mesh).first.empty());
  CHECK(rejection(only_default, make_placement(Json::parse(R"({"env": "prod"})")), mesh).first.empty());
  CHECK(rejection(only_default, {"shop", std::nullopt, ""}, mesh).first.empty());
}

TEST_CASE("invalid discoverySelectors, and those of old Istio versions, are ignored") {
  mesh::Mesh mesh;
  mesh.discovery_selectors = Json::parse(R"([{"matchLabels": {"mesh": "yes"}}, {"matchExpressions": [{}]}])");
  CHECK(rejection(only_default, make_placement(no_labels), mesh).first.empty());
  mesh.discovery_selectors = Json::parse(R"([{"matchLabels": {"mesh": "yes"}}])");
  CHECK_FALSE(rejection(only_default, make_placement(no_labels), mesh).first.empty());
  mesh.version = {1, 9, 0};
  CHECK(rejection(only_default, make_placement(no_labels), mesh).first.empty());
}

}  // namespace egress

TEST_SUITE_END();
