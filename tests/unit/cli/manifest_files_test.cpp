#include "egress/cli/manifest_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::each_mentions;
using testing::mentions;
using testing::TemporaryDirectory;

const std::string header = "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n";

/// A manifest of five lines, followed by `more`.
std::string manifest(const std::string& name, const std::string& more = "") {
  return header + "metadata: {name: " + name + ", namespace: httpbin}\nspec:\n  hosts: [" + name +
         ".example.org]\n" + more;
}

std::vector<mesh::Egress> read(const std::vector<std::string>& files, bool recursive = false) {
  std::ostringstream out;
  std::ostringstream err;
  Session session({out, err});
  return read_gateways(session, read_documents(files, recursive));
}

/// The lines of the error for a file with this text; FILE replaces the name of the file.
std::vector<std::string> manifest_errors(const std::string& text) {
  const TemporaryDirectory folder;
  const std::string file = folder.write("gateways.yaml", text);
  try {
    read({file});
  } catch (const Error& error) {
    std::string message = error.what();
    for (std::size_t at; (at = message.find(file)) != std::string::npos;)
      message.replace(at, file.size(), "FILE");
    return split(message, '\n');
  }
  return {};
}

}  // namespace

TEST_CASE("every error of every document names file, document, line and field") {
  CHECK(each_mentions(manifest_errors(manifest("a", "  prot: 5\n")),
                      {{"FILE", "line 6", "spec.prot", "spec.port"}}));
  const std::string three = manifest("a", "  prot: 5\n") + "---\n" + manifest("b") + "---\n" +
                            manifest("c", "  tls: {mod: simple}\n  gateway:\n    hubb: x\n");
  CHECK(each_mentions(manifest_errors(three),
                      {{"FILE", "document 1", "line 6", "spec.prot", "spec.port"},
                       {"FILE", "document 3", "line 19", "spec.tls.mod", "spec.tls.mode"},
                       {"FILE", "document 3", "line 21", "spec.gateway.hubb"}}));
  CHECK_FALSE(manifest_errors(header).empty());
  CHECK(each_mentions(manifest_errors("sepc: {}\n" + manifest("a")), {{"FILE", "line 1", "sepc", "spec"}}));
}

TEST_CASE("an invalid value names file, document, line and field") {
  CHECK(each_mentions(manifest_errors(manifest("a", "  port: 99999\n")),
                      {{"FILE", "line 6", "spec.port", "99999", "65535"}}));
  const std::string second =
      "metadata:\n  name: B\n  labels:\n    a.example/team: '-'\nspec:\n  hosts:\n"
      "    - b.example\n    - nodot\n  gateway:\n    arch: [A_B]\n";
  CHECK(each_mentions(manifest_errors(manifest("a") + "---\n" + header + second),
                      {{"FILE", "document 2", "line 10", "metadata.name", "B", "lower-case"},
                       {"FILE", "document 2", "line 12", "metadata.labels[a.example/team]", "\"-\"", "63"},
                       {"FILE", "document 2", "line 16", "spec.hosts[1]", "nodot", "dot"},
                       {"FILE", "document 2", "line 18", "spec.gateway.arch[0]", "A_B", "amd64"}}));
  CHECK(each_mentions(
      manifest_errors(manifest("a", "  gateway: {logLevel: debgu}\n")),
      {{"FILE", "line 6", "spec.gateway.logLevel", "debgu", "trace", "did you mean", "debug"}}));
}

TEST_CASE("a missing field is reported at the line of its parent") {
  CHECK(each_mentions(
      manifest_errors(header + "metadata: {name: a}\nspec:\n  protocol: TCP\n  hosts: [a.example]\n"),
      {{"FILE", "line 4", "TCP", "spec.port"}, {"FILE", "line 4", "TCP", "spec.addresses"}}));
}

