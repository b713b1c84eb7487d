#include "egress/mesh/revisions.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::read_revisions;

Json istiod(const std::string& revision, const std::string& image = "docker.io/istio/pilot:1.30.3") {
  Json deployment = object({{"metadata", object({
                                             {"name", "istiod-" + revision},
                                             {"namespace", "istio-system"},
                                             {"labels", object({{"istio.io/rev", revision}})},
                                         })}});
  deployment.edit("spec")
      .edit("template")
      .edit("spec")
      .set("containers", array({object({{"name", "discovery"}, {"image", image}})}));
  return deployment;
}

Json webhook(const std::string& revision, const std::string& tag = "") {
  return object({{"metadata", object({{"labels", object({
                                                     {"istio.io/rev", revision},
                                                     {"istio.io/tag", tag.empty() ? Json() : Json(tag)},
                                                 })}})}});
}

const Json nothing{Json::Array{}};

}  // namespace

TEST_CASE("a control plane is read from its Deployment") {
  const auto read =
      mesh::read_control_plane(istiod("1-29", "corp.example:5000/istio/pilot:1.29.1@sha256:01"));
  CHECK(read.name == "istiod-1-29");
  CHECK(read.ns == "istio-system");
  CHECK(read.revision == "1-29");
  CHECK(read.hub == "corp.example:5000/istio");
  CHECK(read.tag == "1.29.1");
  CHECK(read.version == mesh::Version{1, 29, 1});
  CHECK(mesh::read_control_plane(istiod("")).revision == "default");
  CHECK(mesh::read_control_plane(istiod("a", "corp.example:5000/pilot")).tag.empty());
  CHECK(mesh::read_control_plane(istiod("a", "pilot:1.30.3")).version == mesh::Version{1, 30, 3});
  CHECK(mesh::read_control_plane({}).revision == "default");
}

TEST_CASE("a name is a tag's revision, or a revision") {
  const auto revisions = read_revisions(array({istiod("1-29"), istiod("1-30")}),
                                        array({webhook("1-29"), webhook("1-30"), webhook("1-29", "prod")}));
  CHECK(revisions.named("prod") == "1-29");
  CHECK(revisions.named("1-30") == "1-30");
  CHECK(revisions.named("gone") == std::nullopt);
  CHECK(revisions.all() == std::vector<std::string>{"1-29", "1-30"});
  CHECK(revisions.listed() == "1-29, 1-30, prod (a tag of 1-29)");
}

TEST_CASE("the default revision is the tag's of that name, before the one of that name") {
  CHECK(read_revisions(array({istiod("default")}), nothing).by_default() == "default");
  CHECK(read_revisions(nothing, array({webhook("")})).by_default() == "default");
  CHECK(read_revisions(array({istiod("1-29")}), array({webhook("1-29")})).by_default() == std::nullopt);
  CHECK(read_revisions(array({istiod("default"), istiod("1-29")}),
                       array({webhook("default"), webhook("1-29", "default")}))
            .by_default() == "1-29");
}

TEST_CASE("a name that is not seen is surely not there only where the webhooks were seen") {
  const Json one = array({istiod("default")});
  CHECK(read_revisions(one, array({webhook("default")})).complete());
  CHECK(read_revisions(one, nothing).complete());
  CHECK(read_revisions({}, array({webhook("default")})).complete());
  CHECK_FALSE(read_revisions(one, {}).complete());
  CHECK_FALSE(read_revisions({}, nothing).complete());
  CHECK_FALSE(read_revisions(nothing, nothing).complete());
}

TEST_CASE("what a cluster calls its revisions is made fit for a terminal") {
  CHECK(read_revisions(array({istiod("a\x1b[31m")}), nothing).listed() == "a^[[31m");
}

}  // namespace egress

TEST_SUITE_END();
