#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"
#include "support/crd_schema.hpp"
#include "support/samples.hpp"

// Properties of the objects of every valid gateway.

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using testing::Sample;
using testing::strings;

/// True for at most 63 letters, digits, '-', '_' and '.' that begin and end with a letter or digit, or for an
/// empty text.
bool is_label_value(const std::string& text) {
  auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return text.empty() ||
         (text.size() <= 63 && plain(text.front()) && plain(text.back()) &&
          std::ranges::all_of(text, [&](char c) { return plain(c) || c == '-' || c == '_' || c == '.'; }));
}

bool is_label_key(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return !text.empty() && is_label_value(text);
  return mesh::is_object_name(text.substr(0, slash)) && slash + 1 < text.size() &&
         is_label_value(text.substr(slash + 1));
}

void check_labels(const Json& labels) {
  for (const auto& label : labels.members()) {
    CHECK_MESSAGE(is_label_key(label.first), label.first);
    CHECK_MESSAGE(is_label_value(label.second.as_string()), label.second.as_string());
  }
}

/// Empty if the gateway is not exposed.
std::string ingress_namespace(const Sample& sample) {
  return sample.egress().ingress ? sample.egress().ingress->ns : "";
}

const Json& pod_template(const Sample& sample) {
  return sample.own("Deployment")["spec"]["template"];
}

}  // namespace

TEST_CASE("the samples contain every optional object and field") {
  std::map<std::string, int> seen;
  for (const Sample& sample : testing::samples()) {
    for (const char* kind : {"PeerAuthentication", "AuthorizationPolicy", "NetworkPolicy", "EnvoyFilter"})
      if (!sample.own(kind).is_null()) ++seen[kind];
    for (const Json* rule : sample.objects("DestinationRule"))
      if ((*rule)["spec"].has("workloadSelector")) ++seen["workloadSelector"];
    for (const Json& rule : sample.own("AuthorizationPolicy")["spec"]["rules"].items())
      if (!rule["to"].items().empty()) ++seen["to"];
    if (const std::string ns = ingress_namespace(sample); !ns.empty() && ns != sample.egress().ns)
      ++seen["ingress gateway elsewhere"];
    if (!sample.egress().is_http()) ++seen["bytes"];
  }
  for (const char* feature : {"PeerAuthentication", "AuthorizationPolicy", "NetworkPolicy", "EnvoyFilter",
                              "workloadSelector", "to", "ingress gateway elsewhere", "bytes"})
    CHECK_MESSAGE(seen[feature] > 0, feature);
}

TEST_CASE("every object has a valid, unique name in an expected namespace") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    std::set<std::string> seen;
    for (const mesh::Object& object : sample.plan.objects) {
      const Json& metadata = object.json["metadata"];
      const std::string& name = metadata["name"].as_string();
      const std::string& ns = metadata["namespace"].as_string();
      CHECK_MESSAGE(mesh::is_object_name(name), name);
      CHECK(seen.insert(object.reference.display_name() + " " + ns).second);
      CHECK((ns == sample.egress().ns || ns == ingress_namespace(sample)));
      CHECK(name == object.reference.name);
      CHECK(ns == object.reference.ns);
    }
    for (const Json* gateway : sample.objects("Gateway"))
      CHECK(mesh::is_dns_label((*gateway)["metadata"]["name"].as_string()));
    CHECK(mesh::is_dns_label(mesh::object_name(sample.egress().name)));
  }
}

TEST_CASE("every object has the ApplySet's part-of label, and all labels are valid") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const std::string id = mesh::record_id(sample.egress().name, sample.egress().ns);
    for (const mesh::Object& object : sample.plan.objects) {
      const Json& labels = object.json["metadata"]["labels"];
      CHECK(labels["applyset.kubernetes.io/part-of"].as_string() == id);
      check_labels(labels);
    }
    check_labels(pod_template(sample)["metadata"]["labels"]);
    for (const Json& container : pod_template(sample)["spec"]["containers"].items())
      for (const Json& port : container["ports"].items()) CHECK(port["name"].as_string().size() <= 15);
  }
}

TEST_CASE("all selectors of every sample use the gateway's unique label") {
  std::set<std::string> owners;
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Json selector = sample.design().selector();
    const Json& labels = pod_template(sample)["metadata"]["labels"];
    REQUIRE(selector.members().size() == 1);
    const auto& [key, value] = selector.members().front();
    CHECK(labels[key] == value);
    CHECK(owners.insert(value.as_string()).second);
    CHECK(sample.own("Service")["spec"]["selector"] == selector);
    CHECK(sample.own("Gateway")["spec"]["selector"] == selector);
    CHECK(sample.own("Deployment")["spec"]["selector"]["matchLabels"] == selector);
    CHECK(sample.own("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == selector);
    for (const char* kind : {"PeerAuthentication", "AuthorizationPolicy"})
      if (!sample.own(kind).is_null()) CHECK(sample.own(kind)["spec"]["selector"]["matchLabels"] == selector);
    if (const Json& policy = sample.own("NetworkPolicy"); !policy.is_null())
      CHECK(policy["spec"]["podSelector"]["matchLabels"] == selector);
    if (const Json& filter = sample.own("EnvoyFilter"); !filter.is_null())
      CHECK(filter["spec"]["workloadSelector"]["labels"] == selector);
    for (const Json* rule : sample.objects("DestinationRule"))
      if ((*rule)["spec"].has("workloadSelector"))
        CHECK((*rule)["spec"]["workloadSelector"]["matchLabels"] == selector);
  }
}

TEST_CASE("exportTo is valid, and includes the gateway's and the ingress gateway's namespace") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const char* kind : {"VirtualService", "DestinationRule", "ServiceEntry"})
      for (const Json* object : sample.objects(kind)) {
        const auto scope = strings((*object)["spec"]["exportTo"]);
        REQUIRE_FALSE(scope.empty());
        std::set<std::string> seen;
        for (const std::string& target : scope) {
          CHECK((target == "." || target == "*" || mesh::is_dns_label(target)));
          CHECK((target != "*" || scope.size() == 1));
          CHECK(target != sample.egress().ns);
          CHECK(seen.insert(target).second);
        }
        const bool is_for_callers =
            object == &sample.own("VirtualService") || object == &sample.own("DestinationRule");
        if (!is_for_callers) continue;
        CHECK((seen.contains("*") || seen.contains(".")));
        if (const std::string ns = ingress_namespace(sample); !ns.empty() && ns != sample.egress().ns)
          CHECK((seen.contains("*") || seen.contains(ns)));
        CHECK(sample.own("Service")["metadata"]["annotations"]["networking.istio.io/exportTo"].as_string() ==
              join(scope, ","));
      }
  }
}

