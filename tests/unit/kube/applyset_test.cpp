#include "egress/kube/applyset.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress::kube {

TEST_CASE("an ApplySet's id is the one that kubectl computes") {
  // Accepted by kubectl 1.33.1 for the ConfigMap "web" in the namespace "team".
  CHECK(applyset::id("web", "team", "ConfigMap", "") ==
        "applyset-y1G-lVktaS3BIwCqGeq6xsCEXQM_r5wtdOg_vmqzWns-v1");
}

TEST_CASE("each part of the parent's identity changes the id") {
  const std::string id = applyset::id("web", "team", "ConfigMap", "");
  CHECK(applyset::id("web2", "team", "ConfigMap", "") != id);
  CHECK(applyset::id("web", "team2", "ConfigMap", "") != id);
  CHECK(applyset::id("web", "team", "Secret", "") != id);
  CHECK(applyset::id("web", "team", "ConfigMap", "apps") != id);
}

TEST_CASE("an id fits into a label") {
  CHECK(applyset::id(std::string(253, 'a'), std::string(63, 'b'), "ConfigMap", "").size() == 55);
}

TEST_CASE("the keys are those in kubectl's code, not those in the KEP") {
  CHECK(std::string(applyset::id_label) == "applyset.kubernetes.io/id");
  CHECK(std::string(applyset::part_of_label) == "applyset.kubernetes.io/part-of");
  CHECK(std::string(applyset::tooling_annotation) == "applyset.kubernetes.io/tooling");
  CHECK(std::string(applyset::kinds_annotation) == "applyset.kubernetes.io/contains-group-kinds");
  CHECK(std::string(applyset::namespaces_annotation) == "applyset.kubernetes.io/additional-namespaces");
}

}  // namespace egress::kube

TEST_SUITE_END();
