#include "egress/mesh/egress.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/mesh/host_name.hpp"
#include "support/designs.hpp"
#include "support/forms.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using Lines = std::vector<std::string>;

/// A spec that breaks one rule, and what is said of it.
struct Broken {
  const char* spec;
  const char* fault;
};

void check_all(const std::vector<Broken>& table) {
  for (const Broken& row : table) {
    CAPTURE(row.spec);
    CHECK(join(testing::spec_faults(row.spec), "\n") == row.fault);
  }
}

}  // namespace

TEST_CASE("a name is a label that begins with a letter, and leaves room for -egress") {
  mesh::Egress egress = testing::httpbin();
  for (const char* name : {"a", "httpbin", "a-1"}) {
    egress.name = name;
    CHECK_NOTHROW(mesh::validated(egress));
  }
  egress.name = std::string(56, 'a');
  CHECK_NOTHROW(mesh::validated(egress));
  for (const char* name : {"", "-a", "a-", "1a", "A", "a.b", "a_b", "ä"}) {
    CAPTURE(name);
    egress.name = name;
    CHECK_THROWS_AS(mesh::validated(egress), Error);
  }
  egress.name = std::string(57, 'a');
  CHECK_THROWS_WITH(mesh::validated(egress),
                    ("the name \"" + egress.name + "\" has 57 characters; 56 are allowed").c_str());
}

TEST_CASE("a host is a full name in lower case") {
  for (const char* host : {"httpbin.org", "a.b", "xn--bcher-kva.example", "1.example", "a-b.c-d.e"}) {
    CAPTURE(host);
    CHECK(mesh::host_fault(host).empty());
  }
  for (const char* host :
       {"", "httpbin", "HTTPBIN.org", "httpbin.org.", ".httpbin.org", "a..b", "-a.b", "a_b.c",
        "httpbin.org:443", "https://httpbin.org", "httpbin.org/get", "10.0.0.1", "::1", "*.org", "a b.c"}) {
    CAPTURE(host);
    CHECK_FALSE(mesh::host_fault(host).empty());
  }
  CHECK_FALSE(mesh::host_fault(std::string(252, 'a') + ".b").empty());
}

TEST_CASE("a label has at most 63 characters, an object's name 253 in all") {
  CHECK(mesh::is_label(std::string(63, 'a')));
  CHECK_FALSE(mesh::is_label(std::string(64, 'a')));
  CHECK_FALSE(mesh::is_label("a.b"));
  for (const std::string& name : {std::string("a"), std::string("a.b-c"), std::string(253, 'a')})
    CHECK(mesh::is_object_name(name));
  for (const std::string& name : {std::string(), std::string("."), std::string("a."), std::string("-a"),
                                  std::string("A"), std::string("a/b"), std::string(254, 'a')})
    CHECK_FALSE(mesh::is_object_name(name));
}

TEST_CASE("an address is one IP address") {
  for (const char* address : {"192.0.2.10", "2001:db8::10", "::"}) CHECK(mesh::is_address(address));
  for (const char* address : {"", "192.0.2.0/24", "192.0.2", "2001:db8::/32", "host.example", "192.0.2.10 "})
    CHECK_FALSE(mesh::is_address(address));
  CHECK_FALSE(mesh::is_address(std::string("192.0.2.10\0x", 12)));
}

TEST_CASE("every fault is said, not only the first") {
  mesh::Egress egress = testing::httpbin();
  egress.name = "A";
  egress.hosts = {"httpbin"};
  egress.port = 0;
  egress.aliases = {"bin.example", "bin.example"};
  try {
    mesh::validated(egress);
    FAIL("it was taken");
  } catch (const Error& error) {
    const std::string text = error.what();
    CHECK(text.find("the name \"A\"") != std::string::npos);
    CHECK(text.find("\nerror: the host \"httpbin\" has no dot") != std::string::npos);
    CHECK(text.find("\nerror: the port 0") != std::string::npos);
    CHECK(text.find("\nerror: the alias \"bin.example\" is given twice") != std::string::npos);
  }
}

