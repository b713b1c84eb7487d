#include "egress/cli/ca_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::mentions;
using testing::TemporaryDirectory;

/// A design with that CA; without a CA if it is empty.
mesh::Design self_signed(const std::string& ca) {
  mesh::Design design = testing::istio_1_30_design();
  design.egress.ingress.emplace();
  design.egress.ingress->hosts = {ca + ".example"};
  if (!ca.empty()) design.self_signed = SelfSignedCertificate{ca + "\n", "key", "certificate", "key"};
  return design;
}

struct TestSession {
  std::ostringstream out;
  std::ostringstream err;
  Session session{{out, err}};
};

}  // namespace

TEST_CASE("the CAs of several gateways are in one file, in the order of the gateways") {
  const TemporaryDirectory folder;
  const std::string path = folder.write("ca.crt", "from an earlier run and longer than the new content");
  TestSession test;
  CaFile ca_file(test.session, path);
  ca_file.add(2, self_signed("c"));
  ca_file.add(1, self_signed(""));
  ca_file.add(0, self_signed("a"));
  ca_file.save();
  CHECK(read_file(path) == "a\nc\n");
  CHECK(mentions(test.err.str(), {"2 gateways", "CA", path}));
}

TEST_CASE("for a single gateway the URL whose callers must trust the CA is printed") {
  const TemporaryDirectory folder;
  TestSession test;
  CaFile ca_file(test.session, folder.path("ca.crt"));
  ca_file.add(0, self_signed("a"));
  ca_file.save();
  CHECK(read_file(folder.path("ca.crt")) == "a\n");
  CHECK(mentions(test.err.str(), {"CA", "https://a.example/", folder.path("ca.crt")}));
}

TEST_CASE("without --save-ca the CA is printed; without a CA the file is not changed") {
  TestSession no_file;
  CaFile without_path(no_file.session, "");
  without_path.add(0, self_signed("a"));
  without_path.save();
  CHECK(mentions(no_file.err.str(), {"CA", "https://a.example/"}));
  CHECK(no_file.err.str().ends_with(":\na\n"));

  const TemporaryDirectory folder;
  const std::string path = folder.write("ca.crt", "as it was");
  TestSession test;
  CaFile ca_file(test.session, path);
  ca_file.add(0, self_signed(""));
  ca_file.save();
  CHECK(read_file(path) == "as it was");
  CHECK(mentions(test.err.str(), {"Warning", "--save-ca"}));
}

TEST_CASE("a CA file that cannot be written is rejected first, and never created early") {
  const TemporaryDirectory folder;
  TestSession test;
  for (const std::string& path : {folder.path(""), folder.path("missing/ca.crt"), folder.path("ca.crt/")}) {
    CAPTURE(path);
    CHECK_THROWS_WITH_AS(CaFile(test.session, path), doctest::Contains(("open " + path + ": ").c_str()),
                         Error);
  }
  const CaFile ca_file(test.session, folder.path("ca.crt"));
  CHECK(std::filesystem::is_empty(folder.path("")));
}

}  // namespace egress::cli

TEST_SUITE_END();
