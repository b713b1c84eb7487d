#include "egress/cli/session.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "egress/base/version.hpp"
#include "egress/cli/app.hpp"
#include "support/environment_variable.hpp"
#include "support/loopback_server.hpp"
#include "support/mentions.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::EnvironmentVariable;
using testing::LoopbackServer;
using testing::TemporaryDirectory;

struct Result {
  int code;
  std::string out;
  std::string err;
};

/// Runs "kubectl egress list" against an empty cluster that sends these headers with every response.
Result list(const std::vector<std::string>& flags, const std::string& headers = "") {
  const LoopbackServer server([&](const std::string&) {
    std::string answer = LoopbackServer::ok(R"({"kind":"List","metadata":{},"items":[]})");
    return answer.insert(answer.find("\r\n") + 2, headers);
  });
  const TemporaryDirectory folder;
  std::vector<std::string> words{"/usr/bin/kubectl-egress",  "list", "--kubeconfig",
                                 folder.write("config", ""), "-s",   server.url()};
  words.insert(words.end(), flags.begin(), flags.end());
  std::ostringstream out;
  std::ostringstream err;
  const int code = run(words, {out, err});
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("--warnings-as-errors turns server warnings into an error") {
  const std::string one_warning = "Warning: 299 - \"one\"\r\n";
  const std::string two_warnings = one_warning + "Warning: 299 - \"two\", 299 - \"one\"\r\n";
  const std::string no_gateways = "No egress gateways found in default namespace.\n";
  CHECK(list({}, two_warnings).code == 0);
  CHECK(list({"--warnings-as-errors=false"}, two_warnings).code == 0);
  CHECK(list({"--warnings-as-errors"}).code == 0);
  const Result once = list({"--warnings-as-errors"}, one_warning);
  CHECK(once.code == 1);
  CHECK(once.err == "Warning: one\n" + no_gateways + "error: 1 warning received\n");
  const Result twice = list({"--warnings-as-errors"}, two_warnings);
  CHECK(twice.code == 1);
  CHECK(twice.err == "Warning: one\nWarning: two\n" + no_gateways + "error: 2 warnings received\n");
}

TEST_CASE("on a terminal the word Warning is bold and yellow, as in client-go") {
  const Result warned = list({"--color=always"}, "Warning: 299 - \"one\"\r\n");
  CHECK(warned.err.starts_with("\x1b[33;1mWarning:\x1b[0m one\n"));
  CHECK(list({"--color=never"}, "Warning: 299 - \"one\"\r\n").err.starts_with("Warning: one\n"));
}

TEST_CASE("-v 1 reports that no kubeconfig was found") {
  const EnvironmentVariable variable("KUBECONFIG", "/nowhere/a:/nowhere/b");
  const LoopbackServer server(
      [](const std::string&) { return LoopbackServer::ok(R"({"kind":"List","metadata":{},"items":[]})"); });
  const auto stderr_at_level = [&](const std::string& level) {
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run({"/usr/bin/kubectl-egress", "list", "-s", server.url(), "-v", level}, {out, err}) == 0);
    return err.str();
  };
  CHECK(stderr_at_level("0") == "No egress gateways found in default namespace.\n");
  CHECK(stderr_at_level("1") ==
        "Config not found: /nowhere/a, /nowhere/b\nNo egress gateways found in default namespace.\n");
}

TEST_CASE("--chunk-size sets the page size of lists") {
  const auto limits = [](const std::vector<std::string>& flags) {
    std::set<std::string> values;
    std::vector<std::string> words{"-v6"};
    words.insert(words.end(), flags.begin(), flags.end());
    std::istringstream lines(list(words).err);
    for (std::string line; std::getline(lines, line);)
      if (const std::size_t at = line.find("/configmaps?"); at != std::string::npos) {
        const std::size_t limit = line.find("limit=", at);
        values.insert(limit == std::string::npos
                          ? "none"
                          : line.substr(limit + 6, line.find_first_of("& ", limit) - limit - 6));
      }
    return values;
  };
  CHECK(limits({"--chunk-size=7"}) == std::set<std::string>{"7"});
  CHECK(limits({"--chunk-size", "0"}) == std::set<std::string>{"none"});
  CHECK(limits({}) == std::set<std::string>{"100"});
  CHECK(list({"--chunk-size=-1"}).code == 1);
  CHECK(testing::mentions(list({"--chunk-size=-1"}).err, {"error", "--chunk-size", "0"}));
}

TEST_CASE("every request has the client headers, with one session ID per run") {
  const auto stderr_at_level = [](const std::string& name) {
    std::set<std::string> values;
    std::istringstream lines(list({"-v", "7"}).err);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("    " + name + ": ")) values.insert(line.substr(name.size() + 6));
    return values;
  };
  CHECK(stderr_at_level("User-Agent") ==
        std::set<std::string>{"kubectl-egress/v" + std::string(program_version) +
                              " (linux/" EGRESS_CPU ") kubernetes/unknown"});
  CHECK(stderr_at_level("Kubectl-Command") == std::set<std::string>{"kubectl egress list"});
  const auto sessions = stderr_at_level("Kubectl-Session");
  REQUIRE(sessions.size() == 1);
  CHECK(sessions.begin()->size() == 36);
  CHECK(stderr_at_level("Kubectl-Session") != sessions);
  for (const char* off : {"false", "0"}) {
    const EnvironmentVariable variable("KUBECTL_COMMAND_HEADERS", off);
    CHECK(stderr_at_level("Kubectl-Command").empty());
    CHECK(stderr_at_level("Kubectl-Session").empty());
    CHECK(stderr_at_level("User-Agent").size() == 1);
  }
  const EnvironmentVariable variable("KUBECTL_COMMAND_HEADERS", "true");
  CHECK(stderr_at_level("Kubectl-Session").size() == 1);
}

TEST_CASE("kubectl flags without effect are accepted") {
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"--match-server-version"},
                                             {"--match-server-version=false"},
                                             {"--profile", "cpu", "--profile-output=x.pprof"},
                                             {"--profile=none"},
                                             {"--vmodule", "a=1,b=2"},
                                             {"--vmodule="},
                                             {"--log-flush-frequency", "1s"},
                                             {"--show-managed-fields"},
                                             {"--allow-missing-template-keys=false"},
                                             {"--cache-dir=elsewhere"}}) {
    CAPTURE(flags.front());
    const Result listed = list(flags);
    CHECK(listed.code == 0);
    CHECK(listed.err == "No egress gateways found in default namespace.\n");
  }
  CHECK(list({"--match-server-version=maybe"}).code == 1);
  CHECK(list({"--vmodule"}).code == 1);
}

}  // namespace egress::cli

TEST_SUITE_END();
