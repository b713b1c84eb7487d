#include "support/samples.hpp"

#include "egress/mesh/names.hpp"
#include "support/combinations.hpp"

namespace egress::testing {
namespace {

constexpr unsigned seed = 20261123;
constexpr unsigned how_many = 500;

std::vector<Sample> make_samples() {
  RandomEgress random(seed);
  std::vector<Sample> made;
  for (unsigned number = 0; number < how_many; ++number) {
    Sample sample{number, random.next(), {}};
    sample.plan = mesh::plan(sample.design(), served_for(sample.design().mesh.version));
    made.push_back(std::move(sample));
  }
  return made;
}

}  // namespace

std::vector<const Json*> Sample::all(std::string_view kind) const {
  std::vector<const Json*> found;
  for (const mesh::Object& one : plan.objects)
    if (one.reference.resource.kind.name == kind) found.push_back(&one.json);
  return found;
}

const Json& Sample::object(std::string_view kind, const std::string& name) const {
  static const Json none;
  for (const Json* one : all(kind))
    if ((*one)["metadata"]["name"].as_string() == name) return *one;
  return none;
}

const Json& Sample::own(std::string_view kind) const {
  return object(kind, mesh::object_name(egress().name));
}

std::string Sample::text() const {
  return "seed " + std::to_string(seed) + ", sample " + std::to_string(number) + ", Istio " +
         design().mesh.version.text() + ": " + random.form.dump();
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> made = make_samples();
  return made;
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& one : list.items()) texts.push_back(one.as_string());
  return texts;
}

bool covers(const std::string& host, const std::string& name) {
  return host == name || (host.starts_with("*.") && name.ends_with(host.substr(1)));
}

}  // namespace egress::testing
