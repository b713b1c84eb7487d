#include "egress/cli/app.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "egress/base/text.hpp"
#include "egress/base/version.hpp"
#include "egress/base/yaml.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::mentions;

/// The output and the exit code of a command line.
struct Result {
  int code;
  std::string out;
  std::string err;
};

/// Creates a temporary folder with a kubeconfig and sets KUBECONFIG to it; the destructor undoes both.
class TestHome {
 public:
  explicit TestHome(const std::string& kubeconfig = "") {
    std::string pattern = std::filesystem::temp_directory_path() / "app-test-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    std::ofstream(file()) << kubeconfig;
    if (const char* old = std::getenv("KUBECONFIG")) old_ = old;
    ::setenv("KUBECONFIG", file().c_str(), 1);
  }
  ~TestHome() {
    old_ ? ::setenv("KUBECONFIG", old_->c_str(), 1) : ::unsetenv("KUBECONFIG");
    std::filesystem::remove_all(folder_);
  }
  TestHome(const TestHome&) = delete;
  TestHome& operator=(const TestHome&) = delete;

  std::string file() const { return folder_ / "config"; }

  static Result run(std::vector<std::string> words) {
    std::ostringstream out;
    std::ostringstream err;
    words.insert(words.begin(), "/usr/bin/kubectl-egress");
    const int code = cli::run(words, {out, err});
    return {code, out.str(), err.str()};
  }

 private:
  std::filesystem::path folder_;
  std::optional<std::string> old_;
};

/// A kubeconfig with a cluster at a port where nothing listens.
constexpr const char* unreachable_cluster = R"(current-context: dev
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: dev, context: {cluster: c, user: u, namespace: team}}]
users: [{name: u, user: {}}]
)";

/// Checks that a command fails with exactly this stderr, for errors that are kubectl's.
void check_refused(const std::vector<std::string>& words, const std::string& err) {
  const Result result = TestHome::run(words);
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err == err);
}

/// Checks that a command fails with an error that names these facts.
void check_refused(const std::vector<std::string>& words, const std::vector<std::string>& facts) {
  const Result result = TestHome::run(words);
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("error: "));
  CHECK(mentions(result.err, facts));
}

std::string usage_hint_of(const std::string& command) {
  return "hint: See 'kubectl egress " + command + "--help' for usage.\n";
}

/// A `create` command that needs no cluster, with extra flags.
std::vector<std::string> create(const std::vector<std::string>& extra_flags = {}) {
  std::vector<std::string> words{"create",          "web", "--host", "api.example.com", "--dry-run=client",
                                 "--istio-version", "1.30"};
  words.insert(words.end(), extra_flags.begin(), extra_flags.end());
  return words;
}

}  // namespace

TEST_CASE("a gateway may have the name of a command") {
  const TestHome home(unreachable_cluster);
  for (const std::string name : {"list", "version", "get", "create"}) {
    CAPTURE(name);
    const Result result = TestHome::run({"delete", "a", name});
    CHECK(result.code == 1);
    CHECK(result.err.starts_with("The connection to the server 127.0.0.1:1 was refused"));
    CHECK(result.out.empty());
  }
  CHECK(TestHome::run({"create", "list", "--host", "a.example", "--dry-run=client", "-o", "name",
                       "--istio-version", "1.30"})
            .out.starts_with("configmap/list-egress\n"));
}

TEST_CASE("a created namespace is printed before the objects in it") {
  const TestHome home(unreachable_cluster);
  const Result names = TestHome::run(create({"--create-namespace", "-n", "new", "-o", "name"}));
  CHECK(names.out.starts_with("namespace/new\nconfigmap/web-egress\n"));
  const auto documents =
      parse_yaml_documents(TestHome::run(create({"--create-namespace", "-n", "new", "-o", "yaml"})).out);
  CHECK(documents.front()["kind"].as_string() == "Namespace");
  CHECK(documents.front()["metadata"]["name"].as_string() == "new");
}

