#include "egress/base/text.hpp"
#include "egress/cli/egress_flags.hpp"
#include "egress/cli/help.hpp"
#include "egress/cli/roff.hpp"
#include "egress/mesh/manifest_schema.hpp"

namespace egress::cli {
namespace {

constexpr const char* example = R"(apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata:
  name: httpbin
  namespace: shop
spec:
  hosts: [httpbin.org]
  mesh:
    allow: [shop])";

std::string field_text(const mesh::FieldSchema& field) {
  std::string text(field.description);
  if (!field.values.empty()) {
    const std::vector<std::string> values(field.values.begin(), field.values.end());
    text += " One of " + join(values, ", ") + " (case-insensitive).";
  }
  if (field.is_required) text += " Required.";
  if (!field.default_value.empty()) text += " Default: " + std::string(field.default_value) + ".";
  if (const std::string flag = flag_of_field(field.path); !flag.empty()) text += " Flag: " + flag + ".";
  return text;
}

std::string fields() {
  std::string text = roff::heading("FIELDS");
  for (const mesh::FieldSchema& field : mesh::manifest_schema())
    text += roff::definition(std::string(field.path), field_text(field));
  return text;
}

}  // namespace

std::string manifest_man_page() {
  return roff::title("kubectl-egress-file", 5) + roff::heading("NAME") +
         "kubectl\\-egress\\-file \\- manifests of kind EgressGateway\n" + roff::heading("DESCRIPTION") +
         roff::escape(
             "A YAML or JSON file with the settings of one egress gateway, or of several as "
             "documents or as items of a List. create -f, apply -f, diff -f and delete -f read it; "
             "inspect -o yaml prints it. Unknown fields and invalid values are errors, and nothing "
             "is written.") +
         "\n" + fields() + roff::heading("EXAMPLE") + ".nf\n" + roff::escape(example) + "\n.fi\n" +
         roff::heading("SEE ALSO") + roff::bold("kubectl-egress") + "(1), " +
         roff::bold("kubectl-egress-explain") + "(1)\n";
}

}  // namespace egress::cli
