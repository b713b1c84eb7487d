// The YAML reader: whatever the text, it is read or refused; and what was read is read again from what is
// written of it.
#include "egress/base/yaml.hpp"

#include "egress/base/error.hpp"
#include "input.hpp"

using namespace egress;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<Json> documents;
  try {
    documents = parse_yaml_documents(fuzz::input_text(data, size));
  } catch (const Error&) {
    return 0;
  }
  for (const Json& document : documents) {
    // A whole number comes back as one, however it was written.
    const std::string written = to_yaml(document);
    fuzz::expect(to_yaml(parse_yaml(written)) == written, "what is written as YAML is read as the same");
  }
  return 0;
}
