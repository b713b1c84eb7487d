#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// What a command line wrote and with what code it ended.
struct Said {
  int code;
  std::string out;
  std::string err;
};

Said said(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), "kubectl-egress");
  const int code = run(words, {out, err});
  return {code, out.str(), err.str()};
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("no words at all, and --help, show what can be done") {
  const Said help = said({"--help", "--kubeconfig=/nowhere"});
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  for (const std::string word : {"Usage:\n  kubectl egress COMMAND [options]\n", "  create    ", "  list    ",
                                 "  inspect    ", "  delete    ", "  version    ", "  kubectl egress create",
                                 "Use \"kubectl egress options\" for a list"}) {
    CAPTURE(word);
    CHECK(help.out.find(word) != std::string::npos);
  }
  for (const std::string hidden : {"__complete", "__man", "  options", "--namespace"}) {
    CAPTURE(hidden);
    CHECK(help.out.find(hidden) == std::string::npos);
  }
  CHECK(said({}).out == help.out);
  CHECK(said({"-h"}).out == help.out);
  CHECK(said({"help"}).out == help.out);
}

TEST_CASE("every command has help of its own, with examples, and needs no cluster for it") {
  for (const std::string command :
       {"create", "apply", "diff", "list", "inspect", "delete", "check", "version"}) {
    CAPTURE(command);
    const Said result = said({command, "--help", "--kubeconfig=/nowhere"});
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.find("Usage:\n  kubectl egress " + command) != std::string::npos);
    CHECK(result.out == said({"help", command}).out);
    const std::size_t first_line = result.out.find('\n');
    CHECK(result.out.substr(first_line - 1, 3) == ".\n\n");
    // A global flag is told of once, elsewhere.
    CHECK(result.out.find("--kubeconfig") == std::string::npos);
    CHECK(
        result.out.ends_with("Use \"kubectl egress options\" for a list of global command-line options "
                             "(applies to all commands).\n"));
    const std::size_t examples = occurrences(result.out, "\n  kubectl egress ") - 1;
    CHECK(examples >= 2);
    CHECK(examples <= 4);
  }
}

TEST_CASE("options lists the flags of every command, with what counts without them") {
  const Said options = said({"options", "--kubeconfig=/nowhere"});
  CHECK(options.code == 0);
  CHECK(options.err.empty());
  CHECK(options.out.starts_with("The following options can be passed to any command:\n\n"));
  for (const std::string flag :
       {"    --kubeconfig='':\n\tPath to the kubeconfig file\n", "    -n, --namespace='':\n",
        "    --as-group=[]:\n", "    -v, --v=0:\n", "    --insecure-skip-tls-verify=false:\n"}) {
    CAPTURE(flag);
    CHECK(options.out.find(flag) != std::string::npos);
  }
}

TEST_CASE("help shows flags as kubectl's, under the headings that they have") {
  const std::string create = said({"create", "--help"}).out;
  for (const std::string part :
       {"\nThe external service:\n    --host=[]:\n\tThe external service, such as", "    --port=443:\n",
        "    --tls='simple':\n", "    --opa-fail-open=false:\n", "    --wait=true:\n", "    --timeout=2m:\n",
        "    --dry-run='none':\n", "    -o, --output='':\n",
        "Usage:\n  kubectl egress create NAME --host HOST [options]\n"}) {
    CAPTURE(part);
    CHECK(create.find(part) != std::string::npos);
  }
  CHECK(create.find("\nOptions:\n") > create.find("\nIstio:\n"));
  CHECK(create.find("--help") == std::string::npos);
  CHECK(said({"list", "--help"}).out.find("Aliases:\nlist, ls, get\n") != std::string::npos);
}

}  // namespace egress::cli

TEST_SUITE_END();