TEST_CASE("a namespace is one that Kubernetes allows") {
  mesh::Egress egress = testing::httpbin();
  egress.ns = "Shop";
  CHECK_THROWS_WITH(mesh::validated(egress), "the namespace \"Shop\" is not a name that Kubernetes allows");
}

TEST_CASE("hosts, aliases and wildcards") {
  check_all({
      {"{}", "there is no host: name the external service, such as --host httpbin.org"},
      {"hosts: [httpbin]", "the host \"httpbin\" has no dot; Istio needs the full name, such as httpbin.org"},
      {"hosts: [a.example, a.example]", "the host \"a.example\" is given twice"},
      {"hosts: [a.example, '*.example.com']",
       "the host \"*.example.com\" holds a wildcard where none can be: only \"*.\" in front of the one host "
       "of a gateway"},
      {"{hosts: [a.example], aliases: [A.example]}",
       "the alias \"A.example\" has capital letters; write it in lower case"},
      {"{hosts: [a.example], aliases: [a.example]}", "the alias \"a.example\" is given twice"},
      {"{hosts: [a.example], protocol: HTTPS, aliases: [b.example]}",
       "an alias needs requests whose Host can be rewritten; with protocol HTTPS the name is the caller's "
       "own"},
      {"{hosts: [a.example], server: b.example}",
       "--upstream-server (spec.server) is only for a wildcard host"},
      {"hosts: ['*.example.com']",
       "the host \"*.example.com\" is a wildcard, and Envoy needs one name to connect to: name the host that "
       "serves all of it with --upstream-server (spec.server), or make a gateway for each host"},
      {"{hosts: ['*.com'], server: b.example}",
       "the host \"com\" has no dot; Istio needs the full name, such as httpbin.org"},
      {"{hosts: ['*.example.com'], server: b}",
       "the server \"b\" has no dot; Istio needs the full name, such as httpbin.org"},
      {"{hosts: ['*.example.com', a.example], server: b.example}",
       "a wildcard must be the only host of its gateway"},
      {"{hosts: ['*.example.com'], server: b.example, aliases: [c.example]}",
       "a wildcard cannot have an alias: nobody knows which name it means"},
      {"{hosts: ['*.example.com'], server: b.example, protocol: TCP, port: 1, addresses: [192.0.2.1]}",
       "a TCP service has no name in its bytes: no wildcard"},
  });
}

TEST_CASE("ports and addresses") {
  check_all({
      {"{hosts: [a.example], port: 0}", "the port 0 is not between 1 and 65535"},
      {"{hosts: [a.example], port: 65536}", "the port 65536 is not between 1 and 65535"},
      {"{hosts: [a.example], protocol: TCP, addresses: [192.0.2.1]}",
       "protocol TCP needs the port of the service: --port 5432 (spec.port)"},
      {"{hosts: [a.example], protocol: TCP, port: 5432}",
       "protocol TCP needs the address that callers dial, --address 192.0.2.10 (spec.addresses): without one "
       "a sidecar would take every connection to port 5432 for this service"},
      {"{hosts: [a.example], protocol: TCP, port: 1, addresses: [192.0.2.0/24]}",
       "the address \"192.0.2.0/24\" is not a single IP address, such as 192.0.2.10; Istio takes ranges only "
       "for services that it does not look up"},
      {"{hosts: [a.example], protocol: TCP, port: 1, addresses: [192.0.2.1, 192.0.2.1]}",
       "the address \"192.0.2.1\" is given twice"},
      {"{hosts: [a.example], addresses: [192.0.2.1]}", "--address (spec.addresses) is only for protocol TCP"},
      {"{hosts: [a.example, b.example], protocol: TCP, port: 1, addresses: [192.0.2.1]}",
       "one gateway serves one TCP host: bytes do not say whom they mean"},
  });
}

