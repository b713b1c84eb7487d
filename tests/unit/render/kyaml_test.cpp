#include "egress/render/kyaml.hpp"

#include <doctest/doctest.h>

#include "egress/base/yaml.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {

// Byte for byte it is compared with kubectl's by tests/parity/printing.py.

TEST_CASE("what is printed as KYAML is YAML, and reads back as it was") {
  const Json value = object({
      {"on", true},
      {"1_000", "yes"},
      {"", Json()},
      {"é", "\ttab\x01\x1b\r\u00a0\u2028\"\\"},
      {"lines", "a\n  b\n\tc\n\nd"},
      {"end", "\n"},
      {"list", array({array({1, array({})}), object({})})},
      {"mixed", array({1.5, object({{"a", array({"x"})}})})},
      {"null", array({Json(), false})},
  });
  CHECK(parse_yaml(kyaml(value)) == value);
}

TEST_CASE("lists of maps and lists stand close, any other a line an item") {
  CHECK(kyaml(object({{"a", array({object({{"b", 1}}), array({})})}})) ==
        "{\n  a: [{\n    b: 1,\n  }, []],\n}");
  CHECK(kyaml(array({1, object({})})) == "[\n  1,\n  {},\n]");
}

TEST_CASE("a key is bare where no reader takes it for anything but a text") {
  const auto is_bare = [](const std::string& key) {
    return kyaml(object({{key, 1}})) == "{\n  " + key + ": 1,\n}";
  };
  for (const char* key :
       {"a", "app.kubernetes.io/name", "_", "1a", "0xg", "1.2.3", "1-2", "true/x", "infinite"})
    CHECK_MESSAGE(is_bare(key), key);
  for (const char* key : {"", "n", "YES", "Null", "~", "1_0", "0o7", "5.", "1e3", ".inf", "inf", "2001-12-14",
                          "a b", "a:", "-a", "a-", "a'b", "<<"})
    CHECK_MESSAGE(!is_bare(key), key);
}

}  // namespace egress::render

TEST_SUITE_END();
