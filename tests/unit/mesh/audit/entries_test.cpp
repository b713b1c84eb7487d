#include <doctest/doctest.h>

#include "support/audit_fixture.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::clean_snapshot;
using testing::findings_with_code;
using testing::in_namespace;
using testing::listed_object;
using testing::mentions;
using testing::restricted_gateway;

Json port(int number, const char* protocol) {
  return object({{"number", number}, {"name", "p"}, {"protocol", protocol}});
}

Json entry(const std::string& host, Json ports, const std::string& ns = "shop") {
  return listed_object(ns, "direct", object({{"hosts", array({host})}, {"ports", std::move(ports)}}));
}

mesh::AuditSnapshot with_entry(Json service_entry) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.service_entries.push_back(std::move(service_entry));
  return snapshot;
}

Json exported(Json service_entry, std::initializer_list<Item> targets) {
  service_entry.edit("spec").set("exportTo", array(targets));
  return service_entry;
}

mesh::Egress passthrough() {
  mesh::Egress egress = restricted_gateway();
  egress.protocol = mesh::Protocol::https;
  egress.tls.mode = mesh::TlsMode::passthrough;
  return egress;
}

}  // namespace

// users.md: 3
TEST_CASE("a ServiceEntry that callers see lets them bypass the gateway") {
  const auto findings = findings_with_code("Bypass", restricted_gateway(),
                                           with_entry(entry("httpbin.org", array({port(443, "TLS")}))));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(mentions(findings[0].message, {"direct", "every namespace", "httpbin.org", "443", "TLS"}));
  CHECK(findings[0].fix ==
        "kubectl patch serviceentry.networking.istio.io/direct -n shop --type=merge -p "
        "'{\"spec\":{\"exportTo\":[\".\"]}}'");
}

// users.md: 10
TEST_CASE("so does a ServiceEntry with a wildcard, and one that is visible only in its own namespace") {
  CHECK(findings_with_code("Bypass", restricted_gateway(),
                           with_entry(entry("*.org", array({port(443, "TLS")}))))
            .size() == 1);
  const auto own =
      findings_with_code("Bypass", restricted_gateway(),
                         with_entry(exported(entry("httpbin.org", array({port(443, "HTTPS")})), {"."})));
  REQUIRE(own.size() == 1);
  CHECK(mentions(own[0].message, {in_namespace("shop"), "httpbin.org", "443"}));
  CHECK_FALSE(mentions(own[0].message, {"every namespace"}));
  CHECK(own[0].fix == "kubectl edit serviceentry.networking.istio.io/direct -n shop");
}

TEST_CASE("an entry with the host and a wildcard that matches it is reported once") {
  Json both = entry("httpbin.org", array({port(443, "TLS")}));
  both.edit("spec").set("hosts", array({"httpbin.org", "*.org"}));
  const auto findings = findings_with_code("Bypass", restricted_gateway(), with_entry(both));
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"httpbin.org"}));
  CHECK_FALSE(mentions(findings[0].message, {"*.org"}));
}

// users.md: 23
TEST_CASE("plain HTTP that matches the gateway's route does not bypass it") {
  const Json http = entry("httpbin.org", array({port(80, "HTTP")}));
  CHECK(findings_with_code("Bypass", restricted_gateway(), with_entry(http)).empty());
  mesh::Egress narrow = restricted_gateway();
  narrow.mesh.export_to = {"shop"};
  CHECK(findings_with_code("Bypass", narrow, with_entry(http)).size() == 1);
}

TEST_CASE("entries for other hosts and the gateways' own entries are no bypass") {
  CHECK(findings_with_code("Bypass", restricted_gateway(),
                           with_entry(entry("example.org", array({port(443, "TLS")}))))
            .empty());
  mesh::AuditSnapshot snapshot = clean_snapshot();
  testing::add_gateway(snapshot, passthrough());
  CHECK(findings_with_code("Bypass", passthrough(), snapshot).empty());
  CHECK(findings_with_code("DuplicateEntry", passthrough(), snapshot).empty());
  CHECK(findings_with_code("Bypass", restricted_gateway(), snapshot).empty());
}

