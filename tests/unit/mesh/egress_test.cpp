#include "egress/mesh/egress.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/mesh/host_name.hpp"
#include "support/designs.hpp"
#include "support/gateway_manifest.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using Lines = std::vector<std::string>;

/// A spec that violates one rule, and the facts that the error must mention.
struct InvalidSpec {
  const char* spec;
  Lines mentions;
};

void check_all(const std::vector<InvalidSpec>& table) {
  for (const InvalidSpec& row : table) {
    CAPTURE(row.spec);
    const Lines errors = testing::spec_errors(row.spec);
    REQUIRE(errors.size() == 1);
    CHECK(testing::mentions(errors.front(), row.mentions));
  }
}

}  // namespace

TEST_CASE("a gateway name is a DNS label that starts with a letter, with at most 56 characters") {
  mesh::Egress egress = testing::httpbin();
  for (const char* name : {"a", "httpbin", "a-1"}) {
    egress.name = name;
    CHECK(mesh::validate(egress).name == name);
  }
  egress.name = std::string(56, 'a');
  CHECK(mesh::validate(egress).name == std::string(56, 'a'));
  for (const char* name : {"", "-a", "a-", "1a", "A", "a.b", "a_b", "ä"}) {
    CAPTURE(name);
    egress.name = name;
    CHECK_THROWS_AS(mesh::validate(egress), Error);
  }
  egress.name = std::string(57, 'a');
  CHECK(testing::mentions(testing::error_of([&] { mesh::validate(egress); }), {egress.name, "57", "56"}));
}

// users.md: 24
TEST_CASE("a host is a fully qualified name in lower case") {
  for (const char* host : {"httpbin.org", "a.b", "xn--bcher-kva.example", "1.example", "a-b.c-d.e"}) {
    CAPTURE(host);
    CHECK(mesh::host_problem(host).empty());
  }
  for (const char* host :
       {"", "httpbin", "HTTPBIN.org", "httpbin.org.", ".httpbin.org", "a..b", "-a.b", "a_b.c",
        "httpbin.org:443", "https://httpbin.org", "httpbin.org/get", "10.0.0.1", "::1", "*.org", "a b.c"}) {
    CAPTURE(host);
    CHECK_FALSE(mesh::host_problem(host).empty());
  }
  CHECK_FALSE(mesh::host_problem(std::string(252, 'a') + ".b").empty());
}

TEST_CASE("a DNS label has at most 63 characters, an object name at most 253") {
  CHECK(mesh::is_dns_label(std::string(63, 'a')));
  CHECK_FALSE(mesh::is_dns_label(std::string(64, 'a')));
  CHECK_FALSE(mesh::is_dns_label("a.b"));
  for (const std::string& name : {std::string("a"), std::string("a.b-c"), std::string(253, 'a')})
    CHECK(mesh::is_object_name(name));
  for (const std::string& name : {std::string(), std::string("."), std::string("a."), std::string("-a"),
                                  std::string("A"), std::string("a/b"), std::string(254, 'a')})
    CHECK_FALSE(mesh::is_object_name(name));
}

// users.md: 24
TEST_CASE("an address is a single IP address") {
  for (const char* address : {"192.0.2.10", "2001:db8::10", "::"}) CHECK(mesh::is_ip_address(address));
  for (const char* address : {"", "192.0.2.0/24", "192.0.2", "2001:db8::/32", "host.example", "192.0.2.10 "})
    CHECK_FALSE(mesh::is_ip_address(address));
  CHECK_FALSE(mesh::is_ip_address(std::string("192.0.2.10\0x", 12)));
}

TEST_CASE("all errors are reported, not only the first") {
  mesh::Egress egress = testing::httpbin();
  egress.name = "A";
  egress.hosts = {"httpbin"};
  egress.port = 0;
  egress.aliases = {"bin.example", "bin.example"};
  const std::string text = testing::error_of([&] { mesh::validate(egress); });
  CHECK(testing::mentions(text, {"name \"A\"", "host \"httpbin\"", "port 0", "bin.example"}));
  CHECK(std::ranges::count(text, '\n') == 3);
}

TEST_CASE("an invalid namespace is rejected") {
  mesh::Egress egress = testing::httpbin();
  egress.ns = "Shop";
  CHECK(testing::mentions(testing::error_of([&] { mesh::validate(egress); }), {"namespace", "Shop"}));
}

