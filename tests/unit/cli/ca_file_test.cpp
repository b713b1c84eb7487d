#include "egress/cli/ca_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "support/designs.hpp"
#include "support/folder.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using testing::Folder;
using testing::mentions;

/// A design with that CA, or with none.
mesh::Design self_signed(const std::string& ca) {
  mesh::Design design = testing::todays_design();
  design.egress.ingress.emplace();
  design.egress.ingress->hosts = {ca + ".example"};
  if (!ca.empty()) design.self_signed = SelfSigned{ca + "\n", "key", "certificate", "key"};
  return design;
}

struct Run {
  std::ostringstream out;
  std::ostringstream err;
  Session session{{out, err}};
};

}  // namespace

TEST_CASE("the CAs of several gateways are in one file, in the order of the gateways") {
  const Folder folder;
  const std::string path = folder.write("ca.crt", "of an earlier run, and longer than what comes now");
  Run run;
  CaFile cas(run.session, path);
  cas.put(2, self_signed("c"));
  cas.put(1, self_signed(""));
  cas.put(0, self_signed("a"));
  cas.save();
  CHECK(read_file(path) == "a\nc\n");
  CHECK(mentions(run.err.str(), {"2 gateways", "CA", path}));
}

TEST_CASE("of one gateway it is told whose callers are to trust the CA") {
  const Folder folder;
  Run run;
  CaFile cas(run.session, folder.path("ca.crt"));
  cas.put(0, self_signed("a"));
  cas.save();
  CHECK(read_file(folder.path("ca.crt")) == "a\n");
  CHECK(mentions(run.err.str(), {"CA", "https://a.example/", folder.path("ca.crt")}));
}

TEST_CASE("without a file the CA is told, and without a CA a file is left as it is") {
  Run told;
  CaFile none(told.session, "");
  none.put(0, self_signed("a"));
  none.save();
  CHECK(mentions(told.err.str(), {"CA", "https://a.example/"}));
  CHECK(told.err.str().ends_with(":\na\n"));

  const Folder folder;
  const std::string path = folder.write("ca.crt", "as it was");
  Run run;
  CaFile cas(run.session, path);
  cas.put(0, self_signed(""));
  cas.save();
  CHECK(read_file(path) == "as it was");
  CHECK(mentions(run.err.str(), {"Warning", "--save-ca"}));
}

TEST_CASE("a file that could not be written is refused before anything else is done, and not made either") {
  const Folder folder;
  Run run;
  for (const std::string& path : {folder.path(""), folder.path("missing/ca.crt"), folder.path("ca.crt/")}) {
    CAPTURE(path);
    CHECK_THROWS_WITH_AS(CaFile(run.session, path), doctest::Contains(("open " + path + ": ").c_str()),
                         Error);
  }
  const CaFile cas(run.session, folder.path("ca.crt"));
  CHECK(std::filesystem::is_empty(folder.path("")));
}

}  // namespace egress::cli

TEST_SUITE_END();
