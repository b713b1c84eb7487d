#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// What may follow the words. Nothing is ever said on stderr, and it always ends well.
std::string completed(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), {"kubectl-egress", "__complete"});
  CHECK(run(words, {out, err}) == 0);
  CHECK(err.str().empty());
  return out.str();
}

}  // namespace

TEST_CASE("the first word is completed to a command, with what it does") {
  CHECK(completed({"cr"}) == "create\tMake an egress gateway and everything that routes to it\n:4\n");
  CHECK(completed({"zzz"}) == ":4\n");
}

TEST_CASE("an empty word offers every command but the one that completes") {
  const std::string all = completed({""});
  for (const std::string command : {"create\t", "list\t", "inspect\t", "delete\t", "version\t"}) {
    CAPTURE(command);
    CHECK(all.find(command) != std::string::npos);
  }
  CHECK(all.find("__complete") == std::string::npos);
  CHECK(all.ends_with("\n:4\n"));
}

TEST_CASE("a word that begins with hyphens is completed to a flag of the command or of all commands") {
  CHECK(completed({"create", "web", "--ho"}) ==
        "--host\tThe external service, such as httpbin.org; may be repeated\n:4\n");
  CHECK(completed({"list", "--kubec"}) == "--kubeconfig\tPath to the kubeconfig file\n:4\n");
  CHECK(completed({"list", "--ho"}) == ":4\n");
}

TEST_CASE("a name is completed from the cluster, or to nothing where there is none") {
  CHECK(completed({"--kubeconfig", "/dev/null", "inspect", ""}) == ":4\n");
  CHECK(completed({"create", ""}) == ":4\n");
}

}  // namespace egress::cli

TEST_SUITE_END();
