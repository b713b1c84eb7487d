#include "egress/kube/kubeconfig_validation.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "egress/base/error.hpp"
#include "support/environment_variable.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::EnvironmentVariable;
using testing::TemporaryDirectory;

constexpr const char* unreadable_files = R"(current-context: dev
clusters:
- name: c
  cluster: {server: 'https://api', certificate-authority: /nowhere/ca}
users:
- name: u
  user: {client-certificate: /nowhere/crt, client-key-data: QUJD}
contexts:
- name: dev
  context: {cluster: c, user: u}
)";

/// The error message and the hint for the current context of the kubeconfig.
std::string error_message(const Kubeconfig& config) {
  try {
    resolve_connection(config, {}, {});
  } catch (const Error& error) {
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("problems are reported with the line of the entry, also for a pipe") {
  const TemporaryDirectory folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << unreadable_files; });
  const Kubeconfig config = load_kubeconfig(pipe);
  writer.join();
  // Opening the pipe twice would block forever.
  CHECK(
      error_message(config) ==
      "\n* unable to read client-cert /nowhere/crt for u due to open /nowhere/crt: no such file or directory"
      "\n* unable to read certificate-authority /nowhere/ca for c due to open /nowhere/ca: no such file or "
      "directory\nchange user \"u\" in " +
          pipe + ", line 6 and cluster \"c\" in " + pipe +
          ", line 3; show the configuration in use: kubectl config view --minify");
}

TEST_CASE("the line is in the file that the entry was read from") {
  const TemporaryDirectory folder;
  const std::string first = folder.write("first", "clusters:\n\n\n- name: c\n  cluster: {server: ''}\n");
  const std::string second = folder.write("second", unreadable_files);
  const EnvironmentVariable variable("KUBECONFIG", first + ":" + second);
  const std::string message = error_message(load_kubeconfig(""));
  CHECK(message.find("cluster \"c\" in " + first + ", line 4;") != std::string::npos);
  CHECK(message.find("user \"u\" in " + second + ", line 6 and") != std::string::npos);
}

}  // namespace egress::kube

TEST_SUITE_END();
