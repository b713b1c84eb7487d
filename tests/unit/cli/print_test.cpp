#include "egress/cli/print.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/yaml.hpp"
#include "egress/mesh/names.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

std::string printed(const mesh::Plan& plan, const std::string& format, int times = 1) {
  std::ostringstream out;
  {
    PlanPrinter printer(out, format);
    for (int i = 0; i < times; ++i) printer.print({plan});
    printer.end();
  }
  return out.str();
}

/// An exposed gateway whose certificate this tool makes; nothing in it is a real key.
mesh::Plan self_signed_plan() {
  mesh::Design design = testing::todays_design();
  design.egress.ingress.emplace();
  design.egress.ingress->hosts = {"bin.example.com"};
  design.egress.ingress->self_signed = true;
  design.egress.ingress->credential = mesh::ingress_name(design.egress);
  design.self_signed = SelfSigned{"the CA", "the CA's key", "the certificate", "its key"};
  return mesh::plan(design, kube::Served::newest(mesh::all_kinds()));
}

}  // namespace

TEST_CASE("no private key is printed, in any format, and the rest of the Secret is") {
  const mesh::Plan plan = self_signed_plan();
  for (const std::string format : {"yaml", "json"}) {
    CAPTURE(format);
    const std::string text = printed(plan, format);
    int secrets = 0;
    const Json parsed = parse_yaml(text);
    const auto documents = format == "json" ? parsed["items"].items() : parse_yaml_documents(text);
    for (const Json& one : documents) {
      if (one["kind"].as_string() != "Secret") continue;
      ++secrets;
      CHECK(one["data"].has("tls.crt"));
      CHECK(one["data"].has("ca.crt"));
      CHECK_FALSE(one["data"].has("tls.key"));
      CHECK_FALSE(one["data"].has("ca.key"));
    }
    CHECK(secrets == 1);
  }
  CHECK(printed(plan, "name").find("secret/httpbin-httpbin-egress\n") != std::string::npos);
}

TEST_CASE("several plans are one list, or documents one after the other") {
  const mesh::Plan plan = self_signed_plan();
  const std::size_t each = plan.objects.size() + 1;
  CHECK(Json::parse(printed(plan, "json", 3))["items"].items().size() == 3 * each);
  CHECK(parse_yaml_documents(printed(plan, "yaml", 3)).size() == 3 * each);
}

TEST_CASE("a JSONPath goes through the List of all objects, columns have a line for each") {
  const mesh::Plan plan = self_signed_plan();
  CHECK(printed(plan, "jsonpath={.items[?(@.kind==\"Deployment\")].metadata.name}", 2) ==
        "httpbin-egress httpbin-egress");
  CHECK(printed(plan, "jsonpath={.items[?(@.kind==\"Secret\")].data}").find("key") == std::string::npos);
  const std::string columns = printed(plan, "custom-columns=KIND:.kind,NAME:.metadata.name", 2);
  CHECK(columns.starts_with("KIND   "));
  CHECK(columns.find("\nKIND") == std::string::npos);
  CHECK(columns.find("\nConfigMap   ") != std::string::npos);
  CHECK_THROWS_WITH(
      printed(plan, "jsonpath={.items[99]}"),
      doctest::Contains("Error executing template: array index out of bounds: index 99, length "));
}

}  // namespace egress::cli

TEST_SUITE_END();
