#include <doctest/doctest.h>

#include <cstdlib>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/plan.hpp"
#include "support/combinations.hpp"
#include "support/golden.hpp"
#include "support/shell.hpp"
#include "support/stored.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::sh;
using testing::TestNamespace;

/// The version whose golden files are for the Istio that the cluster says it runs.
std::string version_of_goldens() {
  const Ran got =
      sh("kubectl get deployment -A -l app=istiod "
         "-o jsonpath='{.items[0].spec.template.spec.containers[?(@.name==\"discovery\")].image}'");
  REQUIRE_MESSAGE(got.status == 0, got.err);
  const auto version = mesh::Version::parse(got.out.substr(got.out.rfind(':') + 1));
  REQUIRE_MESSAGE(version.has_value(), got.out);
  return *version < mesh::Version{1, 10, 0} ? "1.7.0" : "1.30.3";
}

/// Every version that the cluster serves of this tool's kinds.
kube::Served served() {
  const Ran got = sh("kubectl api-versions");
  REQUIRE_MESSAGE(got.status == 0, got.err);
  const auto versions = split(got.out, '\n');
  return kube::Served::only(mesh::all_kinds(), versions);
}

/// The objects of a golden file as they would be written to this cluster, into that namespace.
std::vector<Json> objects_of(const std::string& golden, const kube::Served& served, const std::string& ns) {
  std::vector<Json> objects = parse_yaml_documents(read_file(testing::golden_path(golden + ".yaml")));
  for (Json& object : objects) {
    object.edit("metadata").set("namespace", ns);
    for (const kube::Kind& kind : mesh::all_kinds())
      if (object["kind"].as_string() == kind.name) object.set("apiVersion", served.at(kind).api_version());
  }
  return objects;
}

/// What the server would store of them.
std::vector<Json> tried(const TestNamespace& ns, const std::vector<Json>& objects) {
  const char* directory = std::getenv("TMPDIR");
  const std::string file = std::string(directory == nullptr ? "/tmp" : directory) + "/" + ns.name() + ".yaml";
  write_file(file, to_yaml(objects));
  const Ran ran = ns.kubectl("create --dry-run=server --validate=false -o yaml -f " + file +
                             "; status=$?; rm " + file + "; exit $status");
  CHECK_MESSAGE(ran.status == 0, ran.err);
  return parse_yaml_documents(ran.out);
}

}  // namespace

TEST_CASE("a real server takes every mode of a gateway whole") {
  const TestNamespace ns;
  const std::string version = version_of_goldens();
  const kube::Served here = served();
  for (const testing::Combination& one : testing::combinations()) {
    if (one.version != version) continue;
    INFO(one.name());
    const std::vector<Json> asked = objects_of(one.name(), here, ns.name());
    const std::vector<Json> stored = tried(ns, asked);
    CHECK(stored.size() == asked.size());
    for (std::size_t i = 0; i < stored.size() && i < asked.size(); ++i) {
      const std::string missing = testing::first_missing(stored[i], asked[i], asked[i]["kind"].as_string());
      CHECK_MESSAGE(missing.empty(), missing);
    }
  }
}

}  // namespace egress

TEST_SUITE_END();
