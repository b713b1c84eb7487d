#include "egress/cli/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/cli/egress_flags.hpp"
#include "egress/mesh/finding_docs.hpp"
#include "egress/mesh/json_schema.hpp"
#include "egress/mesh/manifest_schema.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress {
namespace {

using cli::explain_field;
using testing::error_of;
using testing::mentions;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a field is explained with its type, values, default and flag") {
  CHECK(explain_field("spec.protocol", false) == R"(GROUP:      kubectl-egress
KIND:       EgressGateway
VERSION:    v1alpha1

FIELD: protocol <string>
ENUM:
    HTTP
    HTTPS
    GRPC
    TCP

DESCRIPTION:
    Protocol that callers speak. HTTPS requires tls.mode Passthrough.
    Default: HTTP; HTTPS with tls.mode Passthrough
    Flag of create: --protocol
)");
  CHECK(contains(explain_field("spec.hosts", false), "FIELD: hosts <[]string> -required-\n"));
}

TEST_CASE("an object is explained with its fields, in at most 80 columns") {
  const std::string text = explain_field("spec.tls", false);
  CHECK(contains(text, "\nFIELDS:\n  mode\t<string>\n  enum: Simple, Mutual, Passthrough, None\n    "));
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    CHECK(end - start <= 80);
    start = end + 1;
  }
}

TEST_CASE("a field may be given without spec or behind its kind") {
  for (const char* path : {"tls.mode", "egressgateway.spec.tls.mode", "egressgateways.tls.mode"})
    CHECK(explain_field(path, false) == explain_field("spec.tls.mode", false));
  CHECK(explain_field("egressgateway", false) == explain_field("", false));
}

TEST_CASE("--recursive lists every field with its type and without its description") {
  const std::string text = explain_field("", true);
  for (const mesh::FieldSchema& field : mesh::manifest_schema()) {
    CAPTURE(field.path);
    const auto depth = static_cast<std::size_t>(std::ranges::count(field.path, '.'));
    CHECK(contains(text, "\n" + std::string(2 + 2 * depth, ' ') + std::string(field.name()) + "\t<"));
    CHECK_FALSE(contains(text, field.description));
  }
}

TEST_CASE("an unknown field or code is an error with a suggestion") {
  CHECK(
      mentions(error_of([] { explain_field("spec.tsl.mode", false); }), {"spec.tsl.mode", "does not exist"}));
  try {
    explain_field("tls.mod", false);
    FAIL("no error");
  } catch (const UsageError& error) {
    CHECK(error.hint() == "did you mean \"spec.tls.mode\"?");
  }
  CHECK(mentions(error_of([] { cli::explain_finding("IST0190"); }), {"IST0190"}));
}

TEST_CASE("every code of check is explained, and listed in order") {
  const auto docs = mesh::finding_docs();
  CHECK(std::ranges::is_sorted(docs, {}, &mesh::FindingDoc::code));
  const std::string list = cli::list_findings();
  for (const mesh::FindingDoc& doc : docs) {
    CAPTURE(doc.code);
    CHECK(contains(list, "check/" + std::string(doc.code) + " "));
    CHECK_FALSE(doc.summary.ends_with('.'));
    CHECK(doc.description.ends_with('.'));
    CHECK(doc.fix.ends_with('.'));
    CHECK(contains(cli::explain_finding(std::string(doc.code)), doc.summary));
  }
}

TEST_CASE("every field of a flag is in the schema") {
  for (const std::string& field : cli::fields_with_flag()) {
    CAPTURE(field);
    REQUIRE(mesh::find_field(field) != nullptr);
    CHECK(cli::flag_of_field(field).starts_with("--"));
  }
  CHECK(cli::flag_of_field("spec.authorization.opa.policy") == "--opa-policy");
  CHECK(cli::flag_of_field("spec.gateway.resources").empty());
}

TEST_CASE("the JSON schema refuses unknown fields and lists allowed values") {
  const Json schema = mesh::json_schema();
  CHECK(schema["additionalProperties"] == Json(false));
  const Json& spec = schema["properties"]["spec"];
  CHECK(spec["required"].dump() == R"(["hosts"])");
  CHECK(spec["additionalProperties"] == Json(false));
  CHECK(spec["properties"]["tls"]["properties"]["mode"]["enum"].dump() ==
        R"(["Simple","Mutual","Passthrough","None"])");
  CHECK(spec["properties"]["gateway"]["properties"]["resources"].has("additionalProperties") == false);
}

}  // namespace egress

TEST_SUITE_END();
