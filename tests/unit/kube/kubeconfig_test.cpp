#include "egress/kube/kubeconfig.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <functional>
#include <thread>

#include "egress/base/error.hpp"
#include "support/environment_variable.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

constexpr const char* valid = R"(apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: c
  cluster:
    server: https://api:6443
users:
- name: u
  user:
    token: secret-token
contexts:
- name: dev
  context: {cluster: c, user: u, namespace: team}
)";

using testing::EnvironmentVariable;
using testing::error_of;
using testing::mentions;
using testing::TemporaryDirectory;

Kubeconfig merged(const std::vector<std::string>& texts) {
  Kubeconfig config;
  for (std::size_t i = 0; i < texts.size(); ++i) merge_kubeconfig(config, texts[i], "f" + std::to_string(i));
  return config;
}

/// The error for an invalid text.
std::string error_message(const std::string& text) {
  try {
    merged({text});
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

KubeconfigEntry entry(const Json& value, const std::string& file = "f") {
  return {"u", value, file};
}

}  // namespace

TEST_CASE("a kubeconfig is read with the file of each entry") {
  const Kubeconfig config = merged({valid});
  CHECK(config.current_context == "dev");
  CHECK(config.files == std::vector<std::string>{"f0"});
  REQUIRE(config.cluster("c") != nullptr);
  CHECK(config.cluster("c")->text("server") == "https://api:6443");
  CHECK(config.cluster("c")->file == "f0");
  REQUIRE(config.user("u") != nullptr);
  CHECK(config.user("u")->text("token") == "secret-token");
  REQUIRE(config.context("dev") != nullptr);
  CHECK(config.context("dev")->text("namespace") == "team");
  CHECK(config.context("prod") == nullptr);
}

TEST_CASE("of entries with the same name the first file's is used, unmerged") {
  const Kubeconfig config = merged({
      "users:\n- name: u\n  user: {token: first}\n",
      "users:\n- name: u\n  user: {token: second, username: x}\n- name: v\n  user: {token: third}\n",
  });
  CHECK(config.users.size() == 2);
  CHECK(config.user("u")->value.dump() == R"({"token":"first"})");
  CHECK(config.user("u")->file == "f0");
  CHECK(config.user("v")->file == "f1");
}

TEST_CASE("the first current context that is not empty is used") {
  CHECK(merged({"current-context: ''\n", "current-context: b\n", "current-context: c\n"}).current_context ==
        "b");
}

TEST_CASE("an empty file changes nothing and is not an error") {
  for (const std::string text : {"", "\n", "# nothing\n", "---\n", "null\n", "clusters: null\nusers: []\n"}) {
    CAPTURE(text);
    const Kubeconfig config = merged({text});
    CHECK(config.clusters.empty());
    CHECK(config.files.size() == 1);
  }
}

TEST_CASE("a duplicate name in a list is refused without showing secrets") {
  const std::string why =
      error_message("users:\n- name: u\n  user: {token: secret-1}\n- name: u\n  user: {token: secret-2}\n");
  CHECK(why == "error loading config file \"f0\": line 4: duplicate name \"u\" in list users");
}

TEST_CASE("another kind or version is not a kubeconfig") {
  CHECK(error_message("kind: Pod\napiVersion: v1\n") ==
        "error loading config file \"f0\": no kind \"Pod\" is registered for version \"v1\"");
  CHECK(error_message("kind: Config\napiVersion: v2\n") ==
        "error loading config file \"f0\": no kind \"Config\" is registered for version \"v2\"");
  CHECK(error_message("kind: config\napiVersion: v1\n") != "nothing");
  CHECK(error_message("clusters: []\n") == "nothing");
}

TEST_CASE("another schema is not a kubeconfig") {
  CHECK(error_message("- a\n") ==
        "error loading config file \"f0\": line 1: it is not a kubeconfig: expected a map, found a list");
  CHECK(error_message("text\n") ==
        "error loading config file \"f0\": line 1: it is not a kubeconfig: expected a map, found a string");
  CHECK(error_message("clusters: {}\n") ==
        "error loading config file \"f0\": line 1: clusters is a map, not a list");
  CHECK(error_message("a: [\n").starts_with("error loading config file \"f0\": invalid YAML at line "));
}

TEST_CASE("only the first document is used") {
  CHECK(merged({"current-context: a\n---\ncurrent-context: b\n"}).current_context == "a");
}

TEST_CASE("a kubeconfig may be JSON, and unknown fields are ignored") {
  const Kubeconfig config =
      merged({R"({"users": [{"name": "u", "user": {"token": "t", "new": 1}}], "preferences": {}, "1": 2})"});
  CHECK(config.user("u")->text("token") == "t");
}

TEST_CASE("an entry without a value is empty") {
  const Kubeconfig config = merged({"users:\n- name: u\n- name: v\n  user: null\n"});
  CHECK(config.user("u")->text("token").empty());
  CHECK(config.user("v")->content("client-key").empty());
}

TEST_CASE("field names are case-sensitive") {
  CHECK(entry(object({{"Token", "t"}})).text("token").empty());
}

TEST_CASE("a boolean field is read, and a string in its place is refused") {
  CHECK(entry(object({{"insecure", true}})).boolean("insecure"));
  CHECK_FALSE(entry(object({})).boolean("insecure"));
  CHECK_THROWS_AS(entry(object({{"insecure", "true"}})).boolean("insecure"), Error);
}

TEST_CASE("content may be inline as base64") {
  CHECK(entry(object({{"ca-data", "Zm9v\nYmFy"}})).content("ca") == "foobar");
  CHECK(entry(object({})).content("ca").empty());
  CHECK_THROWS_WITH_AS(entry(object({{"ca-data",
                                      "c2VjcmV0"
                                      "Zg"}}))
                           .content("ca"),
                       "error loading config file \"f\": ca-data of u is illegal base64 data", Error);
}

TEST_CASE("content may be in a file, relative to the kubeconfig's directory") {
  const TemporaryDirectory folder;
  folder.write("ca.crt", "PEM");
  const std::string file = folder.path("config");
  CHECK(entry(object({{"ca", "ca.crt"}}), file).content("ca") == "PEM");
  CHECK(entry(object({{"ca", folder.path("ca.crt")}}), "elsewhere/config").content("ca") == "PEM");
  CHECK_THROWS_WITH_AS(entry(object({{"ca", "/nowhere/ca"}}), file).content("ca"),
                       "unable to read ca of u due to open /nowhere/ca: no such file or directory", Error);
}

TEST_CASE("content that is specified twice is refused") {
  CHECK_THROWS_WITH_AS(entry(object({{"ca", "x"}, {"ca-data", "Zg=="}})).content("ca"),
                       "ca-data and ca are both specified for u in \"f\"; keep one of them", Error);
}

TEST_CASE("a relative path is resolved against the kubeconfig's directory, without resolving links") {
  CHECK(entry({}, "/home/u/.kube/config").absolute_path("pki/ca.crt") == "/home/u/.kube/pki/ca.crt");
  CHECK(entry({}, "/home/u/.kube/config").absolute_path("./ca.crt") == "/home/u/.kube/ca.crt");
  CHECK(entry({}, "/home/u/.kube/config").absolute_path("/etc/ca.crt") == "/etc/ca.crt");
  CHECK(entry({}, "config").absolute_path("ca.crt") == std::filesystem::current_path() / "ca.crt");
}

TEST_CASE("the flag names one file, which must exist") {
  const TemporaryDirectory folder;
  const std::string file = folder.write("a:b", valid);
  const EnvironmentVariable other("KUBECONFIG", "/nowhere/config");
  CHECK(load_kubeconfig(file).files == std::vector<std::string>{file});
  CHECK_THROWS_WITH_AS(load_kubeconfig("/nowhere/config"), "stat /nowhere/config: no such file or directory",
                       Error);
}

TEST_CASE("KUBECONFIG lists files in order; missing, empty and duplicate entries are skipped") {
  const TemporaryDirectory folder;
  const std::string first = folder.write("first", "current-context: one\n");
  const std::string second = folder.write("second", valid);
  const EnvironmentVariable variable("KUBECONFIG", first + "::/nowhere/config:" + second + ":" + first);
  const Kubeconfig config = load_kubeconfig("");
  CHECK(config.files == std::vector<std::string>{first, second});
  CHECK(config.current_context == "one");
}

TEST_CASE("without KUBECONFIG the file in the home directory is read") {
  const TemporaryDirectory folder;
  std::filesystem::create_directory(folder.path(".kube"));
  const std::string file = folder.write(".kube/config", valid);
  const EnvironmentVariable home("HOME", folder.path(""));
  const EnvironmentVariable unset("KUBECONFIG", "");
  CHECK(load_kubeconfig("").current_context == "dev");
}

TEST_CASE("without that file the legacy ~/.kube/.kubeconfig is read") {
  const TemporaryDirectory folder;
  std::filesystem::create_directory(folder.path(".kube"));
  folder.write(".kube/.kubeconfig", valid);
  const EnvironmentVariable home("HOME", folder.path(""));
  const EnvironmentVariable unset("KUBECONFIG", "");
  CHECK(load_kubeconfig("").current_context == "dev");
}

TEST_CASE("file names in errors are printable, and a secret pasted as a file name is not shown") {
  const auto load_error = [](const std::string& flag) {
    try {
      load_kubeconfig(flag);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  const TemporaryDirectory folder;
  const std::string file = folder.write("\x1b[2J", "clusters: {}\n");
  const std::string shown = folder.path("^[[2J");
  CHECK(mentions(load_error(file), {"error loading config file \"" + shown + "\"", "line 1", "clusters"}));
  CHECK(load_error(file + "x") == "stat " + shown + "x: no such file or directory");
  folder.write("\x1b[2J", "a: [\n");
  CHECK(load_error(file).starts_with("error loading config file \"" + shown + "\": "));
  CHECK(load_error(file).find('\x1b') == std::string::npos);
  folder.write("\x1b[2J", "kind: Pod\n");
  CHECK(load_error(file).starts_with("error loading config file \"" + shown + "\": no kind "));
  CHECK(load_error(valid) == "stat <" + std::to_string(std::string(valid).size()) +
                                 " bytes that are no path>: no such file or directory");
  const KubeconfigEntry odd{"\x1b[2J", object({{"token", 5}, {"data-data", "%"}, {"key", "/\x1b[2J"}}),
                            "/\x1b[2J"};
  for (const std::function<void()>& read :
       std::vector<std::function<void()>>{[&] { odd.text("token"); }, [&] { odd.boolean("token"); },
                                          [&] { odd.content("data"); }, [&] { odd.content("key"); }}) {
    try {
      read();
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\x1b') == std::string::npos);
      CHECK(std::string(error.what()).find("^[[2J") != std::string::npos);
    }
  }
}

TEST_CASE("every invalid file is reported") {
  const TemporaryDirectory folder;
  const std::string bad = folder.write("bad", "clusters: {}\n");
  const std::string worse = folder.write("worse", "- a\n");
  const EnvironmentVariable variable("KUBECONFIG", bad + ":" + worse);
  const std::string message = error_of([] { load_kubeconfig(""); });
  CHECK(mentions(message, {bad, "line 1", "clusters", worse, "kubeconfig"}));
}

TEST_CASE("twenty thousand clusters are read, each with its own server") {
  std::string text = "clusters:\n";
  for (int i = 0; i < 20'000; ++i)
    text += "- name: c" + std::to_string(i) + "\n  cluster: {server: 'https://h" + std::to_string(i) + "'}\n";
  const auto clusters = merged({text}).clusters;
  REQUIRE(clusters.size() == 20'000);
  CHECK(clusters.back().name == "c19999");
  CHECK(clusters.back().value["server"].as_string() == "https://h19999");
}

TEST_CASE("a file over the size limit is refused with its size, and a pipe when it reaches the limit") {
  const TemporaryDirectory folder;
  const std::string large = folder.write("large", "extra: " + std::string(18U << 20U, 'x') + "\n");
  CHECK(mentions(error_of([&] { load_kubeconfig(large); }),
                 {large, "18 MiB", "16 MiB", "kubectl config view --minify --flatten"}));
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { testing::sh("cat " + large + " >" + pipe + " 2>/dev/null"); });
  CHECK(mentions(error_of([&] { load_kubeconfig(pipe); }), {pipe, "16 MiB"}));
  writer.join();
}

TEST_CASE("YAML with exponentially growing aliases is refused") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 0; n < 8; ++n) text += ", " + before;
    text += "]\n";
  }
  CHECK(mentions(error_message(text), {"too large", "aliases"}));
}

TEST_CASE("without any file the configuration is empty") {
  const EnvironmentVariable variable("KUBECONFIG", "/nowhere/one:/nowhere/two");
  const Kubeconfig config = load_kubeconfig("");
  CHECK(config.files.empty());
  CHECK(config.contexts.empty());
  CHECK(config.missing == std::vector<std::string>{"/nowhere/one", "/nowhere/two"});
}

TEST_CASE("files in KUBECONFIG are reported as missing only if all of them are") {
  const TemporaryDirectory folder;
  const EnvironmentVariable variable("KUBECONFIG", "/nowhere/one:" + folder.write("good", valid));
  CHECK(load_kubeconfig("").missing.empty());
  const EnvironmentVariable unset("KUBECONFIG", "");
  const EnvironmentVariable home("HOME", folder.path("nobody"));
  CHECK(load_kubeconfig("").missing.empty());
}

TEST_CASE("an invalid file fails even if another file is valid") {
  const TemporaryDirectory folder;
  const std::string good = folder.write("good", valid);
  const std::string bad = folder.write("bad", "a: [\n");
  const EnvironmentVariable variable("KUBECONFIG", good + ":" + bad);
  CHECK_THROWS_AS(load_kubeconfig(""), Error);
  CHECK_THROWS_WITH_AS(load_kubeconfig("/"), "error loading config file \"/\": read /: is a directory",
                       Error);
}

}  // namespace egress::kube

TEST_SUITE_END();
