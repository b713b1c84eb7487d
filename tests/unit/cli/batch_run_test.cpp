#include "egress/cli/batch_run.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/text.hpp"
#include "egress/kube/api_error.hpp"
#include "egress/mesh/full_name.hpp"
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

/// The lines on stderr if each of several gateways fails with that text.
Lines printed_lines(std::size_t count, const std::string& text) {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  BatchRun batch(session, count, false);
  for (std::size_t i = 0; i < count; ++i) batch.run(gateway(i), [&] { throw Error(text); });
  CHECK_FALSE(batch.finish("the others are fine"));
  CHECK(out.str().empty());
  return split(trim(err.str()), '\n');
}

}  // namespace

TEST_CASE("each failure of a batch names its gateway") {
  CHECK(each_mentions(printed_lines(2, "it is full"),
                      {{"error", "egressgateway", "gw-0", "httpbin", "it is full"},
                       {"error", "egressgateway", "gw-1", "httpbin", "it is full"},
                       {"error", "2 of 2 gateways failed", "the others are fine"}}));
  CHECK_MESSAGE(printed_lines(1, "it is full") == Lines{"error: it is full"},
                "a single gateway is not named");
}

TEST_CASE("every line of a failure names the gateway, but only once") {
  CHECK(each_mentions(printed_lines(2, "one\nerror: two"), {{"error", "gw-0", "httpbin", "one"},
                                                            {"error", "gw-0", "httpbin", "two"},
                                                            {"error", "gw-1", "httpbin", "one"},
                                                            {"error", "gw-1", "httpbin", "two"},
                                                            {"error", "2 of 2"}}));
  const std::string message = mesh::full_name(gateway(1)) + " is not deleted";
  CHECK(printed_lines(2, message)[1] == "error: " + message);
}

TEST_CASE("a failure of a gateway from a file names its location") {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  BatchRun batch(session, 2, false);
  mesh::Egress egress = gateway(0);
  egress.origin = "gateways.yaml, document 1";
  batch.run(egress, [] { throw Error("it is full"); });
  batch.run(egress, [&] { throw Error(mesh::full_name(egress) + " is full"); });
  const Lines lines = split(trim(err.str()), '\n');
  CHECK(each_mentions(lines, {{"error", egress.origin, "gw-0", "httpbin", "it is full"},
                              {"error", egress.origin, "gw-0", "httpbin", "is full"}}));
  for (const std::string& line : lines) CHECK_MESSAGE(line.find("gw-0") == line.rfind("gw-0"), "named once");
}

TEST_CASE("an API error in a batch keeps its message") {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  BatchRun batch(session, 2, false);
  batch.run(gateway(0), [] { throw kube::ApiError(403, "Forbidden", "no"); });
  CHECK(mentions(err.str(), {"error", "gw-0", "httpbin", "Error from server (Forbidden): no", "hint"}));
}

TEST_CASE("the progress text shows rate, time left and failures") {
  CHECK(mentions(progress_text(0, 1000, 0, 1), {"0 of 1000"}));
  CHECK(mentions(progress_text(120, 1000, 2, 14.4), {"120 of 1000", "8.3", "106s", "2 failed"}));
  CHECK(mentions(progress_text(3, 1000, 0, 30), {"3 of 1000", "0.1", "166m"}));
  CHECK_FALSE(mentions(progress_text(3, 1000, 0, 30), {"failed"}));
  CHECK(mentions(progress_text(50, 1000, 0, 1), {"50 of 1000", "50 per second"}));
  CHECK(mentions(progress_text(1000, 1000, 0, 25), {"1000 of 1000", "40 per second"}));
}

TEST_CASE("only the first failures are printed and the summary counts all") {
  const Lines lines = printed_lines(max_reported + 5, "it is full");
  REQUIRE(lines.size() == max_reported + 2);
  CHECK(lines[max_reported - 1].find("gw-19") != std::string::npos);
  CHECK(mentions(lines[max_reported], {"5 more"}));
  CHECK(mentions(lines[max_reported + 1], {"25 of 25 gateways failed"}));
}

TEST_CASE("only the first errors of a list are printed, with the number of those omitted") {
  std::ostringstream out;
  std::ostringstream err;
  const Session session({out, err});
  report_errors(session, std::vector(max_reported + 2, Error("not found", "look")));
  const Lines lines = split(trim(err.str()), '\n');
  REQUIRE(lines.size() == 2 * max_reported + 1);
  CHECK(lines[lines.size() - 3] == "error: not found");
  CHECK(lines[lines.size() - 2] == "hint: look");
  CHECK(mentions(lines.back(), {"2 more"}));
}

}  // namespace egress::cli

TEST_SUITE_END();
