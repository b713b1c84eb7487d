#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/names.hpp"
#include "support/samples.hpp"

// Properties of the routes through every valid gateway.

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using testing::matches_host;
using testing::Sample;
using testing::strings;
using Names = std::set<std::string>;

Names names(const Json& list) {
  const auto found = strings(list);
  return {found.begin(), found.end()};
}

/// The hosts of a Gateway's server without "./", which limits all of them to this namespace.
std::vector<std::string> server_names(const Json& server) {
  std::vector<std::string> found = strings(server["hosts"]);
  for (std::string& name : found) {
    CHECK(name.starts_with("./"));
    name.erase(0, 2);
  }
  return found;
}

bool any_covers(const std::vector<std::string>& hosts, const std::string& name) {
  return std::ranges::any_of(hosts, [&](const std::string& host) { return matches_host(host, name); });
}

bool is_probe(const Json& server) {
  return server["port"]["name"].as_string() == "http-probe";
}

/// The servers for callers, without the probe's.
std::vector<const Json*> callers_servers(const Sample& sample) {
  std::vector<const Json*> servers;
  for (const Json& server : sample.own("Gateway")["spec"]["servers"].items())
    if (!is_probe(server)) servers.push_back(&server);
  return servers;
}

/// The VirtualServices of hop 2, one for each host.
std::vector<const Json*> upstream_routes(const Sample& sample) {
  std::vector<const Json*> routes = sample.objects("VirtualService");
  std::erase(routes, &sample.own("VirtualService"));
  return routes;
}

/// The rules of a VirtualService for all protocols.
std::vector<const Json*> rules(const Json& route) {
  std::vector<const Json*> found;
  for (const char* protocol : {"http", "tls", "tcp"})
    for (const Json& rule : route["spec"][protocol].items()) found.push_back(&rule);
  return found;
}

/// The destinations of a VirtualService.
std::vector<const Json*> destinations(const Json& route) {
  std::vector<const Json*> found;
  for (const Json* rule : rules(route))
    for (const Json& route_destination : (*rule)["route"].items())
      found.push_back(&route_destination["destination"]);
  return found;
}

/// The port-level settings of a DestinationRule, including those of its subsets.
std::vector<const Json*> port_policies(const Json& rule) {
  std::vector<const Json*> found;
  auto add = [&](const Json& policy) {
    for (const Json& settings : policy["portLevelSettings"].items()) found.push_back(&settings);
  };
  add(rule["spec"]["trafficPolicy"]);
  for (const Json& subset : rule["spec"]["subsets"].items()) add(subset["trafficPolicy"]);
  return found;
}

}  // namespace

TEST_CASE("Service, Gateway, container and policies use the same callers' port") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const auto port = mesh::callers_port(sample.egress());
    CHECK(port.target >= 1024);
    CHECK((port.target < 15000 || port.target > 15090));
    const Json& last = sample.own("Service")["spec"]["ports"].items().back();
    CHECK(last["port"].as_integer() == port.number);
    CHECK(last["targetPort"].as_integer() == port.target);
    for (const Json* server : callers_servers(sample))
      CHECK((*server)["port"]["number"].as_integer() == port.number);
    if (!sample.design().mesh.gateway_injection()) {
      const Json& pod = sample.own("Deployment")["spec"]["template"]["spec"];
      const Json& first = pod["containers"].items().front()["ports"].items().front();
      CHECK(first["containerPort"].as_integer() == port.target);
    }
    if (const Json& policy = sample.own("NetworkPolicy"); !policy.is_null()) {
      const Json& rule = policy["spec"]["ingress"].items().front();
      CHECK(rule["ports"].items().front()["port"].as_integer() == port.target);
    }
    for (const Json& patch : sample.own("EnvoyFilter")["spec"]["configPatches"].items())
      CHECK(patch["match"]["listener"]["portNumber"].as_integer(port.target) == port.target);
  }
}

TEST_CASE("port numbers and port names are unique") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    std::set<std::string> servers;
    for (const Json& server : sample.own("Gateway")["spec"]["servers"].items())
      CHECK(servers.insert(server["port"]["name"].as_string()).second);
    std::set<std::string> ports;
    for (const Json& port : sample.own("Service")["spec"]["ports"].items()) {
      CHECK(ports.insert(port["name"].as_string()).second);
      CHECK(ports.insert(port["port"].dump()).second);
    }
  }
}

TEST_CASE("hop 1 routes to the gateway's Service, through existing subsets") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const std::string service = mesh::service_host(sample.egress(), sample.design().mesh);
    Names subsets;
    for (const Json& subset : sample.own("DestinationRule")["spec"]["subsets"].items())
      CHECK(subsets.insert(subset["name"].as_string()).second);
    Names used;
    const auto targets = destinations(sample.own("VirtualService"));
    CHECK_FALSE(targets.empty());
    for (const Json* destination : targets) {
      CHECK((*destination)["host"].as_string() == service);
      CHECK((*destination)["port"]["number"].as_integer() == mesh::callers_port(sample.egress()).number);
      if (destination->has("subset")) used.insert((*destination)["subset"].as_string());
    }
    CHECK(used == subsets);
  }
}