TEST_CASE("gateways for TLS and TCP have no HTTP rules") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const Json& rule : sample.own("AuthorizationPolicy")["spec"]["rules"].items())
      for (const Json& to : rule["to"].items())
        for (const auto& [field, value] : to["operation"].members()) CHECK(field == "ports");
    if (sample.egress().is_http()) continue;
    CHECK(sample.own("EnvoyFilter").is_null());
    for (const Json* route : sample.objects("VirtualService")) CHECK_FALSE((*route)["spec"].has("http"));
  }
}

TEST_CASE("only the pod itself can reach the probe's listener") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    bool bound = false;
    for (const Json& server : sample.own("Gateway")["spec"]["servers"].items())
      if (server["port"]["number"].as_integer() == mesh::probe_port)
        bound = server["bind"].as_string() == "127.0.0.1";
    CHECK(bound == sample.egress().probe.has_value());
    if (!bound) continue;
    const Json& policy = sample.own("AuthorizationPolicy");
    CHECK((!policy.is_null() || sample.design().mesh.version >= mesh::Version{1, 10, 0}));
    for (const Json& rule : policy["spec"]["rules"].items()) {
      const std::string text = rule.dump();
      const bool only_mesh =
          text.find("namespaces") != std::string::npos || text.find("principals") != std::string::npos;
      const bool only_callers = text.find("[\"" + std::to_string(mesh::callers_port(sample.egress()).target) +
                                          "\"]") != std::string::npos;
      const bool only_loopback = text.find("127.0.0.1/32") != std::string::npos;
      CHECK((only_mesh || only_callers || only_loopback));
    }
  }
}

TEST_CASE("either the Deployment or its autoscaler sets the number of replicas") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const bool has_autoscaler = !sample.own("HorizontalPodAutoscaler").is_null();
    CHECK(sample.own("Deployment")["spec"].has("replicas") != has_autoscaler);
  }
}

TEST_CASE("the record lists exactly the planned objects, and round-trips") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    std::vector<mesh::Reference> planned;
    for (const mesh::Object& object : sample.plan.objects) planned.push_back(object.reference);
    const Json stored = mesh::record_manifest(sample.plan.record, "0.1.0");
    const mesh::Record read_back = mesh::read_record(parse_yaml(to_yaml(stored)));
    CHECK(sample.plan.record.members == planned);
    CHECK(read_back.members == planned);
    CHECK(read_back.istio == sample.design().mesh.version.text());
    CHECK(mesh::egress_manifest(read_back.egress) == mesh::egress_manifest(sample.egress()));
    CHECK(mesh::record_manifest(read_back, "0.1.0") == stored);
  }
}

TEST_CASE("the manifest round-trips") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Json manifest = mesh::egress_manifest(sample.egress());
    CHECK(mesh::egress_manifest(mesh::read_egress(manifest)) == manifest);
    CHECK(mesh::egress_manifest(mesh::read_egress(parse_yaml(to_yaml(manifest)))) == manifest);
  }
}

TEST_CASE("stage_of returns the stage of every object, and deletion starts with the callers stage") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const mesh::Object& object : sample.plan.objects) {
      CAPTURE(object.reference.display_name());
      CHECK(mesh::stage_of(object.reference, sample.egress()) == object.stage);
    }
    const auto order = mesh::deletion_order(sample.plan.record);
    CHECK(order.size() == sample.plan.objects.size() + 1);
    for (std::size_t i = 1; i + 1 < order.size(); ++i)
      CHECK(mesh::stage_of(order[i], sample.egress()) <= mesh::stage_of(order[i - 1], sample.egress()));
    CHECK(order.back().resource.kind == kube::kinds::config_map);
  }
}

TEST_CASE("every object matches Istio's schemas") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const auto& schema = testing::istio_schema(sample.design().mesh.version);
    for (const mesh::Object& object : sample.plan.objects) {
      const std::string errors = join(schema.violations(object.json), "; ");
      CHECK_MESSAGE(errors.empty(), object.reference.display_name(), ": ", errors);
    }
  }
}

}  // namespace egress

TEST_SUITE_END();
