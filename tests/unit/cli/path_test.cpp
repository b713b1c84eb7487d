#include "egress/cli/path.hpp"

#include <doctest/doctest.h>

#include "support/designs.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// The drawing of a gateway with one ready pod.
std::string path_of(const mesh::Egress& egress) {
  mesh::Summary summary;
  summary.record.egress = egress;
  summary.ready_replicas = 1;
  summary.replicas = 1;
  return traffic_path(summary);
}

}  // namespace

TEST_CASE("one host: from the caller straight down to the service") {
  CHECK(path_of(testing::httpbin()) == R"(caller in the mesh   http://httpbin.org/
  │ the mesh's own TLS, by the caller's sidecar
service/httpbin-egress.httpbin:80   pods: 1 of 1 ready
  │ TLS by the gateway, verified as httpbin.org against the public roots
httpbin.org:443
)");
}

TEST_CASE("several hosts: the way out forks, a branch for each") {
  mesh::Egress egress = testing::httpbin();
  egress.hosts = {"a.example.com", "b.example.com"};
  egress.tls.mode = mesh::TlsMode::none;
  egress.port = 80;
  CHECK(path_of(egress) == R"(caller in the mesh   http://a.example.com/
caller in the mesh   http://b.example.com/
  │ the mesh's own TLS, by the caller's sidecar
service/httpbin-egress.httpbin:80   pods: 1 of 1 ready
  ├ a.example.com:80: nothing encrypts this hop
  └ b.example.com:80: nothing encrypts this hop
)");
}

TEST_CASE("the ingress gateway is one more caller, not a stop on the way of those in the mesh") {
  mesh::Egress egress = testing::httpbin();
  egress.ingress.emplace();
  egress.ingress->hosts = {"bin.example.com"};
  egress.ingress->credential = "bin-cert";
  egress.mesh.allow = {{"shop", ""}, {"pay", "api"}};
  egress.mesh.export_to = {"shop"};
  egress.network_policy = true;
  CHECK(path_of(egress) == R"(caller in the mesh   http://httpbin.org/
caller in the mesh   http://bin.example.com/
  │ only from shop, httpbin, istio-system
  │ the mesh's own TLS, by the caller's sidecar
  │ only for shop/*, pay/api, istio-system/* (the ingress gateway's)
  │ a NetworkPolicy lets in pods of those namespaces only
service/httpbin-egress.httpbin:80   pods: 1 of 1 ready
  │ TLS by the gateway, verified as httpbin.org against the public roots
httpbin.org:443
client outside       https://bin.example.com/
  │ TLS, ended by the ingress gateway with secret/bin-cert
ingress gateway in istio-system
  │ the mesh's own TLS, by the ingress gateway
service/httpbin-egress.httpbin:80, and on as above
)");
}

TEST_CASE("callers are shown with what they dial and speak") {
  mesh::Egress egress = testing::httpbin();
  egress.protocol = mesh::Protocol::grpc;
  egress.port = 50051;
  CHECK(path_of(egress).starts_with("caller in the mesh   httpbin.org:80 (gRPC, without TLS)\n"));
  egress.protocol = mesh::Protocol::https;
  egress.tls.mode = mesh::TlsMode::passthrough;
  egress.port = 8443;
  CHECK(path_of(egress).starts_with("caller in the mesh   https://httpbin.org:8443/\n"));
  egress.protocol = mesh::Protocol::tcp;
  egress.tls.mode = mesh::TlsMode::none;
  egress.port = 5432;
  egress.addresses = {"192.0.2.10"};
  CHECK(path_of(egress).starts_with("caller in the mesh   192.0.2.10:5432\n"));
}

TEST_CASE("a plaintext hop is said to be one, whatever callers speak") {
  mesh::Egress egress = testing::httpbin();
  egress.mesh.mutual = false;
  CHECK(mesh_tls(egress) == "nothing encrypts this hop, and nobody knows who calls");
  egress.protocol = mesh::Protocol::tcp;
  CHECK(mesh_tls(egress) == "the caller's bytes as they are; nobody knows who calls");
  egress.protocol = mesh::Protocol::https;
  CHECK(mesh_tls(egress) == "the caller's own TLS, passed on; nobody knows who calls");
}

TEST_CASE("the TLS to the service names whom it asks for, what it verifies, and against what") {
  mesh::Egress egress = testing::httpbin();
  egress.tls.sni = "front.example.com";
  egress.tls.subject_alt_names = {"a.example.com", "b\x1b[31m.example.com"};
  egress.tls.ca_credential = "corp-ca";
  CHECK(upstream_tls(egress, "httpbin.org") ==
        "TLS by the gateway, asking for front.example.com, verified as a.example.com or "
        "b^[[31m.example.com against secret/corp-ca");
  egress.tls = {};
  egress.tls.verify = false;
  CHECK(upstream_tls(egress, "httpbin.org") ==
        "TLS by the gateway, NOT verified: whoever answers is believed");
  egress.tls = {};
  egress.tls.mode = mesh::TlsMode::mutual;
  egress.tls.credential = "bank-client";
  CHECK(upstream_tls(egress, "httpbin.org") ==
        "TLS by the gateway, with the certificate of secret/bank-client, verified as httpbin.org against "
        "that Secret's CA");
}

TEST_CASE("a wildcard is verified as the one server behind it") {
  mesh::Egress egress = testing::httpbin();
  egress.hosts = {"*.example.com"};
  egress.server = "www.example.com";
  const std::string path = path_of(egress);
  CHECK(path.starts_with("caller in the mesh   http://*.example.com/\n"));
  CHECK(path.ends_with("verified as www.example.com against the public roots\nwww.example.com:443\n"));
}

}  // namespace egress::cli

TEST_SUITE_END();
