#include "egress/kube/kubeconfig_shape.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "support/mentions.hpp"

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
  CHECK(testing::mentions(user_fault("token: 86753"),
                          {"line 4", "users[0].user.token", "number", "token: \"…\""}));
  CHECK(testing::mentions(user_fault("token: yes"),
                          {"line 4", "users[0].user.token", "true or false", "token: \"…\""}));
  CHECK(testing::mentions(user_fault("token: [86753]"), {"line 4", "users[0].user.token", "list"}));
  CHECK(testing::mentions(fault("users:\n- name: 123\n"),
                          {"line 2", "users[0].name", "number", "name: \"…\""}));
  CHECK(testing::mentions(fault("contexts:\n- name: y\n"), {"line 2", "contexts[0].name", "true or false"}));
  CHECK(testing::mentions(fault("kind: Config\ncurrent-context: on\n"),
                          {"line 2", "current-context", "true or false"}));
  CHECK(testing::mentions(fault("contexts:\n- context:\n    namespace: no\n  name: c\n"),
                          {"line 3", "contexts[0].context.namespace", "true or false"}));
}

TEST_CASE("what is no number in YAML 1.1 may stand without quotes") {
  for (const std::string token : {"2001-12-14", "12:30:45", "!!str 123", "\"12345\"", "~", "", "null"}) {
    CAPTURE(token);
    CHECK(user_fault("token: " + token) == "nothing");
  }
}

TEST_CASE("a text is not true or false") {
  CHECK(testing::mentions(
      cluster_fault("insecure-skip-tls-verify: \"true\""),
      {"line 4", "clusters[0].cluster.insecure-skip-tls-verify", "text", "insecure-skip-tls-verify: true"}));
  CHECK(cluster_fault("insecure-skip-tls-verify: yes") == "nothing");
}

TEST_CASE("what is deeper down is looked at, too") {
  CHECK(testing::mentions(user_fault("exec: {command: c, args: [a, 1]}"),
                          {"line 4", "users[0].user.exec.args[1]", "number"}));
  CHECK(testing::mentions(user_fault("exec: {env: [{name: x, value: 1}]}"),
                          {"line 4", "users[0].user.exec.env[0].value", "number"}));
  CHECK(testing::mentions(user_fault("as-user-extra: {a: b}"),
                          {"line 4", "users[0].user.as-user-extra.a", "list"}));
  CHECK(testing::mentions(user_fault("auth-provider: {config: {expiry: 1}}"),
                          {"line 4", "users[0].user.auth-provider.config.expiry", "number"}));
  CHECK(user_fault("exec: {command: c, args: null, env: null}") == "nothing");
  CHECK(user_fault("exec: null") == "nothing");
}

TEST_CASE("another shape than client-go's is refused, what it does not know is not looked at") {
  CHECK(testing::mentions(fault("- a\n"), {"line 1", "kubeconfig", "list"}));
  CHECK(testing::mentions(fault("clusters: {}\n"), {"line 1", "clusters", "map", "list"}));
  CHECK(testing::mentions(fault("users: [u]\n"), {"line 1", "users[0]", "text", "map"}));
  CHECK(testing::mentions(fault("users:\n- name: u\n  user: []\n"),
                          {"line 3", "users[0].user", "list", "map"}));
  CHECK(testing::mentions(fault("preferences: []\n"), {"line 1", "preferences", "list", "map"}));
  CHECK(fault("clusters: null\nusers: [{name: u}, {name: v, user: null}]\nother: 5\n5: x\n") == "nothing");
}

TEST_CASE("base64 is looked at in every entry, and its fault counted as Go does") {
  const auto data = [](const std::string& text) {
    return cluster_fault("certificate-authority-data: '" + text + "'");
  };
  const std::string field = "clusters[0].cluster.certificate-authority-data";
  for (const std::string bad : {"Zm9v!mFy", "Zm9vYg", "Zm9v Zm9v", "Zg==Zg=="}) {
    CAPTURE(bad);
    CHECK(testing::mentions(data(bad), {"line 4", field, "illegal base64 data at input byte 4"}));
  }
  CHECK(testing::mentions(data("="), {"line 4", field, "illegal base64 data at input byte 0"}));
  for (const std::string good : {"", "Zg==", "Zm8=", "Zm9v"}) CHECK(data(good) == "nothing");
  CHECK(cluster_fault("certificate-authority-data: |\n      Zm9v\n      Zm9v") == "nothing");
}

TEST_CASE("one name twice is told with the line of the second, without what it names") {
  CHECK(testing::mentions(
      fault("users:\n- name: u\n  user: {token: '86753'}\n- name: u\n  user: {token: '867530'}\n"),
      {"line 4", "duplicate name \"u\"", "users"}));
  CHECK(testing::mentions(cluster_fault("extensions: [{name: a}, {name: a}]"),
                          {"line 4", "duplicate name \"a\"", "clusters[0].cluster.extensions"}));
}

}  // namespace egress::kube

TEST_SUITE_END();