TEST_CASE("an unsupported Istio version is rejected") {
  const TestHome home(unreachable_cluster);
  const Result old =
      TestHome::run({"create", "web", "--host", "a.example", "--dry-run=client", "--istio-version", "1.5"});
  CHECK(mentions(old.err, {"error", "--istio-version", "1.5.0", "1.7.0"}));
  const Result hidden = TestHome::run(
      {"create", "istio-web", "--host", "a.example", "--dry-run=client", "--istio-version", "1.7.4"});
  CHECK(mentions(hidden.err, {"error", "Istio 1.7.4", "istio-web-egress"}));
  CHECK(TestHome::run(
            {"create", "istio-web", "--host", "a.example", "--dry-run=client", "--istio-version", "1.7.5"})
            .code == 0);
}

TEST_CASE("version prints the version as text, JSON or YAML") {
  const TestHome home;
  const std::string version = "v" + std::string(program_version);
  CHECK(TestHome::run({"version"}).out == "Client Version: " + version + "\n");
  CHECK(TestHome::run({"version", "-o", "json"}).out ==
        "{\n    \"clientVersion\": {\n        \"gitVersion\": \"" + version + "\"\n    }\n}\n");
  CHECK(TestHome::run({"version", "--client", "-o", "yaml"}).out ==
        "clientVersion:\n  gitVersion: " + version + "\n");
  check_refused({"version", "-o", "xml"}, std::vector<std::string>{"--output", "xml", "json", "yaml"});
}

TEST_CASE("an unknown command is rejected with a suggestion") {
  const TestHome home;
  const std::string kubectl_message = "unknown command \"craete\" for \"kubectl egress\"";
  const std::vector<std::string> facts{kubectl_message, "did you mean \"create\"?", "kubectl egress --help"};
  check_refused({"craete", "x"}, facts);
  check_refused({"craete", "x", "--host", "x.example.org"}, facts);
  check_refused({"descibe", "x"},
                std::vector<std::string>{"unknown command \"descibe\" for \"kubectl egress\"",
                                         "did you mean \"describe\"?"});
  check_refused({"frobnicate"},
                "error: unknown command \"frobnicate\" for \"kubectl egress\"\n" + usage_hint_of(""));
}

TEST_CASE("an unknown flag is rejected with a suggestion") {
  const TestHome home;
  check_refused({"create", "web", "--hots", "x"},
                std::vector<std::string>{"unknown flag: --hots", "did you mean \"--host\"?",
                                         "kubectl egress create --help"});
  check_refused({"list", "--namspace=x"},
                std::vector<std::string>{"unknown flag: --namspace", "did you mean \"--namespace\"?",
                                         "kubectl egress list --help"});
  check_refused({"list", "--frobnicate"}, "error: unknown flag: --frobnicate\n" + usage_hint_of("list "));
}

TEST_CASE("missing required flags and arguments are named") {
  const TestHome home;
  check_refused({"create", "web"}, std::vector<std::string>{"host", "--host"});
  check_refused({"create"}, std::vector<std::string>{"NAME", "required", "kubectl egress create --help"});
  check_refused({"inspect"}, std::vector<std::string>{"NAME", "required", "kubectl egress inspect --help"});
  check_refused({"delete"}, std::vector<std::string>{"gateways", "-f", "-l", "--all"});
}

TEST_CASE("an unexpected argument is rejected") {
  const TestHome home;
  check_refused({"version", "extra"}, "error: unexpected argument \"extra\"\n" + usage_hint_of("version "));
  // After -- every word is an argument.
  check_refused({"version", "--", "-n", "prod"},
                "error: unexpected argument \"-n\"\n" + usage_hint_of("version "));
  check_refused({"inspect", "a", "b"}, "error: unexpected argument \"b\"\n" + usage_hint_of("inspect "));
}

TEST_CASE("a flag with a fixed set of values rejects any other value") {
  const TestHome home;
  check_refused({"create", "web", "--host", "a.b", "--dry-run=clent"},
                std::vector<std::string>{"--dry-run", "clent", "none", "client", "server",
                                         "did you mean \"--dry-run=client\"?"});
  check_refused({"create", "web", "--host", "a.b", "--tls", "smple"},
                std::vector<std::string>{"--tls", "smple", "mutual", "passthrough", "none",
                                         "did you mean \"--tls=simple\"?"});
  check_refused(create({"-o", "jsn"}),
                std::vector<std::string>{
                    "unable to match a printer suitable for the output format \"jsn\", allowed formats are: "
                    "custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,"
                    "jsonpath-file,kyaml,name,yaml",
                    "did you mean --output=json"});
  check_refused({"list", "-o", "go-template={{.kind}}"},
                std::vector<std::string>{
                    "unable to match a printer suitable for the output format \"go-template={{.kind}}\", "
                    "allowed formats are: custom-columns,custom-columns-file,json,jsonpath,"
                    "jsonpath-as-json,jsonpath-file,kyaml,name,wide,yaml",
                    "-o jsonpath=TEMPLATE", "-o custom-columns=SPEC"});
  check_refused({"list", "-o", "jsonpath={.items"},
                "error: error parsing jsonpath {.items, unclosed action\n");
}

