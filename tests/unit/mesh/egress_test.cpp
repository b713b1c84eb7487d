#include "egress/mesh/egress.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/mesh/host_name.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {

TEST_CASE("a name is a label that begins with a letter, and leaves room for -egress") {
  mesh::Egress egress = testing::httpbin();
  for (const char* name : {"a", "httpbin", "a-1"}) {
    egress.name = name;
    CHECK_NOTHROW(mesh::validated(egress));
  }
  egress.name = std::string(56, 'a');
  CHECK_NOTHROW(mesh::validated(egress));
  for (const char* name : {"", "-a", "a-", "1a", "A", "a.b", "a_b", "ä"}) {
    CAPTURE(name);
    egress.name = name;
    CHECK_THROWS_AS(mesh::validated(egress), Error);
  }
  egress.name = std::string(57, 'a');
  CHECK_THROWS_WITH(mesh::validated(egress),
                    ("the name \"" + egress.name + "\" has 57 characters; 56 are allowed").c_str());
}

TEST_CASE("a host is a full name in lower case") {
  for (const char* host : {"httpbin.org", "a.b", "xn--bcher-kva.example", "1.example", "a-b.c-d.e"}) {
    CAPTURE(host);
    CHECK(mesh::host_fault(host).empty());
  }
  for (const char* host :
       {"", "httpbin", "HTTPBIN.org", "httpbin.org.", ".httpbin.org", "a..b", "-a.b", "a_b.c",
        "httpbin.org:443", "https://httpbin.org", "httpbin.org/get", "10.0.0.1", "::1", "*.org", "a b.c"}) {
    CAPTURE(host);
    CHECK_FALSE(mesh::host_fault(host).empty());
  }
  CHECK_FALSE(mesh::host_fault(std::string(252, 'a') + ".b").empty());
}

TEST_CASE("every fault is said, not only the first") {
  mesh::Egress egress = testing::httpbin();
  egress.name = "A";
  egress.host = "httpbin";
  egress.port = 0;
  egress.aliases = {"bin.example", "bin.example"};
  try {
    mesh::validated(egress);
    FAIL("it was taken");
  } catch (const Error& error) {
    const std::string text = error.what();
    CHECK(text.find("the name \"A\"") != std::string::npos);
    CHECK(text.find("the host \"httpbin\" has no dot") != std::string::npos);
    CHECK(text.find("the port 0") != std::string::npos);
    CHECK(text.find("the alias \"bin.example\" is given twice") != std::string::npos);
  }
}

TEST_CASE("the file form is read back as it was") {
  mesh::Egress egress = testing::httpbin();
  egress.port = 8443;
  egress.aliases = {"bin.corp.example", "b.example"};
  egress.max_replicas = 9;
  const mesh::Egress back = mesh::read_egress(mesh::file_form(egress));
  CHECK(mesh::file_form(back) == mesh::file_form(egress));
  CHECK(back.aliases == egress.aliases);
  CHECK(back.port == 8443);
  CHECK(back.max_replicas == 9);
}

TEST_CASE("another kind, or a form that names an impossible host, is not taken") {
  Json form = mesh::file_form(testing::httpbin());
  form.set("kind", "Pod");
  CHECK_THROWS_AS(mesh::read_egress(form), Error);
  form = mesh::file_form(testing::httpbin());
  form.edit("spec").set("hosts", array({"*"}));
  CHECK_THROWS_AS(mesh::read_egress(form), Error);
}

}  // namespace egress

TEST_SUITE_END();
