#include "egress/base/host_match.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

bool is_for(const std::string& name, const std::string& host) {
  return matches_host({.dns = {name}, .addresses = {}}, host);
}

bool has_address(const std::string& address, const std::string& host) {
  return matches_host({.dns = {host}, .addresses = {address}}, host);
}

}  // namespace

TEST_CASE("a name is itself, in whatever case, with or without a last dot") {
  CHECK(is_for("api.example", "api.example"));
  CHECK(is_for("API.Example", "api.eXample"));
  CHECK(is_for("api.example", "api.example."));
  CHECK(is_for("localhost", "localhost"));
  CHECK(is_for("my_api-1.example", "my_api-1.example"));
  CHECK_FALSE(is_for("api.example", "api.example.com"));
  CHECK_FALSE(is_for("api.example", "x.api.example"));
  CHECK_FALSE(is_for("api.example", "example"));
  // The dot is for the host to have, and one is enough.
  CHECK_FALSE(is_for("api.example.", "api.example"));
  CHECK_FALSE(is_for("api.example", "api.example.."));
}

TEST_CASE("a star stands for exactly the first label") {
  CHECK(is_for("*.internal", "api.internal"));
  CHECK(is_for("*.example.com", "API.example.com."));
  CHECK(is_for("*.com", "example.com"));
  CHECK_FALSE(is_for("*.example.com", "example.com"));
  CHECK_FALSE(is_for("*.example.com", "a.b.example.com"));
  CHECK_FALSE(is_for("*.example.com", ".example.com"));
  CHECK_FALSE(is_for("*.internal", "internal"));
  CHECK_FALSE(is_for("*", "localhost"));
  CHECK_FALSE(is_for("*", "api.example"));
  CHECK_FALSE(is_for("*.", "localhost"));
  CHECK_FALSE(is_for("*.", "localhost."));
}

TEST_CASE("a star elsewhere is no star") {
  for (const std::string pattern :
       {"a*.example", "*a.example", "api.*", "api.*.example", "*.*.example", "**.example", "*api.example"}) {
    CAPTURE(pattern);
    CHECK_FALSE(is_for(pattern, "api.example"));
    CHECK_FALSE(is_for(pattern, "api.x.example"));
  }
}

TEST_CASE("a name that is invalid in Go must be equal") {
  CHECK(is_for("*.example", "*.example"));
  CHECK(is_for("a b", "A B"));
  CHECK(is_for("-api.example", "-api.example"));
  CHECK_FALSE(is_for("-api.example", "-api.example."));
  CHECK_FALSE(is_for("*.example", "-api.example"));
  CHECK_FALSE(is_for("*.example", "a b.example"));
  CHECK_FALSE(is_for("", ""));
  CHECK_FALSE(is_for(".", "."));
  CHECK_FALSE(is_for(std::string("api.example\0.evil", 17), "api.example"));
  CHECK_FALSE(is_for("api.example", std::string("api.example\0.evil", 17)));
}

TEST_CASE("an address is for addresses alone, and equal in whichever form") {
  CHECK(has_address("10.0.0.1", "10.0.0.1"));
  CHECK(has_address("::1", "0:0:0:0:0:0:0:1"));
  CHECK(has_address("10.0.0.1", "::ffff:10.0.0.1"));
  CHECK_FALSE(has_address("10.0.0.1", "10.0.0.2"));
  CHECK_FALSE(has_address("::1", "::2"));
  // A name that looks like one is not one, nor is what cannot be read.
  CHECK_FALSE(has_address("", "10.0.0.1"));
  CHECK_FALSE(is_for("10.0.0.1", "10.0.0.1"));
  CHECK_FALSE(is_for("*.0.0.1", "10.0.0.1"));
  CHECK_FALSE(matches_host({}, "10.0.0.1"));
  CHECK_FALSE(matches_host({}, "api.example"));
}

}  // namespace egress

TEST_SUITE_END();
