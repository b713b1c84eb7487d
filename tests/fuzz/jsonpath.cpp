// JSONPath templates: whatever is typed is read or refused, and what is read is followed through an object,
// or refused, in bounded time. The template ends at the first zero byte; what is behind it is the object,
// where it is JSON.
#include "egress/render/jsonpath.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/render/relaxed_path.hpp"
#include "input.hpp"

using namespace egress;

namespace {

const Json default_object = Json::parse(R"({
  "kind": "List",
  "items": [
    {"name": "web", "port": 443, "on": true, "nothing": null, "weight": 0.5, "hosts": ["a", "b", "c"],
     "ports": [{"name": "http", "port": 80}, {"name": "tcp", "port": 5432}], "labels": {"k.with/dots": "yes"}},
    {"name": "db", "port": 5432, "hosts": [], "ports": [{"name": "db", "port": 1}]}
  ]
})");

Json parse_object(std::string_view text) {
  try {
    return text.empty() ? default_object : Json::parse(text);
  } catch (const Error&) {
    return default_object;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::input_text(data, size);
  const std::size_t separator = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(0, separator);
  try {
    const Json object = parse_object(input.substr(std::min(separator + 1, input.size())));
    const render::JsonPath path(text);
    std::size_t values = 0;
    for (const auto& match : path.find(object)) values += match.size();
    fuzz::expect(values > 0 || path.to_text(object).empty(), "what finds nothing prints nothing");
  } catch (const Error& error) {
    fuzz::expect(error.what()[0] != '\0', "why it is refused is said");
  }
  try {
    const std::string relaxed = render::relaxed_path(text);
    fuzz::expect(relaxed.empty() || render::relaxed_path(relaxed) == relaxed, "a path written out stays so");
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
