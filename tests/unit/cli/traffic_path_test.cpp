#include "egress/cli/traffic_path.hpp"

#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::each_mentions;
using testing::mentions;

using Facts = std::vector<std::vector<std::string>>;

/// The lines of the traffic path of a gateway with one ready pod.
std::vector<std::string> path_of(const mesh::Egress& egress) {
  mesh::Summary summary;
  summary.record.egress = egress;
  summary.ready_replicas = 1;
  summary.replicas = 1;
  return split(trim(traffic_path(summary)), '\n');
}

}  // namespace

// users.md: 19
TEST_CASE("one host: the path leads from the caller to the service") {
  CHECK(each_mentions(path_of(testing::httpbin()), Facts{{"caller", "http://httpbin.org/"},
                                                         {"mTLS", "sidecar"},
                                                         {"service/httpbin-egress.httpbin:80", "1 of 1"},
                                                         {"TLS", "gateway", "verified", "httpbin.org"},
                                                         {"httpbin.org:443"}}));
}

// users.md: 2
TEST_CASE("several hosts: the path has one branch per host") {
  mesh::Egress egress = testing::httpbin();
  egress.hosts = {"a.example.com", "b.example.com"};
  egress.tls.mode = mesh::TlsMode::none;
  egress.port = 80;
  CHECK(each_mentions(path_of(egress), Facts{{"caller", "http://a.example.com/"},
                                             {"caller", "http://b.example.com/"},
                                             {"mTLS", "sidecar"},
                                             {"service/httpbin-egress.httpbin:80", "1 of 1"},
                                             {"├", "a.example.com:80", "not encrypted"},
                                             {"└", "b.example.com:80", "not encrypted"}}));
}

// users.md: 19
TEST_CASE("the ingress gateway is another caller, not a hop of callers in the mesh") {
  mesh::Egress egress = testing::httpbin();
  egress.ingress.emplace();
  egress.ingress->hosts = {"bin.example.com"};
  egress.ingress->credential = "bin-cert";
  egress.mesh.allow = {{"shop", ""}, {"pay", "api"}};
  egress.mesh.export_to = {"shop"};
  egress.network_policy = true;
  CHECK(each_mentions(path_of(egress),
                      Facts{{"caller", "http://httpbin.org/"},
                            {"caller", "http://bin.example.com/"},
                            {"only", "shop", "httpbin", "istio-system"},
                            {"mTLS", "sidecar"},
                            {"allowed", "shop/*", "pay/api", "istio-system/*", "ingress gateway"},
                            {"NetworkPolicy"},
                            {"service/httpbin-egress.httpbin:80", "1 of 1"},
                            {"TLS", "gateway", "verified", "httpbin.org"},
                            {"httpbin.org:443"},
                            {"outside", "https://bin.example.com/"},
                            {"TLS", "ingress gateway", "secret/bin-cert"},
                            {"ingress gateway", "istio-system"},
                            {"mTLS", "ingress gateway"},
                            {"service/httpbin-egress.httpbin:80"}}));
}

// users.md: 6
TEST_CASE("callers are shown with their address and protocol") {
  mesh::Egress egress = testing::httpbin();
  egress.protocol = mesh::Protocol::grpc;
  egress.port = 50051;
  CHECK(mentions(path_of(egress).front(), {"caller", "httpbin.org:80", "gRPC"}));
  egress.protocol = mesh::Protocol::https;
  egress.tls.mode = mesh::TlsMode::passthrough;
  egress.port = 8443;
  CHECK(mentions(path_of(egress).front(), {"caller", "https://httpbin.org:8443/"}));
  egress.protocol = mesh::Protocol::tcp;
  egress.tls.mode = mesh::TlsMode::none;
  egress.port = 5432;
  egress.addresses = {"192.0.2.10"};
  CHECK(mentions(path_of(egress).front(), {"caller", "192.0.2.10:5432"}));
}

// users.md: 4
TEST_CASE("a plaintext hop is marked as such for every protocol") {
  mesh::Egress egress = testing::httpbin();
  egress.mesh.mutual = false;
  const std::string requests = mesh_tls(egress);
  CHECK(mentions(requests, {"not encrypted", "caller identity unknown"}));
  egress.protocol = mesh::Protocol::tcp;
  const std::string bytes = mesh_tls(egress);
  CHECK(mentions(bytes, {"not encrypted", "bytes", "caller identity unknown"}));
  CHECK_FALSE(mentions(bytes, {"TLS"}));
  egress.protocol = mesh::Protocol::https;
  CHECK(mentions(mesh_tls(egress), {"caller", "own TLS", "caller identity unknown"}));
}

// users.md: 8
TEST_CASE("upstream TLS shows SNI, verified names and CA") {
  mesh::Egress egress = testing::httpbin();
  egress.tls.sni = "front.example.com";
  egress.tls.subject_alt_names = {"a.example.com", "b\x1b[31m.example.com"};
  egress.tls.ca_credential = "corp-ca";
  CHECK(mentions(upstream_tls(egress, "httpbin.org"), {"front.example.com", "verified", "a.example.com",
                                                       "b^[[31m.example.com", "secret/corp-ca"}));
  egress.tls = {};
  egress.tls.verify = false;
  CHECK(mentions(upstream_tls(egress, "httpbin.org"), {"TLS", "NOT verified"}));
  egress.tls = {};
  egress.tls.mode = mesh::TlsMode::mutual;
  egress.tls.credential = "bank-client";
  CHECK(
      mentions(upstream_tls(egress, "httpbin.org"), {"secret/bank-client", "verified", "httpbin.org", "CA"}));
  CHECK_FALSE(mentions(upstream_tls(egress, "httpbin.org"), {"NOT verified"}));
}

// users.md: 17
TEST_CASE("a wildcard host is verified as its server") {
  mesh::Egress egress = testing::httpbin();
  egress.hosts = {"*.example.com"};
  egress.server = "www.example.com";
  const std::vector<std::string> path = path_of(egress);
  CHECK(mentions(path.front(), {"caller", "http://*.example.com/"}));
  CHECK(mentions(path.at(path.size() - 2), {"verified", "www.example.com"}));
  CHECK(mentions(path.back(), {"www.example.com:443"}));
}

}  // namespace egress::cli

TEST_SUITE_END();
