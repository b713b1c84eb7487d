#include "egress/kube/kubeconfig_shape.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

/// What is said of a kubeconfig, and how to mend it.
std::string fault(const std::string& text) {
  try {
    check_shape(parse_yaml(text), text, "f");
  } catch (const Error& error) {
    const std::string said = error.what();
    const std::string prefix = "error loading config file \"f\": ";
    REQUIRE(said.starts_with(prefix));
    CHECK(said.find("86753") == std::string::npos);
    return said.substr(prefix.size()) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "nothing";
}

std::string user_fault(const std::string& field) {
  return fault("users:\n- name: u\n  user:\n    " + field + "\n");
}

std::string cluster_fault(const std::string& field) {
  return fault("clusters:\n- name: c\n  cluster:\n    " + field + "\n");
}

}  // namespace

TEST_CASE("a number or a word for a text is told with its line, not with its value") {
  CHECK(user_fault("token: 86753") ==
        "line 4: users[0].user.token is a number, not a text | Quote it: token: \"…\"");
  CHECK(user_fault("token: yes") ==
        "line 4: users[0].user.token is true or false, not a text | Quote it: token: \"…\"");
  CHECK(user_fault("token: [86753]") == "line 4: users[0].user.token is a list, not a text");
  CHECK(fault("users:\n- name: 123\n") ==
        "line 2: users[0].name is a number, not a text | Quote it: name: \"…\"");
  CHECK(fault("contexts:\n- name: y\n").starts_with("line 2: contexts[0].name is true or false"));
  CHECK(fault("kind: Config\ncurrent-context: on\n").starts_with("line 2: current-context is true or false"));
  CHECK(fault("contexts:\n- context:\n    namespace: no\n  name: c\n")
            .starts_with("line 3: contexts[0].context.namespace is true or false"));
}

TEST_CASE("what is no number in YAML 1.1 may stand without quotes") {
  for (const std::string token : {"2001-12-14", "12:30:45", "!!str 123", "\"12345\"", "~", "", "null"}) {
    CAPTURE(token);
    CHECK(user_fault("token: " + token) == "nothing");
  }
}

TEST_CASE("a text is not true or false") {
  CHECK(cluster_fault("insecure-skip-tls-verify: \"true\"") ==
        "line 4: clusters[0].cluster.insecure-skip-tls-verify is a text, not true or false | Write true or "
        "false, without quotes: insecure-skip-tls-verify: true");
  CHECK(cluster_fault("insecure-skip-tls-verify: yes") == "nothing");
}

TEST_CASE("what is deeper down is looked at, too") {
  CHECK(user_fault("exec: {command: c, args: [a, 1]}")
            .starts_with("line 4: users[0].user.exec.args[1] is a number, not a text | Quote it: - "));
  CHECK(user_fault("exec: {env: [{name: x, value: 1}]}")
            .starts_with("line 4: users[0].user.exec.env[0].value is a number"));
  CHECK(user_fault("as-user-extra: {a: b}") == "line 4: users[0].user.as-user-extra.a is a text, not a list");
  CHECK(user_fault("auth-provider: {config: {expiry: 1}}")
            .starts_with("line 4: users[0].user.auth-provider.config.expiry is a number"));
  CHECK(user_fault("exec: {command: c, args: null, env: null}") == "nothing");
  CHECK(user_fault("exec: null") == "nothing");
}

TEST_CASE("another shape than client-go's is refused, what it does not know is not looked at") {
  CHECK(fault("- a\n") == "line 1: it is not a kubeconfig, but a list");
  CHECK(fault("clusters: {}\n") == "line 1: clusters is a map, not a list");
  CHECK(fault("users: [u]\n") == "line 1: users[0] is a text, not a map");
  CHECK(fault("users:\n- name: u\n  user: []\n") == "line 3: users[0].user is a list, not a map");
  CHECK(fault("preferences: []\n") == "line 1: preferences is a list, not a map");
  CHECK(fault("clusters: null\nusers: [{name: u}, {name: v, user: null}]\nother: 5\n5: x\n") == "nothing");
}

TEST_CASE("base64 is looked at in every entry, and its fault counted as Go does") {
  const auto data = [](const std::string& text) {
    return cluster_fault("certificate-authority-data: '" + text + "'");
  };
  const std::string prefix =
      "line 4: clusters[0].cluster.certificate-authority-data is illegal base64 data at ";
  CHECK(data("Zm9v!mFy").starts_with(prefix + "input byte 4"));
  CHECK(data("Zm9vYg").starts_with(prefix + "input byte 4"));
  CHECK(data("Zm9v Zm9v").starts_with(prefix + "input byte 4"));
  CHECK(data("Zg==Zg==").starts_with(prefix + "input byte 4"));
  CHECK(data("=").starts_with(prefix + "input byte 0"));
  for (const std::string good : {"", "Zg==", "Zm8=", "Zm9v"}) CHECK(data(good) == "nothing");
  CHECK(cluster_fault("certificate-authority-data: |\n      Zm9v\n      Zm9v") == "nothing");
}

TEST_CASE("one name twice is told with the line of the second, without what it names") {
  CHECK(fault("users:\n- name: u\n  user: {token: '86753'}\n- name: u\n  user: {token: '867530'}\n") ==
        "line 4: duplicate name \"u\" in list users | Rename or remove one of the two.");
  CHECK(cluster_fault("extensions: [{name: a}, {name: a}]")
            .starts_with("line 4: duplicate name \"a\" in list clusters[0].cluster.extensions"));
}

}  // namespace egress::kube

TEST_SUITE_END();
