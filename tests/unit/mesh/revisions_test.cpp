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

const Json empty_list{Json::Array{}};

}  // namespace

TEST_CASE("a control plane is read from its Deployment") {
  const auto control_plane =
      mesh::read_control_plane(istiod("1-29", "corp.example:5000/istio/pilot:1.29.1@sha256:01"));
  CHECK(control_plane.name == "istiod-1-29");
  CHECK(control_plane.ns == "istio-system");
  CHECK(control_plane.revision == "1-29");
  CHECK(control_plane.hub == "corp.example:5000/istio");
  CHECK(control_plane.tag == "1.29.1");
  CHECK(control_plane.version == mesh::Version{1, 29, 1});
  CHECK(mesh::read_control_plane(istiod("")).revision == "default");
  CHECK(mesh::read_control_plane(istiod("a", "corp.example:5000/pilot")).tag.empty());
  CHECK(mesh::read_control_plane(istiod("a", "pilot:1.30.3")).version == mesh::Version{1, 30, 3});
  CHECK(mesh::read_control_plane({}).revision == "default");
}

TEST_CASE("a name resolves to the revision of a tag, or to a revision") {
  const auto revisions = read_revisions(array({istiod("1-29"), istiod("1-30")}),
                                        array({webhook("1-29"), webhook("1-30"), webhook("1-29", "prod")}));
  CHECK(revisions.resolve("prod") == "1-29");
  CHECK(revisions.resolve("1-30") == "1-30");
  CHECK(revisions.resolve("gone") == std::nullopt);
  CHECK(revisions.names() == std::vector<std::string>{"1-29", "1-30"});
  CHECK(revisions.text() == "1-29, 1-30, prod (a tag of 1-29)");
}

TEST_CASE("the tag default takes precedence over the revision default") {
  CHECK(read_revisions(array({istiod("default")}), empty_list).default_revision() == "default");
  CHECK(read_revisions(empty_list, array({webhook("")})).default_revision() == "default");
  CHECK(read_revisions(array({istiod("1-29")}), array({webhook("1-29")})).default_revision() == std::nullopt);
  CHECK(read_revisions(array({istiod("default"), istiod("1-29")}),
                       array({webhook("default"), webhook("1-29", "default")}))
            .default_revision() == "1-29");
}

TEST_CASE("the list of revisions is complete only if the webhooks could be listed") {
  const Json deployments = array({istiod("default")});
  CHECK(read_revisions(deployments, array({webhook("default")})).is_complete());
  CHECK(read_revisions(deployments, empty_list).is_complete());
  CHECK(read_revisions({}, array({webhook("default")})).is_complete());
  CHECK_FALSE(read_revisions(deployments, {}).is_complete());
  CHECK_FALSE(read_revisions({}, empty_list).is_complete());
  CHECK_FALSE(read_revisions(empty_list, empty_list).is_complete());
}

TEST_CASE("revision names are printed without control characters") {
  CHECK(read_revisions(array({istiod("a\x1b[31m")}), empty_list).text() == "a^[[31m");
}

}  // namespace egress

TEST_SUITE_END();
