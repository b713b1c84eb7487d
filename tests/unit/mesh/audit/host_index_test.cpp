#include "egress/mesh/audit/host_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/mesh/host_pattern.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using Index = mesh::HostIndex<std::string>;

const std::vector<std::string> hosts{
    "*",
    "*.org",
    "*.example.org",
    "*ample.org",
    "*-a.example.org",
    "example.org",
    "a.example.org",
    "b-a.example.org",
    "*.a.example.org",
    "x.a.example.org",
    "org",
    "",
    "other.net",
};

Index index() {
  Index result;
  for (const std::string& host : hosts) result.add(host, host);
  return result;
}

}  // namespace

TEST_CASE("a host matches itself and every wildcard that covers it, and nothing else") {
  const Index host_index = index();
  for (const std::string& host : hosts) {
    CAPTURE(host);
    std::vector<std::string> expected;
    for (const std::string& candidate : hosts)
      if (mesh::host_matches(candidate, host)) expected.push_back(candidate);
    std::vector<std::string> found;
    for (const std::string* match : host_index.matches(host)) found.push_back(*match);
    CHECK(found.front() == host);
    std::ranges::sort(found);
    std::ranges::sort(expected);
    CHECK(found == expected);
  }
}

TEST_CASE("a wildcard finds the hosts that it matches, including other wildcards, but not itself") {
  const Index host_index = index();
  for (const std::string& wildcard : hosts) {
    if (!wildcard.starts_with('*')) continue;
    CAPTURE(wildcard);
    std::vector<std::string> expected;
    for (const std::string& candidate : hosts)
      if (candidate != wildcard && mesh::host_matches(wildcard, candidate)) expected.push_back(candidate);
    std::vector<std::string> found;
    for (const auto& match : host_index.subdomain_matches(wildcard)) {
      CHECK(match.first == *match.second);
      found.push_back(match.first);
    }
    std::ranges::sort(found);
    std::ranges::sort(expected);
    CHECK(found == expected);
  }
}

TEST_CASE("an unknown host matches only wildcards") {
  CHECK(index().exact_matches("nobody.net").empty());
  const auto found = index().matches("nobody.net");
  REQUIRE(found.size() == 1);
  CHECK(*found.front() == "*");
}

}  // namespace egress

TEST_SUITE_END();
