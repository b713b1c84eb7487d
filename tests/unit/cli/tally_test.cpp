#include "egress/cli/tally.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/text.hpp"
#include "egress/kube/api_error.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

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
  CHECK_FALSE(tally.finish("the others are as the files say"));
  CHECK(out.str().empty());
  return split(trimmed(err.str()), '\n');
}

}  // namespace

TEST_CASE("of several gateways each failure says whose it is") {
  CHECK(said(2, "it is full") == Lines{"error: egressgateway \"gw-0\" in namespace \"httpbin\": it is full",
                                       "error: egressgateway \"gw-1\" in namespace \"httpbin\": it is full",
                                       "error: 2 of 2 gateways failed; the others are as the files say"});
  CHECK_MESSAGE(said(1, "it is full") == Lines{"error: it is full"}, "who asks for one knows which");
}

TEST_CASE("a failure of several lines says it in each, and one that names the gateway says it once") {
  CHECK(said(2, "one\nerror: two")[1] == "error: egressgateway \"gw-0\" in namespace \"httpbin\": two");
  const std::string named = "egressgateway \"gw-1\" in namespace \"httpbin\" is not deleted";
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
  tally.attempt(one, [] { throw Error("egressgateway \"gw-0\" in namespace \"httpbin\" is full"); });
  CHECK(err.str() ==
        "error: gateways.yaml, document 1: egressgateway \"gw-0\" in namespace \"httpbin\": it is full\n"
        "error: gateways.yaml, document 1: egressgateway \"gw-0\" in namespace \"httpbin\" is full\n");
}

TEST_CASE("what the server says of one of several gateways keeps its own words") {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  Tally tally(session, 2, false);
  tally.attempt(gateway(0), [] { throw kube::ApiError(403, "Forbidden", "no"); });
  CHECK(err.str().starts_with(
      "error: egressgateway \"gw-0\" in namespace \"httpbin\": Error from server (Forbidden): no\nhint: "));
}

TEST_CASE("how many come along says at which rate, how long it will take, and what has failed") {
  CHECK(progress_of(0, 1000, 0, 1) == "0 of 1000 done");
  CHECK(progress_of(120, 1000, 2, 14.4) == "120 of 1000 done, 8.3 a second, about 106s left, 2 failed");
  CHECK(progress_of(3, 1000, 0, 30) == "3 of 1000 done, 0.1 a second, about 166m left");
  CHECK(progress_of(50, 1000, 0, 1) == "50 of 1000 done, 50 a second");
  CHECK(progress_of(1000, 1000, 0, 25) == "1000 of 1000 done, 40 a second");
}

TEST_CASE("of very many failures only the first are told, and the summary counts all") {
  const Lines lines = said(most_told + 5, "it is full");
  REQUIRE(lines.size() == most_told + 2);
  CHECK(lines[most_told - 1].find("gw-19") != std::string::npos);
  CHECK(lines[most_told] == "error: and 5 more like these");
  CHECK(lines[most_told + 1] == "error: 25 of 25 gateways failed; the others are as the files say");
}

TEST_CASE("of a long list of errors only the first are told, and how many more there are") {
  std::ostringstream out;
  std::ostringstream err;
  const Session session({out, err});
  tell_first(session, std::vector(most_told + 2, Error("not found", "look")));
  CHECK(err.str().ends_with("error: not found\nhint: look\nerror: and 2 more like these\n"));
}

}  // namespace egress::cli

TEST_SUITE_END();
