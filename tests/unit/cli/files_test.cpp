#include "egress/cli/files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::each_mentions;
using testing::Folder;
using testing::mentions;

const std::string head = "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n";

/// A document of five lines or more.
std::string form(const std::string& name, const std::string& more = "") {
  return head + "metadata: {name: " + name + ", namespace: httpbin}\nspec:\n  hosts: [" + name +
         ".example.org]\n" + more;
}

std::vector<mesh::Egress> read(const std::vector<std::string>& files, bool recursive = false) {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  return read_gateways(session, read_documents(files, recursive));
}

/// What is wrong with a file of that text, a line for each fault; the file is called FILE.
std::vector<std::string> faults_of(const std::string& text) {
  const Folder folder;
  const std::string file = folder.write("gateways.yaml", text);
  try {
    read({file});
  } catch (const Error& error) {
    std::string said = error.what();
    for (std::size_t at; (at = said.find(file)) != std::string::npos;) said.replace(at, file.size(), "FILE");
    return split(said, '\n');
  }
  return {};
}

}  // namespace

TEST_CASE("every fault of every document names file, document, line and field") {
  CHECK(each_mentions(faults_of(form("a", "  prot: 5\n")), {{"FILE", "line 6", "spec.prot", "spec.port"}}));
  const std::string three = form("a", "  prot: 5\n") + "---\n" + form("b") + "---\n" +
                            form("c", "  tls: {mod: simple}\n  gateway:\n    hubb: x\n");
  CHECK(each_mentions(faults_of(three), {{"FILE", "document 1", "line 6", "spec.prot", "spec.port"},
                                         {"FILE", "document 3", "line 19", "spec.tls.mod", "spec.tls.mode"},
                                         {"FILE", "document 3", "line 21", "spec.gateway.hubb"}}));
  CHECK_FALSE(faults_of(head).empty());
  CHECK(each_mentions(faults_of("sepc: {}\n" + form("a")), {{"FILE", "line 1", "sepc", "spec"}}));
}

TEST_CASE("a value that cannot be had names file, document, line and field, too") {
  CHECK(each_mentions(faults_of(form("a", "  port: 99999\n")),
                      {{"FILE", "line 6", "spec.port", "99999", "65535"}}));
  const std::string second =
      "metadata:\n  name: B\n  labels:\n    a.example/team: '-'\nspec:\n  hosts:\n"
      "    - b.example\n    - nodot\n  gateway:\n    logLevel: debgu\n";
  CHECK(each_mentions(faults_of(form("a") + "---\n" + head + second),
                      {{"FILE", "document 2", "line 10", "metadata.name", "B", "lower-case"},
                       {"FILE", "document 2", "line 12", "metadata.labels[a.example/team]", "\"-\"", "63"},
                       {"FILE", "document 2", "line 16", "spec.hosts[1]", "nodot", "dot"},
                       {"FILE", "document 2", "line 18", "spec.gateway.logLevel", "debgu", "trace",
                        "did you mean", "debug"}}));
}

TEST_CASE("what is missing is missing in the line of what it should be in") {
  CHECK(each_mentions(faults_of(head + "metadata: {name: a}\nspec:\n  protocol: TCP\n  hosts: [a.example]\n"),
                      {{"FILE", "line 4", "TCP", "spec.port"}, {"FILE", "line 4", "TCP", "spec.addresses"}}));
}

TEST_CASE("a kind, or a version of it, that is nearly right is told what is meant") {
  const std::string version = "kubectl-egress/v1alpha1";
  CHECK(each_mentions(faults_of("apiVersion: kubectl-egress/v1alpha1\nkind: EgressGatway\n"),
                      {{"FILE", "line 2", "EgressGatway", version, "did you mean \"EgressGateway\""}}));
  CHECK(each_mentions(
      faults_of("kind: EgressGateway\napiVersion: kubectl-egress/v1\n"),
      {{"FILE", "line 2", "EgressGateway", "\"kubectl-egress/v1\"", "did you mean \"" + version + "\""}}));
  CHECK(each_mentions(faults_of("kind: egressgateway\napiVersion: kubectl-egress/v1alpha1\n"),
                      {{"FILE", "line 1", "did you mean \"EgressGateway\""}}));
  CHECK(each_mentions(faults_of("apiVersion: networking.istio.io/v1\nkind: Gateway\n"),
                      {{"FILE", "line 2", "\"Gateway\"", "networking.istio.io/v1"}}));
}

TEST_CASE("what cannot be read is told together with the faults of what can") {
  const Folder folder;
  const std::string empty = folder.path("empty");
  std::filesystem::create_directory(empty);
  const std::string missing = folder.path("missing.yaml");
  const std::string malformed = folder.write("malformed.yaml", form("a") + "---\na: [\n");
  const std::string faulty = folder.write("faulty.yaml", form("b", "  port: 0\n"));
  const Folder others;
  others.write("1.yaml", "b: {\n");
  others.write("2.yaml", form("c", "  prot: 5\n"));
  const std::string said = testing::error_of([&] {
    read({missing, empty, malformed, others.path(""), faulty});
  });
  CHECK(each_mentions(split(said, '\n'), {
                                             {empty, ".yaml", ".yml", ".json"},
                                             {missing, "no such file or directory"},
                                             {malformed, "invalid YAML", "line"},
                                             {others.path("1.yaml"), "invalid YAML", "line"},
                                             {others.path("2.yaml"), "line 6", "spec.prot", "spec.port"},
                                             {faulty, "line 6", "spec.port", "0", "65535"},
                                             {"hint", "-R"},
                                         }));
}

TEST_CASE("a field that is written twice is refused") {
  CHECK(each_mentions(faults_of(form("a", "  port: 443\n  port: 8443\n")),
                      {{"FILE", "line 7", "port", "already set"}}));
}

TEST_CASE("of very many faults only the first are told, and how many more there are") {
  std::string text;
  for (int i = 0; i < 25; ++i) text += form("g" + std::to_string(i), "  prot: 5\n") + "---\n";
  const std::vector<std::string> faults = faults_of(text);
  REQUIRE(faults.size() == 21);
  CHECK(mentions(faults[19], {"document 20", "spec.prot"}));
  CHECK(mentions(faults[20], {"5 more"}));
}

TEST_CASE("two documents of one name are told of with the place of the first") {
  CHECK(each_mentions(
      faults_of(form("a") + "---\n" + form("a")),
      {{"FILE", "document 2", "line 9", "metadata.name", "egressgateway", "httpbin", "document 1"}}));
}

TEST_CASE("files may be named several times, and a folder holds those of its ending") {
  const Folder folder;
  folder.write("b.yaml", form("b"));
  folder.write("a.yml", form("a") + "---\n---\n");
  folder.write("notes.txt", "no form");
  const Folder other;
  const auto gateways = read({folder.path(""), other.write("c.json", form("c"))});
  REQUIRE(gateways.size() == 3);
  CHECK(gateways[0].name == "a");
  CHECK(gateways[2].name == "c");
}

}  // namespace egress::cli

TEST_SUITE_END();
