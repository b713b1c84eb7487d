#include "egress/render/kyaml.hpp"

#include <doctest/doctest.h>

#include "egress/base/yaml.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {

// tests/parity/printing.py compares the output with kubectl's byte for byte.

TEST_CASE("KYAML is YAML and parses to the same value") {
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
  CHECK(parse_yaml(to_kyaml(value)) == value);
}

TEST_CASE("lists of maps and lists are compact, other lists have one item per line") {
  CHECK(to_kyaml(object({{"a", array({object({{"b", 1}}), array({})})}})) ==
        "{\n  a: [{\n    b: 1,\n  }, []],\n}");
  CHECK(to_kyaml(array({1, object({})})) == "[\n  1,\n  {},\n]");
}

TEST_CASE("a key is unquoted if every parser reads it as a string") {
  const auto is_bare = [](const std::string& key) {
    return to_kyaml(object({{key, 1}})) == "{\n  " + key + ": 1,\n}";
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
