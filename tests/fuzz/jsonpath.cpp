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

const Json usual = Json::parse(R"({
  "kind": "List",
  "items": [
    {"name": "web", "port": 443, "on": true, "nothing": null, "weight": 0.5, "hosts": ["a", "b", "c"],
     "ports": [{"name": "http", "port": 80}, {"name": "tcp", "port": 5432}], "labels": {"k.with/dots": "yes"}},
    {"name": "db", "port": 5432, "hosts": [], "ports": [{"name": "db", "port": 1}]}
  ]
})");

Json object_of(std::string_view text) {
  try {
    return text.empty() ? usual : Json::parse(text);
  } catch (const Error&) {
    return usual;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(0, zero);
  try {
    const Json object = object_of(input.substr(std::min(zero + 1, input.size())));
    const render::JsonPath path(text);
    std::size_t values = 0;
    for (const auto& found : path.find(object)) values += found.size();
    fuzz::must(values > 0 || path.text(object).empty(), "what finds nothing prints nothing");
  } catch (const Error& error) {
    fuzz::must(error.what()[0] != '\0', "why it is refused is said");
  }
  try {
    const std::string relaxed = render::relaxed_path(text);
    fuzz::must(relaxed.empty() || render::relaxed_path(relaxed) == relaxed, "a path written out stays so");
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
