#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"
#include "support/crd_schema.hpp"
#include "support/samples.hpp"

// What holds of the objects of every gateway that can be asked for.

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using testing::Sample;
using testing::texts;

/// At most 63 letters, digits, '-', '_' and '.', the first and last of them a letter or digit; or nothing.
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

/// Empty where it is not exposed.
std::string ingress_namespace(const Sample& sample) {
  return sample.egress().ingress ? sample.egress().ingress->ns : "";
}

const Json& pod_of(const Sample& sample) {
  return sample.own("Deployment")["spec"]["template"];
}

}  // namespace

TEST_CASE("the samples hold everything of which the properties speak only where it is there") {
  std::map<std::string, int> seen;
  for (const Sample& sample : testing::samples()) {
    for (const char* kind : {"PeerAuthentication", "AuthorizationPolicy", "NetworkPolicy", "EnvoyFilter"})
      if (!sample.own(kind).is_null()) ++seen[kind];
    for (const Json* rule : sample.all("DestinationRule"))
      if ((*rule)["spec"].has("workloadSelector")) ++seen["workloadSelector"];
    for (const Json& rule : sample.own("AuthorizationPolicy")["spec"]["rules"].items())
      if (!rule["to"].items().empty()) ++seen["to"];
    if (const std::string ns = ingress_namespace(sample); !ns.empty() && ns != sample.egress().ns)
      ++seen["ingress gateway elsewhere"];
    if (!sample.egress().http()) ++seen["bytes"];
  }
  for (const char* what : {"PeerAuthentication", "AuthorizationPolicy", "NetworkPolicy", "EnvoyFilter",
                           "workloadSelector", "to", "ingress gateway elsewhere", "bytes"})
    CHECK_MESSAGE(seen[what] > 0, what);
}

TEST_CASE("every object has a name of its own that Kubernetes allows, in a namespace that it may be in") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    std::set<std::string> seen;
    for (const mesh::Object& one : sample.plan.objects) {
      const Json& metadata = one.json["metadata"];
      const std::string& name = metadata["name"].as_string();
      const std::string& ns = metadata["namespace"].as_string();
      CHECK_MESSAGE(mesh::is_object_name(name), name);
      CHECK(seen.insert(one.reference.label() + " " + ns).second);
      CHECK((ns == sample.egress().ns || ns == ingress_namespace(sample)));
      CHECK(name == one.reference.name);
      CHECK(ns == one.reference.ns);
    }
    for (const Json* gateway : sample.all("Gateway"))
      CHECK(mesh::is_label((*gateway)["metadata"]["name"].as_string()));
    CHECK(mesh::is_label(mesh::object_name(sample.egress().name)));
  }
}

TEST_CASE("every object bears the record's id, and every label is one that Kubernetes allows") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const std::string id = mesh::record_id(sample.egress().name, sample.egress().ns);
    for (const mesh::Object& one : sample.plan.objects) {
      const Json& labels = one.json["metadata"]["labels"];
      CHECK(labels["applyset.kubernetes.io/part-of"].as_string() == id);
      check_labels(labels);
    }
    check_labels(pod_of(sample)["metadata"]["labels"]);
    for (const Json& container : pod_of(sample)["spec"]["containers"].items())
      for (const Json& port : container["ports"].items()) CHECK(port["name"].as_string().size() <= 15);
  }
}

TEST_CASE("all selectors are the one that no other gateway's pods have") {
  std::set<std::string> owners;
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Json selector = sample.design().selector();
    const Json& labels = pod_of(sample)["metadata"]["labels"];
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
    for (const Json* rule : sample.all("DestinationRule"))
      if ((*rule)["spec"].has("workloadSelector"))
        CHECK((*rule)["spec"]["workloadSelector"]["matchLabels"] == selector);
  }
}

