#include <doctest/doctest.h>

#include <cstdlib>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/plan.hpp"
#include "support/combinations.hpp"
#include "support/golden.hpp"
#include "support/missing_field.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::sh;
using testing::TestNamespace;

/// The version whose golden files are for the Istio that the cluster says it runs.
std::string golden_version() {
  const CommandResult result =
      sh("kubectl get deployment -A -l app=istiod "
         "-o jsonpath='{.items[0].spec.template.spec.containers[?(@.name==\"discovery\")].image}'");
  REQUIRE_MESSAGE(result.status == 0, result.err);
  const auto version = mesh::Version::parse(result.out.substr(result.out.rfind(':') + 1));
  REQUIRE_MESSAGE(version.has_value(), result.out);
  return *version < mesh::Version{1, 10, 0} ? "1.7.0" : "1.30.3";
}

/// Every version that the cluster serves of this tool's kinds.
kube::ServedResources served_resources() {
  const CommandResult result = sh("kubectl api-versions");
  REQUIRE_MESSAGE(result.status == 0, result.err);
  const auto versions = split(result.out, '\n');
  return kube::ServedResources::only(mesh::all_kinds(), versions);
}

/// The objects of a golden file as they would be written to this cluster, into that namespace.
std::vector<Json> golden_objects(const std::string& golden, const kube::ServedResources& served_resources,
                                 const std::string& ns) {
  std::vector<Json> objects = parse_yaml_documents(read_file(testing::golden_path(golden + ".yaml")));
  for (Json& object : objects) {
    object.edit("metadata").set("namespace", ns);
    for (const kube::Kind& kind : mesh::all_kinds())
      if (object["kind"].as_string() == kind.name)
        object.set("apiVersion", served_resources.at(kind).api_version());
  }
  return objects;
}

/// What the server would store of them.
std::vector<Json> server_dry_run(const TestNamespace& ns, const std::vector<Json>& objects) {
  const char* directory = std::getenv("TMPDIR");
  const std::string file = std::string(directory == nullptr ? "/tmp" : directory) + "/" + ns.name() + ".yaml";
  write_file(file, to_yaml(objects));
  const CommandResult result = ns.kubectl("create --dry-run=server --validate=false -o yaml -f " + file +
                                          "; status=$?; rm " + file + "; exit $status");
  CHECK_MESSAGE(result.status == 0, result.err);
  return parse_yaml_documents(result.out);
}

}  // namespace

TEST_CASE("a real server takes every mode of a gateway whole") {
  const TestNamespace ns;
  const std::string version = golden_version();
  const kube::ServedResources served = served_resources();
  for (const testing::Combination& combination : testing::combinations()) {
    if (combination.version != version) continue;
    INFO(combination.name());
    const std::vector<Json> requested = golden_objects(combination.name(), served, ns.name());
    const std::vector<Json> stored = server_dry_run(ns, requested);
    CHECK(stored.size() == requested.size());
    for (std::size_t i = 0; i < stored.size() && i < requested.size(); ++i) {
      const std::string missing =
          testing::first_missing_field(stored[i], requested[i], requested[i]["kind"].as_string());
      CHECK_MESSAGE(missing.empty(), missing);
    }
  }
}

}  // namespace egress

TEST_SUITE_END();
