#include <doctest/doctest.h>

#include <sstream>

#include "egress/cli/app.hpp"
#include "support/environment_variable.hpp"
#include "support/mentions.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

struct Result {
  int code;
  std::string out;
  std::string err;
};

/// Sets KUBECONFIG to a cluster at a port where nothing listens, as long as the object exists.
class UnreachableCluster {
  testing::TemporaryDirectory folder_;
  testing::EnvironmentVariable kubeconfig_{"KUBECONFIG", folder_.write("config", R"(current-context: dev
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: dev, context: {cluster: c, user: u, namespace: team}}]
users: [{name: u, user: {}}]
)")};
};

Result run_command(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), "/usr/bin/kubectl-egress");
  const int code = cli::run(words, {out, err});
  return {code, out.str(), err.str()};
}

/// Checks that a command fails with exactly this stderr, for errors that are kubectl's.
void check_refused(const std::vector<std::string>& words, const std::string& err) {
  const Result result = run_command(words);
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err == err);
}

/// Checks that a command fails with an error that names these facts.
void check_refused(const std::vector<std::string>& words, const std::vector<std::string>& facts) {
  const Result result = run_command(words);
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("error: "));
  CHECK(testing::mentions(result.err, facts));
}

std::string usage_hint_of(const std::string& command) {
  return "hint: See 'kubectl egress " + command + "--help' for usage.\n";
}

}  // namespace

TEST_CASE("short flags can be combined, and the last one takes the value") {
  const UnreachableCluster unreachable_cluster;
  const auto is_accepted = [](const std::vector<std::string>& flags) {
    std::vector<std::string> words{"list", "-v6"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Result result = run_command(words);
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
    CHECK(is_accepted(flags));
  }
  for (const char* flag : {"-A=true", "-A"})
    check_refused({"list", "web", flag}, std::vector<std::string>{"all namespaces"});
  CHECK(run_command({"list", "web", "-A", "-A=false"}).err.starts_with("The connection to the server"));
}

TEST_CASE("a flag of the command may precede the command") {
  const UnreachableCluster unreachable_cluster;
  CHECK(run_command({"-o", "json", "version"}).out == run_command({"version", "-o=json"}).out);
  CHECK(run_command({"--output=json", "version"}).out == run_command({"version", "-o=json"}).out);
  CHECK(run_command({"--client", "version"}).out == run_command({"version"}).out);
}

TEST_CASE("invalid flags are rejected with pflag's messages") {
  const UnreachableCluster unreachable_cluster;
  const std::string usage_hint = usage_hint_of("list ");
  check_refused({"list", "-z"}, "error: unknown shorthand flag: 'z' in -z\n" + usage_hint);
  check_refused({"list", "-Azo", "json"}, "error: unknown shorthand flag: 'z' in -zo\n" + usage_hint);
  const std::string kustomize = "kubectl kustomize FOLDER | kubectl egress apply -f -";
  check_refused({"apply", "-k", "folder"},
                std::vector<std::string>{"unknown shorthand flag: 'k' in -k", kustomize});
  check_refused({"apply", "--kustomize", "folder"},
                std::vector<std::string>{"unknown flag: --kustomize", kustomize});
  check_refused({"list", "-A="}, "error: unknown shorthand flag: '=' in -=\n" + usage_hint);
  check_refused({"list", "---x"}, "error: bad flag syntax: ---x\n" + usage_hint);
  check_refused({"list", "--=x"}, "error: bad flag syntax: --=x\n" + usage_hint);
  check_refused({"list", "-n"}, "error: flag needs an argument: 'n' in -n\n" + usage_hint);
  check_refused({"list", "-Ao"}, "error: flag needs an argument: 'o' in -o\n" + usage_hint);
  check_refused({"list", "--namespace"}, "error: flag needs an argument: --namespace\n" + usage_hint);
  check_refused({"list", "-A=maybe"},
                "error: invalid argument \"maybe\" for \"-A, --all-namespaces\" flag: strconv.ParseBool: "
                "parsing \"maybe\": invalid syntax\n" +
                    usage_hint);
  check_refused({"list", "--watch="},
                "error: invalid argument \"\" for \"-w, --watch\" flag: strconv.ParseBool: "
                "parsing \"\": invalid syntax\n" +
                    usage_hint);
  check_refused({"list", "-v", "x"},
                "error: invalid argument \"x\" for \"-v, --v\" flag: strconv.ParseInt: "
                "parsing \"x\": invalid syntax\n" +
                    usage_hint);
  check_refused({"list", "-v=99999999999"},
                "error: invalid argument \"99999999999\" for \"-v, --v\" flag: strconv.ParseInt: "
                "parsing \"99999999999\": value out of range\n" +
                    usage_hint);
  // The first error wins, also over --help.
  check_refused({"list", "--help", "-z", "--zzz"}, "error: unknown shorthand flag: 'z' in -z\n" + usage_hint);
}

TEST_CASE("an unsupported kubectl flag is rejected with an alternative") {
  const UnreachableCluster unreachable_cluster;
  check_refused({"apply", "--field-manager=me", "-f", "x"},
                std::vector<std::string>{"unknown flag: --field-manager", "kubectl-egress"});
}

TEST_CASE("--validate accepts strict and rejects weaker validation") {
  const UnreachableCluster unreachable_cluster;
  const auto create = [](const std::string& validate) {
    return run_command({"create", "web", "--host", "a.example", "--istio-version", "1.30", "--dry-run=client",
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

TEST_CASE("--template sets a JSONPath template; Go templates are rejected") {
  const UnreachableCluster unreachable_cluster;
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
           {"list", "--template={{.kind}}"}, {"list", "-o", "go-template", "--template=x"}}) {
    const Result refused = run_command(flags);
    CHECK(refused.err.starts_with(
        "error: unable to match a printer suitable for the output format \"go-template\", allowed"));
    CHECK(testing::mentions(refused.err, {"hint", "-o jsonpath=TEMPLATE", "-o custom-columns=SPEC"}));
  }
  check_refused({"list", "-o", "jsonpath", "--template={.items"},
                "error: error parsing jsonpath {.items, unclosed action\n");
  CHECK(run_command({"list", "-o", "jsonpath={.x}", "--template={.y}"})
            .err.starts_with("error: unable to match a printer"));
}

TEST_CASE("delete --interactive cannot be combined with manifests from stdin") {
  const UnreachableCluster unreachable_cluster;
  check_refused({"delete", "-i", "-f", "-"},
                std::vector<std::string>{"--interactive", "stdin", "-f -", "-f FILE"});
}

TEST_CASE("help COMMAND prints the command's help, and an unknown topic prints the usage") {
  const UnreachableCluster unreachable_cluster;
  CHECK(run_command({"help", "list"}).out == run_command({"list", "--help"}).out);
  CHECK(run_command({"-v", "0", "help", "ls", "more"}).out == run_command({"list", "-h"}).out);
  CHECK(run_command({"help"}).out == run_command({}).out);
  const Result unknown = run_command({"help", "lst", "a`b"});
  CHECK(unknown.code == 0);
  CHECK(unknown.out.empty());
  CHECK(unknown.err.starts_with("Unknown help topic [`lst` \"a`b\"]\n\nCommands:\n"));
  CHECK(unknown.err.find("Usage:\n  kubectl egress COMMAND [options]\n") != std::string::npos);
}

}  // namespace egress::cli

TEST_SUITE_END();
