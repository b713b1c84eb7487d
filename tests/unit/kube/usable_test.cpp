#include "egress/kube/usable.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "egress/base/error.hpp"
#include "support/folder.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Folder;
using testing::Variable;

constexpr const char* without_ca = R"(current-context: dev
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

/// What is said, and then the hint, of the kubeconfig's current context.
std::string told(const Kubeconfig& config) {
  try {
    resolve(config, {}, {});
  } catch (const Error& error) {
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("what cannot be used is told with the line of its entry, of a pipe too") {
  const Folder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << without_ca; });
  const Kubeconfig config = load_kubeconfig(pipe);
  writer.join();
  // Whoever opened the pipe again now would wait for ever.
  CHECK(
      told(config) ==
      "\n* unable to read client-cert /nowhere/crt for u due to open /nowhere/crt: no such file or directory"
      "\n* unable to read certificate-authority /nowhere/ca for c due to open /nowhere/ca: no such file or "
      "directory\nChange user \"u\" in " +
          pipe + ", line 6 and cluster \"c\" in " + pipe +
          ", line 3. See what is meant to be used: kubectl config view --minify");
}

TEST_CASE("the line is that of the file which the entry is taken from") {
  const Folder folder;
  const std::string first = folder.write("first", "clusters:\n\n\n- name: c\n  cluster: {server: ''}\n");
  const std::string second = folder.write("second", without_ca);
  const Variable variable("KUBECONFIG", first + ":" + second);
  const std::string said = told(load_kubeconfig(""));
  CHECK(said.find("cluster \"c\" in " + first + ", line 4.") != std::string::npos);
  CHECK(said.find("user \"u\" in " + second + ", line 6 and") != std::string::npos);
}

}  // namespace egress::kube

TEST_SUITE_END();