TEST_CASE("protocol and TLS mode fit together") {
  check_all({
      {"{hosts: [a.example], protocol: HTTPS, tls: {mode: Simple}}",
       "with protocol HTTPS callers make the TLS themselves: use --tls passthrough; with --tls Simple "
       "callers speak HTTP"},
      {"{hosts: [a.example], protocol: HTTP, tls: {mode: Passthrough}}",
       "--tls passthrough is for callers that make the TLS themselves: use --protocol https"},
      {"{hosts: [a.example], protocol: TCP, port: 1, addresses: [192.0.2.1], tls: {mode: Passthrough}}",
       "--protocol tcp passes bytes on as they are: use --tls none, or --protocol https"},
  });
}

TEST_CASE("what is said of TLS to the service") {
  const char* no_tls =
      "with --tls None the gateway makes no TLS: there is nothing that SNI, names, certificates or "
      "verification could be said of";
  check_all({
      {"{hosts: [a.example], tls: {mode: None, sni: b.example}}", no_tls},
      {"{hosts: [a.example], tls: {mode: None, verify: false}}", no_tls},
      {"{hosts: [a.example], tls: {sni: b}}",
       "the SNI \"b\" has no dot; Istio needs the full name, such as httpbin.org"},
      {"{hosts: [a.example, b.example], tls: {sni: c.example}}",
       "SNI and subject names can be said only of a single host; each has its own by default"},
      {"{hosts: [a.example], tls: {caCredentialName: _}}",
       "the Secret \"_\" is not a name that Kubernetes allows"},
      {"{hosts: [a.example], tls: {mode: Mutual, credentialName: A}}",
       "the Secret \"A\" is not a name that Kubernetes allows"},
      {"{hosts: [a.example], tls: {mode: Mutual}}",
       "--tls mutual needs the gateway's own certificate: --client-credential SECRET "
       "(spec.tls.credentialName)"},
      {"{hosts: [a.example], tls: {credentialName: a}}",
       "a client credential is shown only with --tls mutual"},
      {"{hosts: [a.example], tls: {mode: Mutual, credentialName: a, caCredentialName: b}}",
       "with --tls mutual the CA stands in the client credential's Secret, or in one named like it with "
       "-cacert behind"},
      {"{hosts: [a.example], tls: {mode: Mutual, credentialName: a, verify: false}}",
       "--tls mutual always verifies the service"},
      {"{hosts: [a.example], tls: {verify: false, subjectAltNames: [b.example]}}",
       "what is not verified needs neither a CA nor names"},
      {"{hosts: [a.example], tls: {verify: false, caCredentialName: b}}",
       "what is not verified needs neither a CA nor names"},
  });
}

TEST_CASE("callers and where they may be") {
  check_all({
      {"{hosts: [a.example], mesh: {allow: ['*/a']}}",
       "--allow \"*/a\" is not NAMESPACE or NAMESPACE/SERVICEACCOUNT, such as pay/api"},
      {"{hosts: [a.example], mesh: {allow: [pay/A]}}",
       "the service account \"A\" is not a name that Kubernetes allows"},
      {"{hosts: [a.example], mesh: {allow: [pay, pay/*]}}", "--allow \"pay/*\" is given twice"},
      {"{hosts: [a.example], mesh: {tls: Plaintext, allow: [pay]}}",
       "--allow needs to know who calls, and a plaintext hop does not say it: leave --mesh-tls out"},
      {"{hosts: [a.example], mesh: {exportTo: [Shop]}}",
       "--export-to \"Shop\" is neither a namespace nor \".\" or \"*\""},
      {"{hosts: [a.example], mesh: {exportTo: ['*', shop]}}", "--export-to \"*\" must stand alone"},
      {"{hosts: [a.example], mesh: {exportTo: [shop, shop]}}", "--export-to \"shop\" is given twice"},
      {"{hosts: [a.example], mesh: {exportTo: []}}",
       "spec.mesh.exportTo must name a namespace, \".\" or \"*\""},
  });
}

