#include "egress/base/token.hpp"

#include <doctest/doctest.h>

#include "support/secrets.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {

TEST_CASE("tokens are known by their form, whatever sign ends them") {
  for (const std::string& token : {testing::web_token, testing::bootstrap_token})
    for (const std::string end : {"", ".", "\"", "),"}) {
      CAPTURE(token + end);
      CHECK(is_token(token + end));
    }
}

TEST_CASE("other words are no tokens") {
  for (const std::string word : {"", ".", "eyJ", "eyJhbGciOiJSUzI1NiJ9.only-two", "tls.crt",
                                 "Abcdef.0123456789abcdef", "abcdef-0123456789abcdef", "a.b.c"}) {
    CAPTURE(word);
    CHECK_FALSE(is_token(word));
  }
}

}  // namespace egress

TEST_SUITE_END();
