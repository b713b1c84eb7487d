#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

struct Result {
  int code;
  std::string out;
  std::string err;
};

/// As long as it is there, the cluster is one at a port where nothing listens.
class Nobody {
  testing::Folder folder_;
  testing::Variable kubeconfig_{"KUBECONFIG", folder_.write("config", R"(current-context: dev
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: dev, context: {cluster: c, user: u, namespace: team}}]
users: [{name: u, user: {}}]
)")};
};

Result run_words(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), "/usr/bin/kubectl-egress");
  const int code = cli::run(words, {out, err});
  return {code, out.str(), err.str()};
}

/// Refused in the words of kubectl: all of stderr.
void check_refused(const std::vector<std::string>& words, const std::string& err) {
  const Result result = run_words(words);
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err == err);
}

/// Refused in words of this tool: what they name.
void check_refused(const std::vector<std::string>& words, const std::vector<std::string>& facts) {
  const Result result = run_words(words);
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("error: "));
  CHECK(testing::mentions(result.err, facts));
}

std::string usage_of(const std::string& command) {
  return "hint: See 'kubectl egress " + command + "--help' for usage.\n";
}

}  // namespace

TEST_CASE("letters behind one hyphen are flags of their own, and what is behind the last one is its value") {
  const Nobody nobody;
  const auto is_read = [](const std::vector<std::string>& flags) {
    std::vector<std::string> words{"list", "-v6"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Result result = run_words(words);
    CHECK(result.err.find("The connection to the server 127.0.0.1:1 was refused") != std::string::npos);
    return result.err.find("flag") == std::string::npos;
  };
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"-A=true"},
                                             {"-A=false"},
                                             {"-Ao=json"},
                                             {"-Aojson"},
                                             {"-Ao", "json"},
                                             {"-Al=a=b"},
                                             {"-lA=b"},
                                             {"-A", "--no-headers=T"},
                                             {"--all_namespaces=TRUE"},
                                             {"-l", "a=b", "-A=1"}}) {
    CAPTURE(flags.front());
    CHECK(is_read(flags));
  }
  for (const char* flag : {"-A=true", "-A"})
    check_refused({"list", "web", flag}, std::vector<std::string>{"all namespaces"});
  CHECK(run_words({"list", "web", "-A", "-A=false"}).err.starts_with("The connection to the server"));
}

TEST_CASE("a flag of the command may stand before the command") {
  const Nobody nobody;
  CHECK(run_words({"-o", "json", "version"}).out == run_words({"version", "-o=json"}).out);
  CHECK(run_words({"--output=json", "version"}).out == run_words({"version", "-o=json"}).out);
  CHECK(run_words({"--client", "version"}).out == run_words({"version"}).out);
}

TEST_CASE("flags that cannot be read are refused in pflag's words") {
  const Nobody nobody;
  const std::string see = usage_of("list ");
  check_refused({"list", "-z"}, "error: unknown shorthand flag: 'z' in -z\n" + see);
  check_refused({"list", "-Azo", "json"}, "error: unknown shorthand flag: 'z' in -zo\n" + see);
  const std::string kustomize = "kubectl kustomize FOLDER | kubectl egress apply -f -";
  check_refused({"apply", "-k", "folder"},
                std::vector<std::string>{"unknown shorthand flag: 'k' in -k", kustomize});
  check_refused({"apply", "--kustomize", "folder"},
                std::vector<std::string>{"unknown flag: --kustomize", kustomize});
  check_refused({"list", "-A="}, "error: unknown shorthand flag: '=' in -=\n" + see);
  check_refused({"list", "---x"}, "error: bad flag syntax: ---x\n" + see);
  check_refused({"list", "--=x"}, "error: bad flag syntax: --=x\n" + see);
  check_refused({"list", "-n"}, "error: flag needs an argument: 'n' in -n\n" + see);
  check_refused({"list", "-Ao"}, "error: flag needs an argument: 'o' in -o\n" + see);
  check_refused({"list", "--namespace"}, "error: flag needs an argument: --namespace\n" + see);
  check_refused({"list", "-A=maybe"},
                "error: invalid argument \"maybe\" for \"-A, --all-namespaces\" flag: strconv.ParseBool: "
                "parsing \"maybe\": invalid syntax\n" +
                    see);
  check_refused({"list", "--watch="},
                "error: invalid argument \"\" for \"-w, --watch\" flag: strconv.ParseBool: "
                "parsing \"\": invalid syntax\n" +
                    see);
  check_refused({"list", "-v", "x"},
                "error: invalid argument \"x\" for \"-v, --v\" flag: strconv.ParseInt: "
                "parsing \"x\": invalid syntax\n" +
                    see);
  check_refused({"list", "-v=99999999999"},
                "error: invalid argument \"99999999999\" for \"-v, --v\" flag: strconv.ParseInt: "
                "parsing \"99999999999\": value out of range\n" +
                    see);
  // The first fault counts, and more than a wish for help.
  check_refused({"list", "--help", "-z", "--zzz"}, "error: unknown shorthand flag: 'z' in -z\n" + see);
}