// users.md: 17
TEST_CASE("invalid hosts, aliases and wildcards are rejected") {
  check_all({
      {"{}", {"spec.hosts", "httpbin.org"}},
      {"hosts: [httpbin]", {"httpbin", "dot"}},
      {"hosts: [a.example, a.example]", {"host", "a.example", "duplicate"}},
      {"hosts: [a.example, '*.example.com']", {"*.example.com", "wildcard", "*."}},
      {"{hosts: [a.example], aliases: [A.example]}", {"alias", "A.example", "lower case"}},
      {"{hosts: [a.example], aliases: [a.example]}", {"spec.aliases[0]", "a.example", "duplicate"}},
      {"{hosts: [a.example], protocol: HTTPS, aliases: [b.example]}", {"aliases", "HTTPS"}},
      {"{hosts: [a.example], server: b.example}", {"spec.server", "wildcard"}},
      {"hosts: ['*.example.com']", {"*.example.com", "spec.server"}},
      {"{hosts: ['*.com'], server: b.example}", {"com", "dot"}},
      {"{hosts: ['*.example.com'], server: b}", {"server", "b", "dot"}},
      {"{hosts: ['*.example.com', a.example], server: b.example}", {"wildcard", "only host"}},
      {"{hosts: ['*.example.com'], server: b.example, aliases: [c.example]}", {"wildcard", "aliases"}},
      {"{hosts: ['*.example.com'], server: b.example, protocol: TCP, port: 1, addresses: [192.0.2.1]}",
       {"TCP", "wildcard"}},
  });
}

// users.md: 7, 16
TEST_CASE("invalid ports and addresses are rejected") {
  check_all({
      {"{hosts: [a.example], port: 0}", {"port", "0", "65535"}},
      {"{hosts: [a.example], port: 65536}", {"port", "65536", "65535"}},
      {"{hosts: [a.example], protocol: TCP, addresses: [192.0.2.1]}", {"TCP", "spec.port"}},
      {"{hosts: [a.example], protocol: TCP, port: 5432}", {"TCP", "spec.addresses", "5432"}},
      {"{hosts: [a.example], protocol: TCP, port: 1, addresses: [192.0.2.0/24]}",
       {"192.0.2.0/24", "IP address"}},
      {"{hosts: [a.example], protocol: TCP, port: 1, addresses: [192.0.2.1, 192.0.2.1]}",
       {"192.0.2.1", "duplicate"}},
      {"{hosts: [a.example], addresses: [192.0.2.1]}", {"spec.addresses", "TCP"}},
      {"{hosts: [a.example, b.example], protocol: TCP, port: 1, addresses: [192.0.2.1]}",
       {"TCP", "only one host"}},
  });
}

// users.md: 6
TEST_CASE("protocol and TLS mode must be compatible") {
  check_all({
      {"{hosts: [a.example], protocol: HTTPS, tls: {mode: Simple}}", {"HTTPS", "passthrough", "Simple"}},
      {"{hosts: [a.example], protocol: HTTP, tls: {mode: Passthrough}}", {"passthrough", "https"}},
      {"{hosts: [a.example], protocol: TCP, port: 1, addresses: [192.0.2.1], tls: {mode: Passthrough}}",
       {"TCP", "none", "https"}},
  });
}

TEST_CASE("invalid settings of TLS to the external service are rejected") {
  check_all({
      {"{hosts: [a.example], tls: {mode: None, sni: b.example}}", {"spec.tls", "None", "no other field"}},
      {"{hosts: [a.example], tls: {mode: None, verify: false}}", {"spec.tls", "None", "no other field"}},
      {"{hosts: [a.example], tls: {sni: b}}", {"SNI", "b", "dot"}},
      {"{hosts: [a.example, b.example], tls: {sni: c.example}}", {"SNI", "single host"}},
      {"{hosts: [a.example], tls: {caCredentialName: _}}", {"Secret", "_"}},
      {"{hosts: [a.example], tls: {mode: Mutual, credentialName: A}}", {"Secret", "A"}},
      {"{hosts: [a.example], tls: {mode: Mutual}}", {"mutual", "spec.tls.credentialName"}},
      {"{hosts: [a.example], tls: {credentialName: a}}", {"client certificate", "mutual"}},
      {"{hosts: [a.example], tls: {mode: Mutual, credentialName: a, caCredentialName: b}}",
       {"mutual", "CA", "-cacert"}},
      {"{hosts: [a.example], tls: {mode: Mutual, credentialName: a, verify: false}}", {"mutual", "verifies"}},
      {"{hosts: [a.example], tls: {verify: false, subjectAltNames: [b.example]}}",
       {"without verification", "subjectAltNames"}},
      {"{hosts: [a.example], tls: {verify: false, caCredentialName: b}}",
       {"without verification", "caCredentialName"}},
  });
}