TEST_CASE("a misspelled kind or apiVersion gets a suggestion") {
  const std::string version = "kubectl-egress/v1alpha1";
  CHECK(each_mentions(manifest_errors("apiVersion: kubectl-egress/v1alpha1\nkind: EgressGatway\n"),
                      {{"FILE", "line 2", "EgressGatway", version, "did you mean \"EgressGateway\""}}));
  CHECK(each_mentions(
      manifest_errors("kind: EgressGateway\napiVersion: kubectl-egress/v1\n"),
      {{"FILE", "line 2", "EgressGateway", "\"kubectl-egress/v1\"", "did you mean \"" + version + "\""}}));
  CHECK(each_mentions(manifest_errors("kind: egressgateway\napiVersion: kubectl-egress/v1alpha1\n"),
                      {{"FILE", "line 1", "did you mean \"EgressGateway\""}}));
  CHECK(each_mentions(manifest_errors("apiVersion: networking.istio.io/v1\nkind: Gateway\n"),
                      {{"FILE", "line 2", "\"Gateway\"", "networking.istio.io/v1"}}));
}

TEST_CASE("unreadable files are reported together with the errors of the others") {
  const TemporaryDirectory folder;
  const std::string empty = folder.path("empty");
  std::filesystem::create_directory(empty);
  const std::string missing = folder.path("missing.yaml");
  const std::string malformed = folder.write("malformed.yaml", manifest("a") + "---\na: [\n");
  const std::string invalid = folder.write("faulty.yaml", manifest("b", "  port: 0\n"));
  const TemporaryDirectory other_folder;
  other_folder.write("1.yaml", "b: {\n");
  other_folder.write("2.yaml", manifest("c", "  prot: 5\n"));
  const std::string message = testing::error_of([&] {
    read({missing, empty, malformed, other_folder.path(""), invalid});
  });
  CHECK(each_mentions(split(message, '\n'),
                      {
                          {empty, ".yaml", ".yml", ".json"},
                          {missing, "no such file or directory"},
                          {malformed, "invalid YAML", "line"},
                          {other_folder.path("1.yaml"), "invalid YAML", "line"},
                          {other_folder.path("2.yaml"), "line 6", "spec.prot", "spec.port"},
                          {invalid, "line 6", "spec.port", "0", "65535"},
                          {"hint", "-R"},
                      }));
}

TEST_CASE("a duplicate field is rejected") {
  CHECK(each_mentions(manifest_errors(manifest("a", "  port: 443\n  port: 8443\n")),
                      {{"FILE", "line 7", "port", "already set"}}));
}

TEST_CASE("only the first errors are reported, with the number of those omitted") {
  std::string text;
  for (int i = 0; i < 25; ++i) text += manifest("g" + std::to_string(i), "  prot: 5\n") + "---\n";
  const std::vector<std::string> errors = manifest_errors(text);
  REQUIRE(errors.size() == 21);
  CHECK(mentions(errors[19], {"document 20", "spec.prot"}));
  CHECK(mentions(errors[20], {"5 more"}));
}

TEST_CASE("a duplicate gateway name is reported with the location of the first") {
  CHECK(each_mentions(
      manifest_errors(manifest("a") + "---\n" + manifest("a")),
      {{"FILE", "document 2", "line 9", "metadata.name", "egressgateway", "httpbin", "document 1"}}));
}

TEST_CASE("several files may be given, and a folder is filtered by file extension") {
  const TemporaryDirectory folder;
  folder.write("b.yaml", manifest("b"));
  folder.write("a.yml", manifest("a") + "---\n---\n");
  folder.write("notes.txt", "not a manifest");
  const TemporaryDirectory other;
  const auto gateways = read({folder.path(""), other.write("c.json", manifest("c"))});
  REQUIRE(gateways.size() == 3);
  CHECK(gateways[0].name == "a");
  CHECK(gateways[2].name == "c");
}

}  // namespace egress::cli

TEST_SUITE_END();
