#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

/// The output and the exit code of a command line.
struct Output {
  int code;
  std::string out;
  std::string err;
};

Output run_command(std::vector<std::string> words) {
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

TEST_CASE("no arguments and --help print the commands") {
  const Output help = run_command({"--help", "--kubeconfig=/nowhere"});
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
  CHECK(run_command({}).out == help.out);
  CHECK(run_command({"-h"}).out == help.out);
  CHECK(run_command({"help"}).out == help.out);
}

TEST_CASE("every command has help with examples and needs no cluster for it") {
  for (const std::string command :
       {"create", "apply", "diff", "list", "inspect", "delete", "check", "version"}) {
    CAPTURE(command);
    const Output result = run_command({command, "--help", "--kubeconfig=/nowhere"});
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.find("Usage:\n  kubectl egress " + command) != std::string::npos);
    CHECK(result.out == run_command({"help", command}).out);
    const std::size_t first_line = result.out.find('\n');
    CHECK(result.out.substr(first_line - 1, 3) == ".\n\n");
    // Global flags are listed only by `options`.
    CHECK(result.out.find("--kubeconfig") == std::string::npos);
    CHECK(
        result.out.ends_with("Use \"kubectl egress options\" for a list of global command-line options "
                             "(applies to all commands).\n"));
    const std::size_t examples = occurrences(result.out, "\n  kubectl egress ") - 1;
    CHECK(examples >= 2);
    CHECK(examples <= 4);
  }
}

TEST_CASE("options lists the global flags with their defaults") {
  const Output options = run_command({"options", "--kubeconfig=/nowhere"});
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

TEST_CASE("help lists flags in kubectl's format under their headings") {
  const std::string create = run_command({"create", "--help"}).out;
  for (const std::string part :
       {"\nExternal service:\n    --host=[]:\n\tHost name of the external service, such as",
        "    --port=443:\n", "    --tls='simple':\n", "    --opa-fail-open=false:\n", "    --wait=true:\n",
        "    --timeout=2m:\n", "    --dry-run='none':\n", "    -o, --output='':\n",
        "Usage:\n  kubectl egress create NAME --host HOST [options]\n"}) {
    CAPTURE(part);
    CHECK(create.find(part) != std::string::npos);
  }
  CHECK(create.find("\nOptions:\n") > create.find("\nIstio:\n"));
  CHECK(create.find("--help") == std::string::npos);
  CHECK(run_command({"list", "--help"}).out.find("Aliases:\nlist, ls, get\n") != std::string::npos);
}

}  // namespace egress::cli

TEST_SUITE_END();