TEST_CASE("where callers may see it is said as Istio takes it, and includes those who must") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    std::vector<std::string> said;
    for (const char* kind : {"VirtualService", "DestinationRule", "ServiceEntry"})
      for (const Json* one : sample.all(kind)) {
        const auto scope = texts((*one)["spec"]["exportTo"]);
        REQUIRE_FALSE(scope.empty());
        std::set<std::string> seen;
        for (const std::string& place : scope) {
          CHECK((place == "." || place == "*" || mesh::is_label(place)));
          CHECK((place != "*" || scope.size() == 1));
          CHECK(place != sample.egress().ns);
          CHECK(seen.insert(place).second);
        }
        const bool callers = one == &sample.own("VirtualService") || one == &sample.own("DestinationRule");
        if (!callers) continue;
        CHECK((seen.contains("*") || seen.contains(".")));
        if (const std::string ns = ingress_namespace(sample); !ns.empty() && ns != sample.egress().ns)
          CHECK((seen.contains("*") || seen.contains(ns)));
        CHECK(sample.own("Service")["metadata"]["annotations"]["networking.istio.io/exportTo"].as_string() ==
              join(scope, ","));
      }
  }
}

TEST_CASE("policies of gateways that see only bytes ask for nothing of HTTP") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const Json& rule : sample.own("AuthorizationPolicy")["spec"]["rules"].items())
      for (const Json& to : rule["to"].items())
        for (const auto& [field, value] : to["operation"].members()) CHECK(field == "ports");
    if (sample.egress().http()) continue;
    CHECK(sample.own("EnvoyFilter").is_null());
    for (const Json* route : sample.all("VirtualService")) CHECK_FALSE((*route)["spec"].has("http"));
  }
}

TEST_CASE("nobody but the pod itself reaches the probe's listener") {
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
      const bool only_here = text.find("127.0.0.1/32") != std::string::npos;
      CHECK((only_mesh || only_callers || only_here));
    }
  }
}

TEST_CASE("the number of pods is said by one: the Deployment or its autoscaler") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const bool follows = !sample.own("HorizontalPodAutoscaler").is_null();
    CHECK(sample.own("Deployment")["spec"].has("replicas") != follows);
  }
}

TEST_CASE("the record names exactly what is written, and is read back as it was") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    std::vector<mesh::Reference> written;
    for (const mesh::Object& one : sample.plan.objects) written.push_back(one.reference);
    const Json stored = mesh::record_manifest(sample.plan.record, "0.1.0");
    const mesh::Record back = mesh::read_record(parse_yaml(to_yaml(stored)));
    CHECK(sample.plan.record.members == written);
    CHECK(back.members == written);
    CHECK(back.istio == sample.design().mesh.version.text());
    CHECK(mesh::file_form(back.egress) == mesh::file_form(sample.egress()));
    CHECK(mesh::record_manifest(back, "0.1.0") == stored);
  }
}

TEST_CASE("the file form is read back as it was written") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const Json form = mesh::file_form(sample.egress());
    CHECK(mesh::file_form(mesh::read_egress(form)) == form);
    CHECK(mesh::file_form(mesh::read_egress(parse_yaml(to_yaml(form)))) == form);
  }
}

TEST_CASE("the stage of an object is the one at which it is written, and callers go first") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    for (const mesh::Object& one : sample.plan.objects) {
      CAPTURE(one.reference.label());
      CHECK(mesh::stage_of(one.reference, sample.egress()) == one.stage);
    }
    const auto order = mesh::in_order_of_removal(sample.plan.record);
    CHECK(order.size() == sample.plan.objects.size() + 1);
    for (std::size_t i = 1; i + 1 < order.size(); ++i)
      CHECK(mesh::stage_of(order[i], sample.egress()) <= mesh::stage_of(order[i - 1], sample.egress()));
    CHECK(order.back().resource.kind == kube::kinds::config_map);
  }
}

TEST_CASE("every field is one that Istio's schemas have") {
  for (const Sample& sample : testing::samples()) {
    INFO(sample.text());
    const auto& schema = testing::istio_schema(sample.design().mesh.version);
    for (const mesh::Object& one : sample.plan.objects) {
      const std::string said = join(schema.faults(one.json), "; ");
      CHECK_MESSAGE(said.empty(), one.reference.label(), ": ", said);
    }
  }
}

}  // namespace egress

TEST_SUITE_END();
