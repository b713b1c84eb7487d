// The Warning header: texts come out printable, and never more of them than there are quotes for.
#include "egress/kube/warning_header.hpp"

#include <algorithm>

#include "input.hpp"

using namespace egress;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header = fuzz::input_text(data, size);
  const auto texts = kube::warning_texts(header);
  const auto quotes = static_cast<std::size_t>(std::ranges::count(header, '"'));
  fuzz::expect(2 * texts.size() <= quotes, "every text stands in quotes");
  for (const std::string& text : texts)
    fuzz::expect(text.find_first_of("\x1b\r\x07") == std::string::npos, "a text can be shown on a terminal");
  return 0;
}
