#include "egress/cli/tally.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/text.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/kube/api_error.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::each_mentions;
using testing::mentions;
using Lines = std::vector<std::string>;

mesh::Egress gateway(std::size_t number) {
  mesh::Egress egress = testing::httpbin();
  egress.name = "gw-" + std::to_string(number);
  return egress;
}

/// What is said where each of several gateways fails with that text.
Lines said(std::size_t count, const std::string& text) {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  Tally tally(session, count, false);
  for (std::size_t i = 0; i < count; ++i) tally.attempt(gateway(i), [&] { throw Error(text); });
  CHECK_FALSE(tally.finish("the others are fine"));
  CHECK(out.str().empty());
  return split(trimmed(err.str()), '\n');
}

}  // namespace

TEST_CASE("of several gateways each failure says whose it is") {
  CHECK(each_mentions(said(2, "it is full"), {{"error", "egressgateway", "gw-0", "httpbin", "it is full"},
                                              {"error", "egressgateway", "gw-1", "httpbin", "it is full"},
                                              {"error", "2 of 2 gateways failed", "the others are fine"}}));
  CHECK_MESSAGE(said(1, "it is full") == Lines{"error: it is full"}, "who asks for one knows which");
}

TEST_CASE("a failure of several lines says it in each, and one that names the gateway says it once") {
  CHECK(each_mentions(said(2, "one\nerror: two"), {{"error", "gw-0", "httpbin", "one"},
                                                   {"error", "gw-0", "httpbin", "two"},
                                                   {"error", "gw-1", "httpbin", "one"},
                                                   {"error", "gw-1", "httpbin", "two"},
                                                   {"error", "2 of 2"}}));
  const std::string named = fleet::described(gateway(1)) + " is not deleted";
  CHECK(said(2, named)[1] == "error: " + named);
}

TEST_CASE("of what files ask for, each failure says where") {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  Tally tally(session, 2, false);
  mesh::Egress one = gateway(0);
  one.origin = "gateways.yaml, document 1";
  tally.attempt(one, [] { throw Error("it is full"); });
  tally.attempt(one, [&] { throw Error(fleet::described(one) + " is full"); });
  const Lines lines = split(trimmed(err.str()), '\n');
  CHECK(each_mentions(lines, {{"error", one.origin, "gw-0", "httpbin", "it is full"},
                              {"error", one.origin, "gw-0", "httpbin", "is full"}}));
  for (const std::string& line : lines) CHECK_MESSAGE(line.find("gw-0") == line.rfind("gw-0"), "named once");
}

TEST_CASE("what the server says of one of several gateways keeps its own words") {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  Tally tally(session, 2, false);
  tally.attempt(gateway(0), [] { throw kube::ApiError(403, "Forbidden", "no"); });
  CHECK(mentions(err.str(), {"error", "gw-0", "httpbin", "Error from server (Forbidden): no", "hint"}));
}

TEST_CASE("how many come along says at which rate, how long it will take, and what has failed") {
  CHECK(mentions(progress_of(0, 1000, 0, 1), {"0 of 1000"}));
  CHECK(mentions(progress_of(120, 1000, 2, 14.4), {"120 of 1000", "8.3", "106s", "2 failed"}));
  CHECK(mentions(progress_of(3, 1000, 0, 30), {"3 of 1000", "0.1", "166m"}));
  CHECK_FALSE(mentions(progress_of(3, 1000, 0, 30), {"failed"}));
  CHECK(mentions(progress_of(50, 1000, 0, 1), {"50 of 1000", "50 a second"}));
  CHECK(mentions(progress_of(1000, 1000, 0, 25), {"1000 of 1000", "40 a second"}));
}

TEST_CASE("of very many failures only the first are told, and the summary counts all") {
  const Lines lines = said(most_told + 5, "it is full");
  REQUIRE(lines.size() == most_told + 2);
  CHECK(lines[most_told - 1].find("gw-19") != std::string::npos);
  CHECK(mentions(lines[most_told], {"5 more"}));
  CHECK(mentions(lines[most_told + 1], {"25 of 25 gateways failed"}));
}

TEST_CASE("of a long list of errors only the first are told, and how many more there are") {
  std::ostringstream out;
  std::ostringstream err;
  const Session session({out, err});
  tell_first(session, std::vector(most_told + 2, Error("not found", "look")));
  const Lines lines = split(trimmed(err.str()), '\n');
  REQUIRE(lines.size() == 2 * most_told + 1);
  CHECK(lines[lines.size() - 3] == "error: not found");
  CHECK(lines[lines.size() - 2] == "hint: look");
  CHECK(mentions(lines.back(), {"2 more"}));
}

}  // namespace egress::cli

TEST_SUITE_END();