// users.md: 5
TEST_CASE("invalid callers and exportTo are rejected") {
  check_all({
      {"{hosts: [a.example], mesh: {allow: ['*/a']}}", {"allow", "*/a", "NAMESPACE/SERVICEACCOUNT"}},
      {"{hosts: [a.example], mesh: {allow: [pay/A]}}", {"service account", "A"}},
      {"{hosts: [a.example], mesh: {allow: [pay, pay/*]}}", {"spec.mesh.allow", "pay/*", "duplicate"}},
      {"{hosts: [a.example], mesh: {tls: Plaintext, allow: [pay]}}", {"allow", "plaintext"}},
      {"{hosts: [a.example], mesh: {exportTo: [Shop]}}", {"Shop", "namespace", "*"}},
      {"{hosts: [a.example], mesh: {exportTo: ['*', shop]}}", {"*", "only entry"}},
      {"{hosts: [a.example], mesh: {exportTo: [shop, shop]}}", {"shop", "duplicate"}},
      {"{hosts: [a.example], mesh: {exportTo: []}}", {"spec.mesh.exportTo"}},
  });
}

TEST_CASE("invalid ingress settings are rejected") {
  check_all({
      {"{hosts: [a.example], protocol: HTTPS, ingress: {hosts: [b.example], credentialName: c}}",
       {"HTTPS", "spec.ingress"}},
      {"{hosts: [a.example], ingress: {credentialName: c}}", {"spec.ingress.hosts"}},
      {"{hosts: [a.example], ingress: {hosts: [b], credentialName: c}}", {"exposed", "b", "dot"}},
      {"{hosts: [a.example], ingress: {hosts: [b.example, b.example], credentialName: c}}",
       {"exposed", "b.example", "duplicate"}},
      {"{hosts: [a.example, b.example], ingress: {hosts: [b.example], credentialName: c}}",
       {"exposed", "b.example"}},
      {"{hosts: ['*.example.com'], server: b.example, ingress: {hosts: [c.example], credentialName: c}}",
       {"wildcard", "exposed"}},
      {"{hosts: [a.example], ingress: {hosts: [b.example]}}",
       {"certificate", "spec.ingress.credentialName", "spec.ingress.selfSigned"}},
      {"{hosts: [a.example], ingress: {hosts: [b.example], credentialName: C}}", {"Secret", "C"}},
      {"{hosts: [a.example], ingress: {hosts: [b.example], credentialName: c, namespace: Edge}}",
       {"spec.ingress.namespace", "Edge"}},
      {"{hosts: [a.example], ingress: {hosts: [b.example], credentialName: c, selector: {}}}",
       {"spec.ingress.selector", "empty"}},
  });
}

TEST_CASE("invalid settings of probe, OPA policy and Istio version are rejected") {
  check_all({
      {"{hosts: [a.example], protocol: HTTPS, probe: {path: /}}", {"HTTP", "HTTPS", "spec.probe"}},
      {"{hosts: [a.example], probe: {path: status}}", {"spec.probe.path", "status", "'/'"}},
      {"{hosts: [a.example], probe: {path: '/a b'}}", {"spec.probe.path", "/a b"}},
      {"{hosts: [a.example], probe: {path: /, periodSeconds: 0}}", {"probe", "period", "3600"}},
      {"{hosts: [a.example], protocol: HTTPS, authorization: {opa: {policy: p}}}",
       {"Open Policy Agent", "HTTPS"}},
      {"{hosts: [a.example], authorization: {opa: {}}}",
       {"Open Policy Agent", "authorization.opa.policy", "policyFrom.configMap"}},
      {"{hosts: [a.example], authorization: {opa: {policy: p, policyFrom: {configMap: c}}}}",
       {"Open Policy Agent", "authorization.opa.policy", "policyFrom.configMap"}},
      {"{hosts: [a.example], authorization: {opa: {policyFrom: {configMap: C}}}}", {"ConfigMap", "C"}},
      {"{hosts: [a.example], istio: {version: latest}}", {"Istio version", "latest"}},
      {"{hosts: [a.example], istio: {revision: A/B}}", {"Istio revision", "A/B"}},
  });
  Json manifest = testing::gateway_manifest("{hosts: [a.example]}");
  manifest.edit("spec").edit("authorization").edit("opa").set("policy", std::string(262145, 'a'));
  const Lines errors = testing::manifest_errors(manifest);
  REQUIRE(errors.size() == 1);
  CHECK(testing::mentions(errors.front(), {"policy", "256 KiB", "ConfigMap"}));
}

TEST_CASE("invalid values are printed without control characters and truncated") {
  const auto errors = testing::spec_errors("hosts: [\"a\\x1b[31m.example\"]");
  REQUIRE(errors.size() == 1);
  CHECK(errors.front().find('\x1b') == std::string::npos);
  Json manifest = testing::gateway_manifest("{hosts: [a.example]}");
  manifest.edit("spec").set("hosts", array({std::string(100000, 'a') + ".example"}));
  CHECK(testing::manifest_errors(manifest).front().size() < 400);
}

}  // namespace egress

TEST_SUITE_END();
