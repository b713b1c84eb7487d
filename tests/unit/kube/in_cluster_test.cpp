#include "egress/kube/in_cluster.hpp"

#include <doctest/doctest.h>

#include "egress/kube/access.hpp"
#include "support/folder.hpp"
#include "support/given.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Folder;
using testing::Variable;

}  // namespace

TEST_CASE("a pod reaches its cluster with what the kubelet gave it") {
  const Folder folder;
  folder.write("token", "pod-token\n");
  folder.write("ca.crt", testing::key_pair().ca_certificate);
  folder.write("namespace", "team\n");
  const Variable host("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  const Variable port("KUBERNETES_SERVICE_PORT", "443");
  const Variable pod("POD_NAMESPACE", "");
  testing::Given given;
  given.config = {};
  given.pod = in_cluster(folder.path(""));
  REQUIRE(given.pod.has_value());
  CHECK(given.endpoint().url == "https://10.96.0.1:443");
  CHECK(given.endpoint().certificate_authority == testing::key_pair().ca_certificate);
  CHECK(given.headers() == std::vector<std::string>{"Authorization: Bearer pod-token"});
  CHECK(given.access().ns == "team");
  given.overrides.token = "other";
  CHECK(given.headers() == std::vector<std::string>{"Authorization: Bearer other"});
}

TEST_CASE("an IPv6 address gets its brackets, and POD_NAMESPACE counts before the file") {
  const Folder folder;
  folder.write("token", "t");
  folder.write("namespace", "team");
  const Variable host("KUBERNETES_SERVICE_HOST", "fd00::1");
  const Variable port("KUBERNETES_SERVICE_PORT", "6443");
  const Variable pod("POD_NAMESPACE", "mine");
  const auto found = in_cluster(folder.path(""));
  REQUIRE(found.has_value());
  CHECK(found->config.clusters.front().text("server") == "https://[fd00::1]:6443");
  CHECK_FALSE(found->config.clusters.front().has_content("certificate-authority"));
  CHECK(found->ns == "mine");
}

TEST_CASE("without a token, a host or a port this is no pod") {
  const Folder folder;
  const Variable host("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  const Variable port("KUBERNETES_SERVICE_PORT", "443");
  CHECK_FALSE(in_cluster(folder.path("")).has_value());
  folder.write("token", "t");
  CHECK(in_cluster(folder.path("")).has_value());
  const Variable no_host("KUBERNETES_SERVICE_HOST", "");
  CHECK_FALSE(in_cluster(folder.path("")).has_value());
}

}  // namespace egress::kube

TEST_SUITE_END();
