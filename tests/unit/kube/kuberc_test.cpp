#include "egress/kube/kuberc.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/environment_variable.hpp"
#include "support/mentions.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::EnvironmentVariable;
using testing::mentions;
using testing::TemporaryDirectory;
using Kind = PluginPolicy::Kind;

const std::string head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";

std::string error_message(const std::string& text) {
  try {
    read_plugin_policy(text, "k");
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

bool permits(const PluginPolicy& policy, const std::string& command) {
  try {
    policy.check(command);
  } catch (const Error&) {
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every plugin is permitted by default") {
  CHECK(permits(read_plugin_policy("", "k"), "aws"));
  CHECK(permits(read_plugin_policy(head, "k"), "aws"));
  CHECK(permits(read_plugin_policy(head + "credentialPluginPolicy: AllowAll\n", "k"), "aws"));
  CHECK(permits(read_plugin_policy("kind: Other\ncredentialPluginPolicy: DenyAll\n", "k"), "aws"));
}

TEST_CASE("DenyAll permits no plugin") {
  CHECK_FALSE(permits(read_plugin_policy(head + "credentialPluginPolicy: DenyAll\n", "k"), "aws"));
}

TEST_CASE("an allowlist permits plugins by name or path") {
  const PluginPolicy policy = read_plugin_policy(
      head + "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: sh}, {name: aws}]\n",
      "k");
  CHECK(policy.kind == Kind::allow_listed);
  CHECK(permits(policy, "sh"));
  CHECK(permits(policy, "aws"));
  CHECK_FALSE(permits(policy, "cat"));
  CHECK_FALSE(permits(policy, "/opt/aws"));
}

TEST_CASE("an invalid policy is refused, not ignored") {
  CHECK(mentions(
      error_message(head + "credentialPluginPolicy: Deny\n"),
      {"kuberc", "\"k\"", "credentialPluginPolicy", "\"Deny\"", "AllowAll", "DenyAll", "Allowlist"}));
  CHECK(mentions(error_message(head + "credentialPluginPolicy: Allowlist\n"),
                 {"kuberc", "\"k\"", "credentialPluginAllowlist", "command"}));
  CHECK(mentions(error_message(head + "credentialPluginAllowlist: [{command: sh}]\n"),
                 {"kuberc", "\"k\"", "credentialPluginAllowlist", "credentialPluginPolicy: Allowlist"}));
  CHECK(mentions(error_message(head + "credentialPluginPolicy: yes\n"),
                 {"kuberc", "\"k\"", "credentialPluginPolicy", "string"}));
  CHECK(mentions(error_message("a: [\n"), {"kuberc", "\"k\""}));
}

TEST_CASE("the flag, KUBERC and the file in the home directory are read in this order") {
  const TemporaryDirectory folder;
  std::filesystem::create_directory(folder.path(".kube"));
  folder.write(".kube/kuberc", head + "credentialPluginPolicy: DenyAll\n");
  const std::string open = folder.write("open", head);
  const EnvironmentVariable home("HOME", folder.path(""));
  const EnvironmentVariable unset("KUBERC", "");
  const EnvironmentVariable unset_too("KUBECTL_KUBERC", "");
  CHECK(load_plugin_policy("").kind == Kind::deny_all);
  CHECK(load_plugin_policy(open).kind == Kind::allow_all);
  CHECK(load_plugin_policy("off").kind == Kind::allow_all);
  CHECK_THROWS_AS(load_plugin_policy("/nowhere/kuberc"), Error);
  const EnvironmentVariable named("KUBERC", open);
  CHECK(load_plugin_policy("").kind == Kind::allow_all);
  const EnvironmentVariable off("KUBERC", "off");
  CHECK(load_plugin_policy("").kind == Kind::allow_all);
}

TEST_CASE("KUBECTL_KUBERC=false disables kuberc") {
  const TemporaryDirectory folder;
  const EnvironmentVariable named("KUBERC", folder.write("k", head + "credentialPluginPolicy: DenyAll\n"));
  const EnvironmentVariable off("KUBECTL_KUBERC", "false");
  CHECK(load_plugin_policy("").kind == Kind::allow_all);
}

}  // namespace egress::kube

TEST_SUITE_END();
