#include "egress/cli/session.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"
#include "support/folder.hpp"
#include "support/loopback_server.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::Folder;
using testing::LoopbackServer;

struct Result {
  int code;
  std::string out;
  std::string err;
};

/// "kubectl egress list" with a cluster that has nothing, and that sends these headers with every answer.
Result list(const std::vector<std::string>& flags, const std::string& headers = "") {
  const LoopbackServer server([&](const std::string&) {
    std::string answer = LoopbackServer::ok(R"({"kind":"List","metadata":{},"items":[]})");
    return answer.insert(answer.find("\r\n") + 2, headers);
  });
  const Folder folder;
  std::vector<std::string> words{"/usr/bin/kubectl-egress",  "list", "--kubeconfig",
                                 folder.write("config", ""), "-s",   server.url()};
  words.insert(words.end(), flags.begin(), flags.end());
  std::ostringstream out;
  std::ostringstream err;
  const int code = run(words, {out, err});
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("what the server warns of is an error where that is wished") {
  const std::string one = "Warning: 299 - \"one\"\r\n";
  const std::string two = one + "Warning: 299 - \"two\", 299 - \"one\"\r\n";
  const std::string none = "No egress gateways found in default namespace.\n";
  CHECK(list({}, two).code == 0);
  CHECK(list({"--warnings-as-errors=false"}, two).code == 0);
  CHECK(list({"--warnings-as-errors"}).code == 0);
  const Result once = list({"--warnings-as-errors"}, one);
  CHECK(once.code == 1);
  CHECK(once.err == "Warning: one\n" + none + "error: 1 warning received\n");
  const Result twice = list({"--warnings-as-errors"}, two);
  CHECK(twice.code == 1);
  CHECK(twice.err == "Warning: one\nWarning: two\n" + none + "error: 2 warnings received\n");
}

TEST_CASE("kubectl's flags that mean nothing here are taken") {
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"--match-server-version"},
                                             {"--match-server-version=false"},
                                             {"--profile", "cpu", "--profile-output=x.pprof"},
                                             {"--profile=none"},
                                             {"--vmodule", "a=1,b=2"},
                                             {"--vmodule="},
                                             {"--log-flush-frequency", "1s"},
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
