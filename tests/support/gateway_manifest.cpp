#include "support/gateway_manifest.hpp"

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/egress_manifest.hpp"

namespace egress::testing {
namespace {

constexpr std::string_view separator = "\nerror: ";

}  // namespace

Json gateway_manifest(const std::string& spec) {
  Json form = mesh::empty_egress_manifest("httpbin", "httpbin");
  form.set("spec", parse_yaml(spec));
  return form;
}

std::vector<std::string> manifest_errors(const Json& form) {
  try {
    mesh::read_egress(form);
    return {};
  } catch (const Error& error) {
    std::vector<std::string> lines;
    std::string_view rest = error.what();
    for (std::size_t end = 0; end != std::string_view::npos;) {
      end = rest.find(separator);
      lines.emplace_back(rest.substr(0, end));
      if (end != std::string_view::npos) rest.remove_prefix(end + separator.size());
    }
    return lines;
  }
}

std::vector<std::string> spec_errors(const std::string& spec) {
  return manifest_errors(gateway_manifest(spec));
}

}  // namespace egress::testing
