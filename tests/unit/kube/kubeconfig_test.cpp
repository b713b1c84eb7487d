#include "egress/kube/kubeconfig.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <functional>
#include <thread>

#include "egress/base/error.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"

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

using testing::error_of;
using testing::Folder;
using testing::mentions;
using testing::Variable;

Kubeconfig merged(const std::vector<std::string>& texts) {
  Kubeconfig config;
  for (std::size_t i = 0; i < texts.size(); ++i) merge_kubeconfig(config, texts[i], "f" + std::to_string(i));
  return config;
}

/// What is said of a text that is refused.
std::string fault(const std::string& text) {
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

TEST_CASE("a kubeconfig is read with the file that each entry stands in") {
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

TEST_CASE("of one name the first file's entry counts, whole") {
  const Kubeconfig config = merged({
      "users:\n- name: u\n  user: {token: first}\n",
      "users:\n- name: u\n  user: {token: second, username: x}\n- name: v\n  user: {token: third}\n",
  });
  CHECK(config.users.size() == 2);
  CHECK(config.user("u")->value.dump() == R"({"token":"first"})");
  CHECK(config.user("u")->file == "f0");
  CHECK(config.user("v")->file == "f1");
}

TEST_CASE("the first current context that is not empty counts") {
  CHECK(merged({"current-context: ''\n", "current-context: b\n", "current-context: c\n"}).current_context ==
        "b");
}

TEST_CASE("a file without content changes nothing and is no error") {
  for (const std::string text : {"", "\n", "# nothing\n", "---\n", "null\n", "clusters: null\nusers: []\n"}) {
    CAPTURE(text);
    const Kubeconfig config = merged({text});
    CHECK(config.clusters.empty());
    CHECK(config.files.size() == 1);
  }
}

TEST_CASE("one name twice in a list is refused without what is secret") {
  const std::string why =
      fault("users:\n- name: u\n  user: {token: secret-1}\n- name: u\n  user: {token: secret-2}\n");
  CHECK(why == "error loading config file \"f0\": line 4: duplicate name \"u\" in list users");
}

TEST_CASE("another kind or version is no kubeconfig") {
  CHECK(fault("kind: Pod\napiVersion: v1\n") ==
        "error loading config file \"f0\": no kind \"Pod\" is registered for version \"v1\"");
  CHECK(fault("kind: Config\napiVersion: v2\n") ==
        "error loading config file \"f0\": no kind \"Config\" is registered for version \"v2\"");
  CHECK(fault("kind: config\napiVersion: v1\n") != "nothing");
  CHECK(fault("clusters: []\n") == "nothing");
}

TEST_CASE("another shape is no kubeconfig") {
  CHECK(fault("- a\n") == "error loading config file \"f0\": line 1: it is not a kubeconfig, but a list");
  CHECK(fault("text\n") == "error loading config file \"f0\": line 1: it is not a kubeconfig, but a text");
  CHECK(fault("clusters: {}\n") == "error loading config file \"f0\": line 1: clusters is a map, not a list");
  CHECK(fault("a: [\n").starts_with("error loading config file \"f0\": invalid YAML at line "));
}

TEST_CASE("only the first document counts") {
  CHECK(merged({"current-context: a\n---\ncurrent-context: b\n"}).current_context == "a");
}

TEST_CASE("JSON is a kubeconfig too, and unknown fields are no matter") {
  const Kubeconfig config =
      merged({R"({"users": [{"name": "u", "user": {"token": "t", "new": 1}}], "preferences": {}, "1": 2})"});
  CHECK(config.user("u")->text("token") == "t");
}

TEST_CASE("an entry without its value is an empty one") {
  const Kubeconfig config = merged({"users:\n- name: u\n- name: v\n  user: null\n"});
  CHECK(config.user("u")->text("token").empty());
  CHECK(config.user("v")->content("client-key").empty());
}

TEST_CASE("a field's name is told by its case") {
  CHECK(entry(object({{"Token", "t"}})).text("token").empty());
}

TEST_CASE("a flag is a boolean, and a text is none") {
  CHECK(entry(object({{"insecure", true}})).flag("insecure"));
  CHECK_FALSE(entry(object({})).flag("insecure"));
  CHECK_THROWS_AS(entry(object({{"insecure", "true"}})).flag("insecure"), Error);
}

TEST_CASE("content is given inline as base64") {
  CHECK(entry(object({{"ca-data", "Zm9v\nYmFy"}})).content("ca") == "foobar");
  CHECK(entry(object({})).content("ca").empty());
  CHECK_THROWS_WITH_AS(entry(object({{"ca-data",
                                      "c2VjcmV0"
                                      "Zg"}}))
                           .content("ca"),
                       "error loading config file \"f\": ca-data of u is illegal base64 data", Error);
}

TEST_CASE("content is given as a file, counted from the kubeconfig's folder") {
  const Folder folder;
  folder.write("ca.crt", "PEM");
  const std::string file = folder.path("config");
  CHECK(entry(object({{"ca", "ca.crt"}}), file).content("ca") == "PEM");
  CHECK(entry(object({{"ca", folder.path("ca.crt")}}), "elsewhere/config").content("ca") == "PEM");
  CHECK_THROWS_WITH_AS(entry(object({{"ca", "/nowhere/ca"}}), file).content("ca"),
                       "unable to read ca of u due to open /nowhere/ca: no such file or directory", Error);
}

TEST_CASE("content that is given both ways is refused") {
  CHECK_THROWS_WITH_AS(entry(object({{"ca", "x"}, {"ca-data", "Zg=="}})).content("ca"),
                       "ca-data and ca are both specified for u in \"f\"; keep one of them", Error);
}

TEST_CASE("a path counts from its file's folder, links and all, unless it is absolute") {
  CHECK(entry({}, "/home/u/.kube/config").resolved("pki/ca.crt") == "/home/u/.kube/pki/ca.crt");
  CHECK(entry({}, "/home/u/.kube/config").resolved("./ca.crt") == "/home/u/.kube/ca.crt");
  CHECK(entry({}, "/home/u/.kube/config").resolved("/etc/ca.crt") == "/etc/ca.crt");
  CHECK(entry({}, "config").resolved("ca.crt") == std::filesystem::current_path() / "ca.crt");
}

TEST_CASE("the flag names one file, which must be there") {
  const Folder folder;
  const std::string file = folder.write("a:b", valid);
  const Variable other("KUBECONFIG", "/nowhere/config");
  CHECK(load_kubeconfig(file).files == std::vector<std::string>{file});
  CHECK_THROWS_WITH_AS(load_kubeconfig("/nowhere/config"), "stat /nowhere/config: no such file or directory",
                       Error);
}

TEST_CASE("KUBECONFIG names files in order; what is missing, empty or twice there is passed over") {
  const Folder folder;
  const std::string first = folder.write("first", "current-context: one\n");
  const std::string second = folder.write("second", valid);
  const Variable variable("KUBECONFIG", first + "::/nowhere/config:" + second + ":" + first);
  const Kubeconfig config = load_kubeconfig("");
  CHECK(config.files == std::vector<std::string>{first, second});
  CHECK(config.current_context == "one");
}

TEST_CASE("without KUBECONFIG the file in the home folder is read") {
  const Folder folder;
  std::filesystem::create_directory(folder.path(".kube"));
  const std::string file = folder.write(".kube/config", valid);
  const Variable home("HOME", folder.path(""));
  const Variable unset("KUBECONFIG", "");
  CHECK(load_kubeconfig("").current_context == "dev");
}

TEST_CASE("where the home folder has no such file, the one of old is read") {
  const Folder folder;
  std::filesystem::create_directory(folder.path(".kube"));
  folder.write(".kube/.kubeconfig", valid);
  const Variable home("HOME", folder.path(""));
  const Variable unset("KUBECONFIG", "");
  CHECK(load_kubeconfig("").current_context == "dev");
}

TEST_CASE("what is told of a file is fit for a terminal, and no secret that was pasted for its name") {
  const auto told = [](const std::string& flag) {
    try {
      load_kubeconfig(flag);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  const Folder folder;
  const std::string file = folder.write("\x1b[2J", "clusters: {}\n");
  const std::string shown = folder.path("^[[2J");
  CHECK(mentions(told(file), {"error loading config file \"" + shown + "\"", "line 1", "clusters"}));
  CHECK(told(file + "x") == "stat " + shown + "x: no such file or directory");
  folder.write("\x1b[2J", "a: [\n");
  CHECK(told(file).starts_with("error loading config file \"" + shown + "\": "));
  CHECK(told(file).find('\x1b') == std::string::npos);
  folder.write("\x1b[2J", "kind: Pod\n");
  CHECK(told(file).starts_with("error loading config file \"" + shown + "\": no kind "));
  CHECK(told(valid) == "stat <" + std::to_string(std::string(valid).size()) +
                           " bytes that are no path>: no such file or directory");
  const KubeconfigEntry odd{"\x1b[2J", object({{"token", 5}, {"data-data", "%"}, {"key", "/\x1b[2J"}}),
                            "/\x1b[2J"};
  for (const std::function<void()>& look :
       std::vector<std::function<void()>>{[&] { odd.text("token"); }, [&] { odd.flag("token"); },
                                          [&] { odd.content("data"); }, [&] { odd.content("key"); }}) {
    try {
      look();
      FAIL("nothing is told");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\x1b') == std::string::npos);
      CHECK(std::string(error.what()).find("^[[2J") != std::string::npos);
    }
  }
}

TEST_CASE("every file that cannot be used is told of") {
  const Folder folder;
  const std::string bad = folder.write("bad", "clusters: {}\n");
  const std::string worse = folder.write("worse", "- a\n");
  const Variable variable("KUBECONFIG", bad + ":" + worse);
  const std::string told = error_of([] { load_kubeconfig(""); });
  CHECK(mentions(told, {bad, "line 1", "clusters", worse, "kubeconfig"}));
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

TEST_CASE("a file of many megabytes is refused with its size, and a pipe when it comes to it") {
  const Folder folder;
  const std::string large = folder.write("large", "extra: " + std::string(18U << 20U, 'x') + "\n");
  CHECK(mentions(error_of([&] { load_kubeconfig(large); }),
                 {large, "18 MiB", "16 MiB", "kubectl config view --minify --flatten"}));
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { testing::sh("cat " + large + " >" + pipe + " 2>/dev/null"); });
  CHECK(mentions(error_of([&] { load_kubeconfig(pipe); }), {pipe, "16 MiB"}));
  writer.join();
}

TEST_CASE("a text that grows without end by its aliases is refused at once") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 0; n < 8; ++n) text += ", " + before;
    text += "]\n";
  }
  CHECK(mentions(fault(text), {"too large", "aliases"}));
}

TEST_CASE("no file at all is an empty configuration") {
  const Variable variable("KUBECONFIG", "/nowhere/one:/nowhere/two");
  const Kubeconfig config = load_kubeconfig("");
  CHECK(config.files.empty());
  CHECK(config.contexts.empty());
  CHECK(config.missing == std::vector<std::string>{"/nowhere/one", "/nowhere/two"});
}

TEST_CASE("files that KUBECONFIG names are only told as missing where all of them are") {
  const Folder folder;
  const Variable variable("KUBECONFIG", "/nowhere/one:" + folder.write("good", valid));
  CHECK(load_kubeconfig("").missing.empty());
  const Variable unset("KUBECONFIG", "");
  const Variable home("HOME", folder.path("nobody"));
  CHECK(load_kubeconfig("").missing.empty());
}

TEST_CASE("a file that cannot be used fails, even where another would do") {
  const Folder folder;
  const std::string good = folder.write("good", valid);
  const std::string bad = folder.write("bad", "a: [\n");
  const Variable variable("KUBECONFIG", good + ":" + bad);
  CHECK_THROWS_AS(load_kubeconfig(""), Error);
  CHECK_THROWS_WITH_AS(load_kubeconfig("/"), "error loading config file \"/\": read /: is a directory",
                       Error);
}

}  // namespace egress::kube

TEST_SUITE_END();
