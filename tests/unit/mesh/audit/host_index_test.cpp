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
  Index made;
  for (const std::string& host : hosts) made.add(host, host);
  return made;
}

}  // namespace

TEST_CASE("a host is found by its name and by every wildcard that stands for it, and by nothing else") {
  const Index all = index();
  for (const std::string& host : hosts) {
    CAPTURE(host);
    std::vector<std::string> wanted;
    for (const std::string& one : hosts)
      if (mesh::host_matches(one, host)) wanted.push_back(one);
    std::vector<std::string> found;
    for (const std::string* one : all.matches(host)) found.push_back(*one);
    CHECK(found.front() == host);
    std::ranges::sort(found);
    std::ranges::sort(wanted);
    CHECK(found == wanted);
  }
}

TEST_CASE("a wildcard finds the hosts for which it stands, other wildcards included, but not itself") {
  const Index all = index();
  for (const std::string& wildcard : hosts) {
    if (!wildcard.starts_with('*')) continue;
    CAPTURE(wildcard);
    std::vector<std::string> wanted;
    for (const std::string& one : hosts)
      if (one != wildcard && mesh::host_matches(wildcard, one)) wanted.push_back(one);
    std::vector<std::string> found;
    for (const auto& one : all.subdomain_matches(wildcard)) {
      CHECK(one.first == *one.second);
      found.push_back(one.first);
    }
    std::ranges::sort(found);
    std::ranges::sort(wanted);
    CHECK(found == wanted);
  }
}

TEST_CASE("of a host that nobody names there is nothing but what wildcards say") {
  CHECK(index().exact_matches("nobody.net").empty());
  const auto found = index().matches("nobody.net");
  REQUIRE(found.size() == 1);
  CHECK(*found.front() == "*");
}

}  // namespace egress

TEST_SUITE_END();