// users.md: 10
TEST_CASE("for TLS passthrough a second entry is a duplicate, and its other ports bypass the gateway") {
  const auto same = with_entry(entry("httpbin.org", array({port(443, "TLS")})));
  CHECK(findings_with_code("Bypass", passthrough(), same).empty());
  CHECK(findings_with_code("DuplicateEntry", passthrough(), same).size() == 1);
  const auto other = with_entry(entry("httpbin.org", array({port(8443, "TLS"), port(80, "HTTP")})));
  const auto findings = findings_with_code("Bypass", passthrough(), other);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"8443", "TLS", "80", "HTTP"}));
}

TEST_CASE("a second entry in the gateway's own namespace is a duplicate") {
  const auto snapshot =
      with_entry(exported(entry("httpbin.org", array({port(443, "TLS")}), "httpbin"), {"."}));
  CHECK(findings_with_code("DuplicateEntry", restricted_gateway(), snapshot).size() == 1);
}

// users.md: 16
TEST_CASE("two services with the same address and port are a conflict") {
  mesh::Egress tcp = restricted_gateway();
  tcp.protocol = mesh::Protocol::tcp;
  tcp.tls.mode = mesh::TlsMode::none;
  tcp.port = 5432;
  tcp.addresses = {"192.0.2.10"};
  Json taken = entry("db.example.com", array({port(5432, "TCP")}));
  taken.edit("spec").set("addresses", array({"192.0.2.10"}));
  CHECK(findings_with_code("AddressTaken", tcp, with_entry(taken)).size() == 1);
  taken.edit("spec").set("addresses", array({"192.0.2.11"}));
  CHECK(findings_with_code("AddressTaken", tcp, with_entry(taken)).empty());

  tcp.addresses = {"192.0.2.10", "192.0.2.11"};
  taken.edit("spec").set("addresses", array({"192.0.2.11", "192.0.2.10", "192.0.2.11"}));
  const auto findings = findings_with_code("AddressTaken", tcp, with_entry(taken));
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"192.0.2.10", "192.0.2.11", "5432"}));
}

// users.md: 7
TEST_CASE("an entry with HTTP or TCP on port 443 is one finding for the whole mesh") {
  const auto http = findings_with_code("HttpOn443", restricted_gateway(),
                                       with_entry(entry("x.example", array({port(443, "http")}))));
  REQUIRE(http.size() == 1);
  CHECK(http[0].gateway.empty());
  CHECK(http[0].fix ==
        "kubectl patch serviceentry.networking.istio.io/direct -n shop --type=json -p "
        "'[{\"op\":\"add\",\"path\":\"/spec/ports/0/protocol\",\"value\":\"TLS\"}]'");
  CHECK(findings_with_code("IST0134", restricted_gateway(),
                           with_entry(entry("x.example", array({port(443, "TCP")}))))
            .size() == 1);
  CHECK(findings_with_code("IST0134", restricted_gateway(),
                           with_entry(entry("x.example", array({port(80, "")}))))
            .size() == 1);
  CHECK(findings_with_code("IST0134", restricted_gateway(),
                           with_entry(entry("x.example", array({port(5432, "TCP")}))))
            .empty());
  CHECK(findings_with_code("IST0134", restricted_gateway(),
                           with_entry(entry("x.example", array({port(443, "TLS")}))))
            .empty());
}

TEST_CASE("a private entry, or one with an address, does not affect the port of other hosts") {
  Json tcp = entry("x.example", array({port(443, "TCP")}));
  CHECK(findings_with_code("IST0134", restricted_gateway(), with_entry(exported(tcp, {"."}))).empty());
  Json addressed = tcp;
  addressed.edit("spec").set("addresses", array({"192.0.2.1"}));
  CHECK(findings_with_code("IST0134", restricted_gateway(), with_entry(addressed)).empty());

  // Istio's own addresses serve only where sidecars answer DNS.
  Json allotted = tcp;
  allotted.set("status", object({{"addresses", array({object({{"value", "240.240.0.1"}})})}}));
  mesh::AuditSnapshot snapshot = with_entry(allotted);
  CHECK(findings_with_code("IST0134", restricted_gateway(), snapshot).size() == 1);
  snapshot.mesh.proxy_config = object({{"proxyMetadata", object({{"ISTIO_META_DNS_CAPTURE", "true"}})}});
  CHECK(findings_with_code("IST0134", restricted_gateway(), snapshot).empty());
}

}  // namespace egress

TEST_SUITE_END();