TEST_CASE("an invalid name, host and port are reported together") {
  const TestHome home;
  const Result result =
      TestHome::run({"create", "Web", "--host", "https://a.b", "--port", "70000", "--dry-run=client"});
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(testing::each_mentions(
      split(trim(result.err), '\n'),
      {{"error", "name", "Web"}, {"error", "https://a.b", "URL"}, {"error", "70000", "65535"}}));
}

TEST_CASE("an invalid port, timeout or version is rejected") {
  const TestHome home;
  CHECK(mentions(TestHome::run(create({"--port", "http"})).err, {"--port", "http"}));
  CHECK(TestHome::run(create({"--port", "http"})).code == 1);
  check_refused(create({"--timeout", "soon"}), std::vector<std::string>{"--timeout", "soon", "30s"});
  check_refused(create({"--istio-version", "new"}),
                std::vector<std::string>{"Istio version", "new", "1.30.3"});
}

TEST_CASE("a client dry run prints what would be created") {
  const TestHome home;
  const Result result = TestHome::run(create());
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  CHECK(result.out.starts_with("configmap/web-egress created (dry run)\n"));
  CHECK(result.out.ends_with("egressgateway/web created (dry run)\n"));
  CHECK(result.out.find("deployment.apps/web-egress created (dry run)\n") != std::string::npos);
}

TEST_CASE("a bare --dry-run is a client dry run and takes no value") {
  const TestHome home;
  const Result result =
      TestHome::run({"create", "--dry-run", "web", "--host", "api.example.com", "--istio-version", "1.30"});
  CHECK(result.code == 0);
  CHECK(result.out == TestHome::run(create()).out);
}

TEST_CASE("a client dry run that assumes an Istio version warns on stderr") {
  const TestHome home;
  const Result result = TestHome::run({"create", "web", "--host", "a.b", "--dry-run=client", "-o", "name"});
  CHECK(result.code == 0);
  CHECK(result.err.starts_with("Warning: "));
  CHECK(mentions(result.err, {"--dry-run=client", "Istio", "--istio-version"}));
  CHECK(result.out.starts_with("configmap/web-egress\nserviceaccount/web-egress\n"));
}

TEST_CASE("the YAML of a dry run round-trips") {
  const TestHome home;
  const Result result = TestHome::run(create({"-o", "yaml", "-n", "team"}));
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  const auto documents = parse_yaml_documents(result.out);
  CHECK(to_yaml(documents) == result.out);
  REQUIRE(documents.size() == 15);
  CHECK(documents.front()["kind"].as_string() == "ConfigMap");
  CHECK(documents.back()["kind"].as_string() == "VirtualService");
  for (const Json& document : documents) {
    CHECK(document["metadata"]["namespace"].as_string() == "team");
    CHECK(document == document.sorted());
  }
}

TEST_CASE("the JSON of a dry run is a List of the same objects") {
  const TestHome home;
  const Json list = Json::parse(TestHome::run(create({"-o", "json"})).out);
  CHECK(list["kind"].as_string() == "List");
  CHECK(list["apiVersion"].as_string() == "v1");
  CHECK(list["items"].items() == parse_yaml_documents(TestHome::run(create({"-o", "yaml"})).out));
}

TEST_CASE("a dry run with -o name prints the names of its objects in order") {
  const TestHome home;
  std::string expected;
  for (const Json& document : parse_yaml_documents(TestHome::run(create({"-o", "yaml"})).out)) {
    std::string kind = document["kind"].as_string();
    for (char& c : kind) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::string& version = document["apiVersion"].as_string();
    const std::size_t slash = version.find('/');
    if (slash != std::string::npos) kind += "." + version.substr(0, slash);
    expected += kind + "/" + document["metadata"]["name"].as_string() + "\n";
  }
  CHECK(TestHome::run(create({"-o", "name"})).out == expected);
}