TEST_CASE("the way in from outside") {
  check_all({
      {"{hosts: [a.example], protocol: HTTPS, ingress: {hosts: [b.example], credentialName: c}}",
       "--expose serves HTTP callers; protocol HTTPS cannot come through the ingress gateway"},
      {"{hosts: [a.example], ingress: {credentialName: c}}",
       "the way through the ingress gateway needs a name: --expose HOSTNAME (spec.ingress.hosts)"},
      {"{hosts: [a.example], ingress: {hosts: [b], credentialName: c}}",
       "the exposed host \"b\" has no dot; Istio needs the full name, such as httpbin.org"},
      {"{hosts: [a.example], ingress: {hosts: [b.example, b.example], credentialName: c}}",
       "the exposed host \"b.example\" is given twice, or is a further host of its own"},
      {"{hosts: [a.example, b.example], ingress: {hosts: [b.example], credentialName: c}}",
       "the exposed host \"b.example\" is given twice, or is a further host of its own"},
      {"{hosts: ['*.example.com'], server: b.example, ingress: {hosts: [c.example], credentialName: c}}",
       "a wildcard cannot be exposed: nobody knows which name it means"},
      {"{hosts: [a.example], ingress: {hosts: [b.example]}}",
       "--expose needs a certificate: --tls-secret NAME, or --self-signed to make one"},
      {"{hosts: [a.example], ingress: {hosts: [b.example], credentialName: C}}",
       "the Secret \"C\" is not a name that Kubernetes allows"},
      {"{hosts: [a.example], ingress: {hosts: [b.example], credentialName: c, namespace: Edge}}",
       "the ingress gateway's namespace \"Edge\" is not a name that Kubernetes allows"},
      {"{hosts: [a.example], ingress: {hosts: [b.example], credentialName: c, selector: {}}}",
       "an empty ingress selector would mean every gateway of the mesh"},
  });
}

TEST_CASE("probe, policy and Istio") {
  check_all({
      {"{hosts: [a.example], protocol: HTTPS, probe: {path: /}}",
       "--probe-path asks for a path over HTTP; protocol HTTPS has none"},
      {"{hosts: [a.example], probe: {path: status}}",
       "the probe path \"status\" must begin with '/' and hold no blanks; escape them as %20"},
      {"{hosts: [a.example], probe: {path: '/a b'}}",
       "the probe path \"/a b\" must begin with '/' and hold no blanks; escape them as %20"},
      {"{hosts: [a.example], probe: {path: /, periodSeconds: 0}}",
       "the probe's period must be between 1 and 3600 seconds"},
      {"{hosts: [a.example], protocol: HTTPS, authorization: {opa: {policy: p}}}",
       "OPA decides on requests; with protocol HTTPS the gateway sees none"},
      {"{hosts: [a.example], authorization: {opa: {}}}",
       "authorization by OPA needs its policy: --opa-policy FILE or CONFIGMAP (authorization.opa.policy or "
       "policyFrom.configMap, not both)"},
      {"{hosts: [a.example], authorization: {opa: {policy: p, policyFrom: {configMap: c}}}}",
       "authorization by OPA needs its policy: --opa-policy FILE or CONFIGMAP (authorization.opa.policy or "
       "policyFrom.configMap, not both)"},
      {"{hosts: [a.example], authorization: {opa: {policyFrom: {configMap: C}}}}",
       "the ConfigMap \"C\" is not a name that Kubernetes allows"},
      {"{hosts: [a.example], istio: {version: latest}}",
       "the Istio version \"latest\" is not one such as 1.30.3"},
      {"{hosts: [a.example], istio: {revision: A/B}}",
       "the Istio revision \"A/B\" is not a name that Kubernetes allows"},
  });
  Json form = testing::form_of("{hosts: [a.example]}");
  form.edit("spec").edit("authorization").edit("opa").set("policy", std::string(262145, 'a'));
  CHECK(testing::faults_of(form) ==
        Lines{"the policy is longer than 256 KiB; put it into a ConfigMap of its own"});
}

TEST_CASE("what is typed is printed without its control characters, and not at any length") {
  const auto faults = testing::spec_faults("hosts: [\"a\\x1b[31m.example\"]");
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().find('\x1b') == std::string::npos);
  Json form = testing::form_of("{hosts: [a.example]}");
  form.edit("spec").set("hosts", array({std::string(100000, 'a') + ".example"}));
  CHECK(testing::faults_of(form).front().size() < 400);
}

}  // namespace egress

TEST_SUITE_END();