TEST_CASE("hop 1 uses ISTIO_MUTUAL unless disabled, with an SNI that the Gateway serves") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Json& rule = sample.own("DestinationRule");
    CHECK(rule.is_null() != sample.egress().mesh.mutual);
    std::vector<std::string> hosts;
    for (const Json* server : callers_servers(sample)) {
      const auto found = server_names(*server);
      hosts.insert(hosts.end(), found.begin(), found.end());
      const bool encrypted = (*server)["tls"]["mode"].as_string() == "ISTIO_MUTUAL";
      CHECK(encrypted == sample.egress().mesh.mutual);
    }
    if (rule.is_null()) continue;
    CHECK(rule["spec"]["host"].as_string() == mesh::service_host(sample.egress(), sample.design().mesh));
    CHECK_FALSE(port_policies(rule).empty());
    for (const Json* policy : port_policies(rule)) {
      CHECK((*policy)["port"]["number"].as_integer() == mesh::callers_port(sample.egress()).number);
      CHECK((*policy)["tls"]["mode"].as_string() == "ISTIO_MUTUAL");
      CHECK(any_covers(hosts, (*policy)["tls"]["sni"].as_string()));
    }
  }
}

TEST_CASE("the Gateway and the upstream routes serve every host that callers use") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Names requested = names(sample.own("VirtualService")["spec"]["hosts"]);
    Names served;
    for (const Json* server : callers_servers(sample))
      for (const std::string& name : server_names(*server)) served.insert(name);
    Names routed;
    for (const Json* route : upstream_routes(sample))
      for (const std::string& name : strings((*route)["spec"]["hosts"])) {
        CHECK(routed.insert(name).second);
        CHECK(any_covers({served.begin(), served.end()}, name));
      }
    CHECK(std::ranges::includes(served, requested));
    CHECK(std::ranges::includes(routed, requested));
    CHECK(
        std::ranges::includes(requested, Names(sample.egress().hosts.begin(), sample.egress().hosts.end())));
  }
}

TEST_CASE("no VirtualService has both a wildcard and a host that it covers") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const Json* route : sample.objects("VirtualService")) {
      const auto hosts = strings((*route)["spec"]["hosts"]);
      for (const std::string& wildcard : hosts)
        for (const std::string& other : hosts) CHECK((&wildcard == &other || !matches_host(wildcard, other)));
    }
  }
}

TEST_CASE("hop 2 routes to a ServiceEntry that is visible to the gateway and resolved by DNS") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const Json* route : upstream_routes(sample))
      for (const Json* destination : destinations(*route)) {
        const auto entries = sample.objects("ServiceEntry");
        const auto entry = std::ranges::find_if(entries, [&](const Json* candidate) {
          return names((*candidate)["spec"]["hosts"]).contains((*destination)["host"].as_string());
        });
        REQUIRE(entry != entries.end());
        const Json& spec = (**entry)["spec"];
        CHECK(spec["resolution"].as_string() == "DNS");
        CHECK(spec["ports"].items().front()["number"] == (*destination)["port"]["number"]);
        const Names scope = names(spec["exportTo"]);
        CHECK((scope.contains(".") || scope.contains("*")));
      }
  }
}

TEST_CASE("objects of hop 2 are exported to the gateway's namespace only") {
  const Names own_namespace{"."};
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const std::string upstream = mesh::upstream_name(sample.egress().name);
    for (const char* kind : {"VirtualService", "DestinationRule", "ServiceEntry"})
      for (const Json* object : sample.objects(kind)) {
        const bool is_private_entry = std::string(kind) == "ServiceEntry" && sample.egress().is_http();
        const bool is_hop_2 = (*object)["metadata"]["name"].as_string().starts_with(upstream);
        if (is_hop_2 || is_private_entry) CHECK(names((*object)["spec"]["exportTo"]) == own_namespace);
      }
  }
}

TEST_CASE("upstream routes match the protocol and TLS mode of the Gateway's servers") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Json& server = *callers_servers(sample).front();
    const std::string protocol = server["port"]["protocol"].as_string();
    const std::string mode = server["tls"]["mode"].as_string();
    const bool is_http = protocol == "HTTPS" || protocol == "HTTP";
    const bool by_sni = mode == "PASSTHROUGH";
    CHECK(is_http == sample.egress().is_http());
    for (const Json* route : upstream_routes(sample)) {
      const Json& spec = (*route)["spec"];
      CHECK(spec.has("http") == is_http);
      CHECK(spec.has("tls") == by_sni);
      CHECK(spec.has("tcp") == (!is_http && !by_sni));
      CHECK(strings(spec["gateways"]) ==
            std::vector<std::string>{sample.egress().ns + "/" + mesh::object_name(sample.egress().name)});
      for (const Json* rule : rules(*route))
        for (const Json& match : (*rule)["match"].items()) CHECK(match["port"] == server["port"]["number"]);
    }
  }
}

TEST_CASE("SNI, subject names and a CA are set together unless verification is disabled") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const mesh::Version version = sample.design().mesh.version;
    auto rules = sample.objects("DestinationRule");
    std::erase(rules, &sample.own("DestinationRule"));
    CHECK(rules.size() == (sample.egress().originates_tls() ? sample.egress().hosts.size() : 0));
    for (const Json* rule : rules) {
      CHECK((*rule)["spec"].has("workloadSelector") == (version >= mesh::Version{1, 14, 0}));
      REQUIRE(port_policies(*rule).size() == 1);
      const Json& policy = *port_policies(*rule).front();
      CHECK(policy["port"]["number"].as_integer() == sample.egress().port);
      const Json& tls = policy["tls"];
      CHECK_FALSE(tls["sni"].as_string().empty());
      const bool verified = sample.egress().tls.verify;
      CHECK(tls.has("subjectAltNames") == verified);
      CHECK((tls.has("credentialName") != tls.has("caCertificates")) == verified);
      CHECK(tls.has("insecureSkipVerify") == (!verified && version >= mesh::Version{1, 21, 0}));
    }
  }
}

}  // namespace egress

TEST_SUITE_END();