TEST_CASE("a flag of kubectl's that makes no sense here is refused with what to do instead") {
  const Nobody nobody;
  check_refused({"apply", "--field-manager=me", "-f", "x"},
                std::vector<std::string>{"unknown flag: --field-manager", "kubectl-egress"});
}

TEST_CASE("--validate asks for what is done in any case, or is refused") {
  const Nobody nobody;
  const auto create = [](const std::string& validate) {
    return run_words({"create", "web", "--host", "a.example", "--istio-version", "1.30", "--dry-run=client",
                      "-o", "name", "--show-managed-fields", validate});
  };
  for (const char* strict : {"--validate", "--validate=true", "--validate=strict", "--validate=1"})
    CHECK(create(strict).code == 0);
  CHECK(create("--validate=warn").code == 1);
  CHECK(testing::mentions(create("--validate=warn").err, {"error", "--validate=warn", "unknown"}));
  CHECK(create("--validate=false").code == 1);
  CHECK(create("--validate=foo").err ==
        "error: invalid - validate option \"foo\"; must be one of: strict (or true), warn, ignore (or "
        "false)\n");
  check_refused({"apply", "-f", "x", "--validate=ignore"},
                std::vector<std::string>{"--validate=ignore", "unknown"});
}

TEST_CASE("a template may stand in a flag of its own, but none of Go") {
  const Nobody nobody;
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
           {"list", "--template={{.kind}}"}, {"list", "-o", "go-template", "--template=x"}}) {
    const Result refused = run_words(flags);
    CHECK(refused.err.starts_with(
        "error: unable to match a printer suitable for the output format \"go-template\", allowed"));
    CHECK(testing::mentions(refused.err, {"hint", "-o jsonpath=TEMPLATE", "-o custom-columns=SPEC"}));
  }
  check_refused({"list", "-o", "jsonpath", "--template={.items"},
                "error: error parsing jsonpath {.items, unclosed action\n");
  CHECK(run_words({"list", "-o", "jsonpath={.x}", "--template={.y}"})
            .err.starts_with("error: unable to match a printer"));
}

TEST_CASE("before a delete it is asked where that is wished, and no is the usual answer") {
  const Nobody nobody;
  check_refused({"delete", "-i", "-f", "-"},
                std::vector<std::string>{"--interactive", "stdin", "-f -", "-f FILE"});
}

TEST_CASE("help is about a command, and of another word the usage is shown, as kubectl does") {
  const Nobody nobody;
  CHECK(run_words({"help", "list"}).out == run_words({"list", "--help"}).out);
  CHECK(run_words({"-v", "0", "help", "ls", "more"}).out == run_words({"list", "-h"}).out);
  CHECK(run_words({"help"}).out == run_words({}).out);
  const Result unknown = run_words({"help", "lst", "a`b"});
  CHECK(unknown.code == 0);
  CHECK(unknown.out.empty());
  CHECK(unknown.err.starts_with("Unknown help topic [`lst` \"a`b\"]\n\nCommands:\n"));
  CHECK(unknown.err.find("Usage:\n  kubectl egress COMMAND [options]\n") != std::string::npos);
}

}  // namespace egress::cli

TEST_SUITE_END();
