// The file form: any YAML is taken as an egress gateway or refused with its faults; what was taken is written
// as a form that is taken as the same.
#include "egress/mesh/egress_manifest.hpp"

#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "input.hpp"

using namespace egress;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<mesh::Egress> egress;
  try {
    egress = mesh::read_egress(parse_yaml(fuzz::input_text(data, size)));
  } catch (const Error&) {
    return 0;
  }
  const Json form = mesh::egress_manifest(*egress);
  fuzz::expect(mesh::egress_manifest(mesh::read_egress(form)) == form,
               "a form that was written is taken as the same");
  return 0;
}
