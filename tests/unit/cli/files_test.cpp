#include "egress/cli/files.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/error.hpp"
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
  CHECK(fault_of("apiVersion: kubectl-egress/v1alpha1\nkind: EgressGatway\n")
            .starts_with("FILE, line 2: this is not"));
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
  CHECK(fault.starts_with("FILE, document 2: "));
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
