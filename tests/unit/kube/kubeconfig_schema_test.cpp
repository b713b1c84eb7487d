#include "egress/kube/kubeconfig_schema.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

/// The error message and the hint for a kubeconfig.
std::string error_message(const std::string& text) {
  try {
    check_kubeconfig_schema(parse_yaml(text), text, "f");
  } catch (const Error& error) {
    const std::string message = error.what();
    const std::string prefix = "error loading config file \"f\": ";
    REQUIRE(message.starts_with(prefix));
    CHECK(message.find("86753") == std::string::npos);
    return message.substr(prefix.size()) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "nothing";
}

std::string user_error(const std::string& field) {
  return error_message("users:\n- name: u\n  user:\n    " + field + "\n");
}

std::string cluster_error(const std::string& field) {
  return error_message("clusters:\n- name: c\n  cluster:\n    " + field + "\n");
}

}  // namespace

TEST_CASE("a number or boolean instead of a string is reported with its line, not with its value") {
  CHECK(testing::mentions(user_error("token: 86753"),
                          {"line 4", "users[0].user.token", "number", "token: \"…\""}));
  CHECK(testing::mentions(user_error("token: yes"),
                          {"line 4", "users[0].user.token", "true or false", "token: \"…\""}));
  CHECK(testing::mentions(user_error("token: [86753]"), {"line 4", "users[0].user.token", "list"}));
  CHECK(testing::mentions(error_message("users:\n- name: 123\n"),
                          {"line 2", "users[0].name", "number", "name: \"…\""}));
  CHECK(testing::mentions(error_message("contexts:\n- name: y\n"),
                          {"line 2", "contexts[0].name", "true or false"}));
  CHECK(testing::mentions(error_message("kind: Config\ncurrent-context: on\n"),
                          {"line 2", "current-context", "true or false"}));
  CHECK(testing::mentions(error_message("contexts:\n- context:\n    namespace: no\n  name: c\n"),
                          {"line 3", "contexts[0].context.namespace", "true or false"}));
}

TEST_CASE("a string that is not a number in YAML 1.1 needs no quotes") {
  for (const std::string token : {"2001-12-14", "12:30:45", "!!str 123", "\"12345\"", "~", "", "null"}) {
    CAPTURE(token);
    CHECK(user_error("token: " + token) == "nothing");
  }
}

TEST_CASE("a string instead of a boolean is reported") {
  CHECK(testing::mentions(cluster_error("insecure-skip-tls-verify: \"true\""),
                          {"line 4", "clusters[0].cluster.insecure-skip-tls-verify", "string",
                           "insecure-skip-tls-verify: true"}));
  CHECK(cluster_error("insecure-skip-tls-verify: yes") == "nothing");
}

TEST_CASE("nested fields are checked") {
  CHECK(testing::mentions(user_error("exec: {command: c, args: [a, 1]}"),
                          {"line 4", "users[0].user.exec.args[1]", "number"}));
  CHECK(testing::mentions(user_error("exec: {env: [{name: x, value: 1}]}"),
                          {"line 4", "users[0].user.exec.env[0].value", "number"}));
  CHECK(testing::mentions(user_error("as-user-extra: {a: b}"),
                          {"line 4", "users[0].user.as-user-extra.a", "list"}));
  CHECK(testing::mentions(user_error("auth-provider: {config: {expiry: 1}}"),
                          {"line 4", "users[0].user.auth-provider.config.expiry", "number"}));
  CHECK(user_error("exec: {command: c, args: null, env: null}") == "nothing");
  CHECK(user_error("exec: null") == "nothing");
}

TEST_CASE("a schema other than client-go's is refused, unknown fields are ignored") {
  CHECK(testing::mentions(error_message("- a\n"), {"line 1", "kubeconfig", "list"}));
  CHECK(testing::mentions(error_message("clusters: {}\n"), {"line 1", "clusters", "map", "list"}));
  CHECK(testing::mentions(error_message("users: [u]\n"), {"line 1", "users[0]", "string", "map"}));
  CHECK(testing::mentions(error_message("users:\n- name: u\n  user: []\n"),
                          {"line 3", "users[0].user", "list", "map"}));
  CHECK(testing::mentions(error_message("preferences: []\n"), {"line 1", "preferences", "list", "map"}));
  CHECK(error_message("clusters: null\nusers: [{name: u}, {name: v, user: null}]\nother: 5\n5: x\n") ==
        "nothing");
}

TEST_CASE("base64 is checked in every entry, and the error position counted as Go does") {
  const auto data = [](const std::string& text) {
    return cluster_error("certificate-authority-data: '" + text + "'");
  };
  const std::string field = "clusters[0].cluster.certificate-authority-data";
  for (const std::string bad : {"Zm9v!mFy", "Zm9vYg", "Zm9v Zm9v", "Zg==Zg=="}) {
    CAPTURE(bad);
    CHECK(testing::mentions(data(bad), {"line 4", field, "illegal base64 data at input byte 4"}));
  }
  CHECK(testing::mentions(data("="), {"line 4", field, "illegal base64 data at input byte 0"}));
  for (const std::string good : {"", "Zg==", "Zm8=", "Zm9v"}) CHECK(data(good) == "nothing");
  CHECK(cluster_error("certificate-authority-data: |\n      Zm9v\n      Zm9v") == "nothing");
}

TEST_CASE("a duplicate name is reported with the line of the second entry, without its value") {
  CHECK(testing::mentions(
      error_message("users:\n- name: u\n  user: {token: '86753'}\n- name: u\n  user: {token: '867530'}\n"),
      {"line 4", "duplicate name \"u\"", "users"}));
  CHECK(testing::mentions(cluster_error("extensions: [{name: a}, {name: a}]"),
                          {"line 4", "duplicate name \"a\"", "clusters[0].cluster.extensions"}));
}

}  // namespace egress::kube

TEST_SUITE_END();
