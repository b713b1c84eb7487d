#include "egress/kube/kuberc.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Folder;
using testing::mentions;
using testing::Variable;
using Kind = PluginPolicy::Kind;

const std::string head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";

std::string fault(const std::string& text) {
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

TEST_CASE("without a word of it every plugin is permitted") {
  CHECK(permits(read_plugin_policy("", "k"), "aws"));
  CHECK(permits(read_plugin_policy(head, "k"), "aws"));
  CHECK(permits(read_plugin_policy(head + "credentialPluginPolicy: AllowAll\n", "k"), "aws"));
  CHECK(permits(read_plugin_policy("kind: Other\ncredentialPluginPolicy: DenyAll\n", "k"), "aws"));
}

TEST_CASE("DenyAll permits none") {
  CHECK_FALSE(permits(read_plugin_policy(head + "credentialPluginPolicy: DenyAll\n", "k"), "aws"));
}

TEST_CASE("a list permits what it names, by name or by path") {
  const PluginPolicy policy = read_plugin_policy(
      head + "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: sh}, {name: aws}]\n",
      "k");
  CHECK(policy.kind == Kind::allow_listed);
  CHECK(permits(policy, "sh"));
  CHECK(permits(policy, "aws"));
  CHECK_FALSE(permits(policy, "cat"));
  CHECK_FALSE(permits(policy, "/opt/aws"));
}

TEST_CASE("a policy that makes no sense is refused, not passed over") {
  CHECK(mentions(
      fault(head + "credentialPluginPolicy: Deny\n"),
      {"kuberc", "\"k\"", "credentialPluginPolicy", "\"Deny\"", "AllowAll", "DenyAll", "Allowlist"}));
  CHECK(mentions(fault(head + "credentialPluginPolicy: Allowlist\n"),
                 {"kuberc", "\"k\"", "credentialPluginAllowlist", "command"}));
  CHECK(mentions(fault(head + "credentialPluginAllowlist: [{command: sh}]\n"),
                 {"kuberc", "\"k\"", "credentialPluginAllowlist", "credentialPluginPolicy: Allowlist"}));
  CHECK(mentions(fault(head + "credentialPluginPolicy: yes\n"),
                 {"kuberc", "\"k\"", "credentialPluginPolicy", "text"}));
  CHECK(mentions(fault("a: [\n"), {"kuberc", "\"k\""}));
}

TEST_CASE("the flag, KUBERC and the file in the home folder are looked at in this order") {
  const Folder folder;
  std::filesystem::create_directory(folder.path(".kube"));
  folder.write(".kube/kuberc", head + "credentialPluginPolicy: DenyAll\n");
  const std::string open = folder.write("open", head);
  const Variable home("HOME", folder.path(""));
  const Variable unset("KUBERC", "");
  const Variable unset_too("KUBECTL_KUBERC", "");
  CHECK(load_plugin_policy("").kind == Kind::deny_all);
  CHECK(load_plugin_policy(open).kind == Kind::allow_all);
  CHECK(load_plugin_policy("off").kind == Kind::allow_all);
  CHECK_THROWS_AS(load_plugin_policy("/nowhere/kuberc"), Error);
  const Variable named("KUBERC", open);
  CHECK(load_plugin_policy("").kind == Kind::allow_all);
  const Variable off("KUBERC", "off");
  CHECK(load_plugin_policy("").kind == Kind::allow_all);
}

TEST_CASE("KUBECTL_KUBERC=false turns it off") {
  const Folder folder;
  const Variable named("KUBERC", folder.write("k", head + "credentialPluginPolicy: DenyAll\n"));
  const Variable off("KUBECTL_KUBERC", "false");
  CHECK(load_plugin_policy("").kind == Kind::allow_all);
}

}  // namespace egress::kube

TEST_SUITE_END();
