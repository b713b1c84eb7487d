#include "egress/kube/in_cluster_config.hpp"

#include <doctest/doctest.h>

#include "egress/kube/connection.hpp"
#include "support/environment_variable.hpp"
#include "support/kubeconfig_fixture.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::EnvironmentVariable;
using testing::TemporaryDirectory;

}  // namespace

TEST_CASE("the in-cluster configuration uses the ServiceAccount's token, CA and namespace") {
  const TemporaryDirectory folder;
  folder.write("token", "pod-token\n");
  folder.write("ca.crt", testing::key_pair().ca_certificate);
  folder.write("namespace", "team\n");
  const EnvironmentVariable host("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  const EnvironmentVariable port("KUBERNETES_SERVICE_PORT", "443");
  const EnvironmentVariable pod("POD_NAMESPACE", "");
  testing::KubeconfigFixture fixture;
  fixture.config = {};
  fixture.in_cluster = in_cluster_config(folder.path(""));
  REQUIRE(fixture.in_cluster.has_value());
  CHECK(fixture.endpoint().url == "https://10.96.0.1:443");
  CHECK(fixture.endpoint().certificate_authority == testing::key_pair().ca_certificate);
  CHECK(fixture.headers() == std::vector<std::string>{"Authorization: Bearer pod-token"});
  CHECK(fixture.connection().ns == "team");
  fixture.overrides.token = "other";
  CHECK(fixture.headers() == std::vector<std::string>{"Authorization: Bearer other"});
}

TEST_CASE("an IPv6 address gets brackets, and POD_NAMESPACE overrides the file") {
  const TemporaryDirectory folder;
  folder.write("token", "t");
  folder.write("namespace", "team");
  const EnvironmentVariable host("KUBERNETES_SERVICE_HOST", "fd00::1");
  const EnvironmentVariable port("KUBERNETES_SERVICE_PORT", "6443");
  const EnvironmentVariable pod("POD_NAMESPACE", "mine");
  const auto found = in_cluster_config(folder.path(""));
  REQUIRE(found.has_value());
  CHECK(found->config.clusters.front().text("server") == "https://[fd00::1]:6443");
  CHECK_FALSE(found->config.clusters.front().has_content("certificate-authority"));
  CHECK(found->ns == "mine");
}

TEST_CASE("without a token, a host or a port there is no in-cluster configuration") {
  const TemporaryDirectory folder;
  const EnvironmentVariable host("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  const EnvironmentVariable port("KUBERNETES_SERVICE_PORT", "443");
  CHECK_FALSE(in_cluster_config(folder.path("")).has_value());
  folder.write("token", "t");
  CHECK(in_cluster_config(folder.path("")).has_value());
  const EnvironmentVariable no_host("KUBERNETES_SERVICE_HOST", "");
  CHECK_FALSE(in_cluster_config(folder.path("")).has_value());
}

}  // namespace egress::kube

TEST_SUITE_END();