TEST_CASE("the namespace is the context's unless --namespace sets one; an empty flag counts as unset") {
  const TestHome home(unreachable_cluster);
  auto ns = [](const std::vector<std::string>& extra_flags) {
    return parse_yaml(TestHome::run(create(extra_flags)).out)["metadata"]["namespace"].as_string();
  };
  CHECK(ns({"-o", "yaml"}) == "team");
  CHECK(ns({"-o", "yaml", "-n", "mine"}) == "mine");
  CHECK(ns({"-o", "yaml", "-nmine"}) == "mine");
  CHECK(ns({"-o", "yaml", "--namespace=mine"}) == "mine");
  CHECK(ns({"-o", "yaml", "--namespace=mine", "--request_timeout=5s", "--cache_dir", "/x"}) == "mine");
  CHECK(ns({"-o", "yaml", "-n", ""}) == "team");
  CHECK(ns({"-o", "yaml", "-n", "one", "-n", "two"}) == "two");
}

TEST_CASE("flags are parsed as pflag parses them") {
  const TestHome home(unreachable_cluster);
  auto ns = [](const std::vector<std::string>& extra_flags) {
    return parse_yaml(TestHome::run(create(extra_flags)).out)["metadata"]["namespace"].as_string();
  };
  CHECK(ns({"-o=yaml", "-n=mine"}) == "mine");
  CHECK(ns({"--namespace=", "-o", "yaml"}) == "team");
  CHECK(ns({"-oyaml", "-nmine"}) == "mine");
  CHECK(ns({"-o=yaml", "--wait=F", "--create-namespace=0", "-n=mine"}) == "mine");
  CHECK(ns({"-o", "yaml", "-n", "mine", "--"}) == "mine");
}

TEST_CASE("a global flag may precede the command") {
  const TestHome home;
  auto words = create({"-o", "yaml"});
  words.insert(words.begin(), {"-n", "mine"});
  CHECK(parse_yaml(TestHome::run(words).out)["metadata"]["namespace"].as_string() == "mine");
}

TEST_CASE("a namespace that is not a valid path segment is rejected before any request") {
  const TestHome home(unreachable_cluster);
  check_refused({"list", "-n", "a/b"}, "error: invalid namespace \"a/b\": [may not contain '/']\n");
}

TEST_CASE("an invalid kubeconfig is named on stderr and stdout stays empty") {
  const TestHome home("clusters: [\n");
  const Result result = TestHome::run({"list"});
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("error: error loading config file \"" + home.file() +
                               "\": invalid YAML at line "));
  check_refused({"list", "--kubeconfig", "/nowhere/config"},
                "error: stat /nowhere/config: no such file or directory\n");
}

TEST_CASE("a kubeconfig without a usable context gives a hint") {
  const TestHome home("current-context: gone\n");
  const Result result = TestHome::run({"list"});
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("Error in configuration: context was not found for specified context: gone"));
  CHECK(mentions(result.err, {home.file(), "kubectl config use-context NAME"}));
}

TEST_CASE("an unknown context is rejected") {
  const TestHome home(unreachable_cluster);
  check_refused({"list", "--context", "prod"},
                std::vector<std::string>{"context \"prod\" does not exist", "kubectl config get-contexts"});
}

TEST_CASE("every command fails alike when the server is unreachable") {
  const TestHome home(unreachable_cluster);
  const std::string err =
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n"
      "hint: ";
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"list"}, {"inspect", "web"}, {"delete", "web"}, {"create", "web", "--host", "a.b"}}) {
    CAPTURE(words.front());
    const Result result = TestHome::run(words);
    CHECK(result.code == 1);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with(err));
    CHECK(mentions(result.err, {"kubectl config view --minify"}));
  }
}

TEST_CASE("-v 6 logs every request on stderr and a summary at the end") {
  const TestHome home(unreachable_cluster);
  const Result result = TestHome::run({"list", "-v", "6"});
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK(result.err.find("GET https://127.0.0.1:1/apis/networking.istio.io/v1?timeout=32s failed: ") !=
        std::string::npos);
  CHECK(mentions(result.err, {"waves:", "requests:", "connections:"}));
  CHECK(TestHome::run({"list", "-v", "5"}).err.find("GET ") == std::string::npos);
}

}  // namespace egress::cli

TEST_SUITE_END();
