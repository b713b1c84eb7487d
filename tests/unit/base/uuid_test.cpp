#include "egress/base/uuid.hpp"

#include <doctest/doctest.h>

#include <set>

TEST_SUITE_BEGIN("base");

namespace egress {

TEST_CASE("a UUID has the form of version 4") {
  for (int i = 0; i < 200; ++i) {
    const std::string uuid = random_uuid();
    CAPTURE(uuid);
    REQUIRE(uuid.size() == 36);
    for (std::size_t at = 0; at < uuid.size(); ++at) {
      const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
      CHECK((dash ? uuid[at] == '-'
                  : std::string_view("0123456789abcdef").find(uuid[at]) != std::string_view::npos));
    }
    CHECK(uuid[14] == '4');
    CHECK(std::string_view("89ab").find(uuid[19]) != std::string_view::npos);
  }
}

TEST_CASE("no UUID comes twice") {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) all.insert(random_uuid());
  CHECK(all.size() == 1000);
}

}  // namespace egress

TEST_SUITE_END();
