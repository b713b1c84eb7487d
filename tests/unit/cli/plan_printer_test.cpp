#include "egress/cli/plan_printer.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/yaml.hpp"
#include "egress/mesh/names.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

std::string print_plans(const mesh::Plan& plan, const std::string& format, int times = 1) {
  std::ostringstream out;
  {
    PlanPrinter printer(out, format);
    for (int i = 0; i < times; ++i) printer.print({plan});
    printer.end();
  }
  return out.str();
}

/// The plan of an exposed gateway with a self-signed certificate, without real keys.
mesh::Plan self_signed_plan() {
  mesh::Design design = testing::istio_1_30_design();
  design.egress.ingress.emplace();
  design.egress.ingress->hosts = {"bin.example.com"};
  design.egress.ingress->self_signed = true;
  design.egress.ingress->credential = mesh::ingress_name(design.egress);
  design.self_signed = SelfSignedCertificate{"the CA", "the CA's key", "the certificate", "its key"};
  return mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds()));
}

}  // namespace

TEST_CASE("private keys are never printed, but the rest of the Secret is") {
  const mesh::Plan plan = self_signed_plan();
  for (const std::string format : {"yaml", "json"}) {
    CAPTURE(format);
    const std::string text = print_plans(plan, format);
    int secrets = 0;
    const Json parsed = parse_yaml(text);
    const auto documents = format == "json" ? parsed["items"].items() : parse_yaml_documents(text);
    for (const Json& item : documents) {
      if (item["kind"].as_string() != "Secret") continue;
      ++secrets;
      CHECK(item["data"].has("tls.crt"));
      CHECK(item["data"].has("ca.crt"));
      CHECK_FALSE(item["data"].has("tls.key"));
      CHECK_FALSE(item["data"].has("ca.key"));
    }
    CHECK(secrets == 1);
  }
  CHECK(print_plans(plan, "name").find("secret/httpbin-httpbin-egress\n") != std::string::npos);
}

TEST_CASE("several plans are printed as one List or as consecutive documents") {
  const mesh::Plan plan = self_signed_plan();
  const std::size_t objects_per_plan = plan.objects.size() + 1;
  CHECK(Json::parse(print_plans(plan, "json", 3))["items"].items().size() == 3 * objects_per_plan);
  CHECK(parse_yaml_documents(print_plans(plan, "yaml", 3)).size() == 3 * objects_per_plan);
}

TEST_CASE("a JSONPath applies to the List of all objects, and custom columns print one line each") {
  const mesh::Plan plan = self_signed_plan();
  CHECK(print_plans(plan, "jsonpath={.items[?(@.kind==\"Deployment\")].metadata.name}", 2) ==
        "httpbin-egress httpbin-egress");
  CHECK(print_plans(plan, "jsonpath={.items[?(@.kind==\"Secret\")].data}").find("key") == std::string::npos);
  const std::string columns = print_plans(plan, "custom-columns=KIND:.kind,NAME:.metadata.name", 2);
  CHECK(columns.starts_with("KIND   "));
  CHECK(columns.find("\nKIND") == std::string::npos);
  CHECK(columns.find("\nConfigMap   ") != std::string::npos);
  CHECK_THROWS_WITH(
      print_plans(plan, "jsonpath={.items[99]}"),
      doctest::Contains("Error executing template: array index out of bounds: index 99, length "));
}

}  // namespace egress::cli

TEST_SUITE_END();
