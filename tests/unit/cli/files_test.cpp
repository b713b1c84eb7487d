#include "egress/cli/files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "support/folder.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::Folder;

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

std::string fault_of(const std::string& text) {
  const Folder folder;
  const std::string file = folder.write("gateways.yaml", text);
  try {
    read({file});
  } catch (const Error& error) {
    std::string said = error.what();
    for (std::size_t at; (at = said.find(file)) != std::string::npos;) said.replace(at, file.size(), "FILE");
    return said;
  }
  return "";
}

}  // namespace

TEST_CASE("every fault of every document names file, document, line and field") {
  CHECK(fault_of(form("a", "  prot: 5\n")) ==
        "FILE, line 6: unknown field \"spec.prot\"; did you mean \"spec.port\"?");
  CHECK(fault_of(form("a", "  prot: 5\n") + "---\n" + form("b") + "---\n" +
                 form("c", "  tls: {mod: simple}\n  gateway:\n    hubb: x\n")) ==
        "FILE, document 1, line 6: unknown field \"spec.prot\"; did you mean \"spec.port\"?\n"
        "error: FILE, document 3, line 19: unknown field \"spec.tls.mod\"; did you mean \"spec.tls.mode\"?\n"
        "error: FILE, document 3, line 21: unknown field \"spec.gateway.hubb\"");
  CHECK(fault_of(head) != "");
  CHECK(fault_of("sepc: {}\n" + form("a")) == "FILE, line 1: unknown field \"sepc\"; did you mean \"spec\"?");
}

TEST_CASE("a value that cannot be had names file, document, line and field, too") {
  CHECK(fault_of(form("a", "  port: 99999\n")) ==
        "FILE, line 6: spec.port: the port 99999 is not between 1 and 65535");
  CHECK(
      fault_of(form("a") + "---\n" + head +
               "metadata:\n  name: B\n  labels:\n    a.example/team: '-'\nspec:\n  hosts:\n"
               "    - b.example\n    - nodot\n  gateway:\n    logLevel: debgu\n") ==
      "FILE, document 2, line 10: metadata.name: the name \"B\" must be lower-case letters, digits and '-', "
      "begin with a letter and end with a letter or digit\n"
      "error: FILE, document 2, line 12: metadata.labels[a.example/team]: the value \"-\" of the label "
      "\"a.example/team\" is not one: at most 63 letters, digits, -, _ and .\n"
      "error: FILE, document 2, line 16: spec.hosts[1]: the host \"nodot\" has no dot; Istio needs the full "
      "name, such as httpbin.org\n"
      "error: FILE, document 2, line 18: spec.gateway.logLevel: the log level \"debgu\" is none of trace, "
      "debug, info, warning, error, critical, off; did you mean \"debug\"?");
}

TEST_CASE("what is missing is missing in the line of what it should be in") {
  CHECK(fault_of(head + "metadata: {name: a}\nspec:\n  protocol: TCP\n  hosts: [a.example]\n") ==
        "FILE, line 4: protocol TCP needs the port of the service: --port 5432 (spec.port)\n"
        "error: FILE, line 4: protocol TCP needs the address that callers dial, --address 192.0.2.10 "
        "(spec.addresses): without one a sidecar would take every connection to its port for this service");
}

TEST_CASE("a kind, or a version of it, that is nearly right is told what is meant") {
  const std::string kind = "this is not an EgressGateway of kubectl-egress/v1alpha1, but kind ";
  CHECK(fault_of("apiVersion: kubectl-egress/v1alpha1\nkind: EgressGatway\n") ==
        "FILE, line 2: " + kind +
            "\"EgressGatway\" of apiVersion \"kubectl-egress/v1alpha1\"; did you mean \"EgressGateway\"?");
  CHECK(
      fault_of("kind: EgressGateway\napiVersion: kubectl-egress/v1\n") ==
      "FILE, line 2: " + kind +
          "\"EgressGateway\" of apiVersion \"kubectl-egress/v1\"; did you mean \"kubectl-egress/v1alpha1\"?");
  CHECK(fault_of("kind: egressgateway\napiVersion: kubectl-egress/v1alpha1\n")
            .ends_with("; did you mean \"EgressGateway\"?"));
  CHECK(fault_of("apiVersion: networking.istio.io/v1\nkind: Gateway\n") ==
        "FILE, line 2: " + kind + "\"Gateway\" of apiVersion \"networking.istio.io/v1\"");
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
  std::string said;
  try {
    read({missing, empty, malformed, others.path(""), faulty});
  } catch (const Error& error) {
    said = error.what();
    CHECK(error.hint() == "Files in the folders below it are read with -R.");
  }
  const std::vector<std::string> lines = split(said, '\n');
  REQUIRE_MESSAGE(lines.size() == 6, said);
  CHECK(lines[0] == "no file ending in .yaml, .yml or .json is in " + empty);
  CHECK(lines[1] == "error: " + missing + ": open " + missing + ": no such file or directory");
  CHECK(lines[2].starts_with("error: " + malformed + ": invalid YAML at line "));
  CHECK(lines[3].starts_with("error: " + others.path("1.yaml") + ": invalid YAML at line "));
  CHECK(lines[4] == "error: " + others.path("2.yaml") +
                        ", line 6: unknown field \"spec.prot\"; did you mean \"spec.port\"?");
  CHECK(lines[5] == "error: " + faulty + ", line 6: spec.port: the port 0 is not between 1 and 65535");
}

TEST_CASE("a field that is written twice is refused") {
  CHECK(fault_of(form("a", "  port: 443\n  port: 8443\n")) ==
        "FILE: invalid YAML at line 7: the key \"port\" is already set in this map");
}

TEST_CASE("of very many faults only the first are told, and how many more there are") {
  std::string text;
  for (int i = 0; i < 25; ++i) text += form("g" + std::to_string(i), "  prot: 5\n") + "---\n";
  const std::string fault = fault_of(text);
  CHECK(fault.find("document 20, line") != std::string::npos);
  CHECK(fault.find("document 21") == std::string::npos);
  CHECK(fault.ends_with("\nerror: and 5 more like these"));
}

TEST_CASE("two documents of one name are told of with the place of the first") {
  const std::string fault = fault_of(form("a") + "---\n" + form("a"));
  CHECK(fault.starts_with("FILE, document 2, line 9: metadata.name: egressgateway \"a\" in namespace"));
  CHECK(fault.ends_with(" stands in FILE, document 1, too"));
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
