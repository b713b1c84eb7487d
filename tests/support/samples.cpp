#include "support/samples.hpp"

#include "egress/mesh/names.hpp"
#include "support/combinations.hpp"

namespace egress::testing {
namespace {

constexpr unsigned random_seed = 20261123;
constexpr unsigned sample_count = 500;

std::vector<Sample> make_samples() {
  GatewayGenerator random(random_seed);
  std::vector<Sample> result;
  for (unsigned number = 0; number < sample_count; ++number) {
    Sample sample{number, random.next(), {}};
    sample.plan = mesh::plan(sample.design(), served_resources_for(sample.design().mesh.version));
    result.push_back(std::move(sample));
  }
  return result;
}

}  // namespace

std::vector<const Json*> Sample::objects(std::string_view kind) const {
  std::vector<const Json*> result;
  for (const mesh::Object& candidate : plan.objects)
    if (candidate.reference.resource.kind.name == kind) result.push_back(&candidate.json);
  return result;
}

const Json& Sample::object(std::string_view kind, const std::string& name) const {
  static const Json none;
  for (const Json* candidate : objects(kind))
    if ((*candidate)["metadata"]["name"].as_string() == name) return *candidate;
  return none;
}

const Json& Sample::own(std::string_view kind) const {
  return object(kind, mesh::object_name(egress().name));
}

std::string Sample::text() const {
  return "seed " + std::to_string(random_seed) + ", sample " + std::to_string(number) + ", Istio " +
         design().mesh.version.text() + ": " + random.form.dump();
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = make_samples();
  return all;
}

std::vector<std::string> strings(const Json& list) {
  std::vector<std::string> result;
  for (const Json& item : list.items()) result.push_back(item.as_string());
  return result;
}

bool matches_host(const std::string& host, const std::string& name) {
  return host == name || (host.starts_with("*.") && name.ends_with(host.substr(1)));
}

}  // namespace egress::testing
