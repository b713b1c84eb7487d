#include <doctest/doctest.h>

#include "egress/base/program.hpp"
#include "egress/cli/help.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

Help sample() {
  Help help;
  help.name = "create";
  help.sentence = "Make an egress gateway";
  help.usage = "kubectl egress create NAME [options]";
  help.examples =
      "  # A wildcard\n  kubectl egress create web --host '*.example.com'\n\n  # Another\n  kubectl egress "
      "create x";
  help.exit_status = "0: done";
  help.groups = {{"Options", {{"-o, --output", "''", ".yaml or a \\ in \"text\""}}}};
  return help;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a man page is named after its command, and names the program's version") {
  const std::string page = man_page(sample());
  CHECK(page.starts_with(".TH KUBECTL\\-EGRESS\\-CREATE 1 \"\" \"kubectl\\-egress "));
  CHECK(has(page, std::string(program_version.substr(0, program_version.find('-')))));
  CHECK(has(page, ".SH NAME\nkubectl\\-egress\\-create \\- Make an egress gateway\n"));
  CHECK(has(page, "\\fBkubectl egress create\\fR NAME [options]\n"));
}

TEST_CASE("nothing that help says is a request of roff") {
  const std::string page = man_page(sample());
  CHECK(has(page, ".TP\n\\fB\\-o, \\-\\-output\\fR=\\(aq\\(aq\n\\&.yaml or a \\e in \\(dqtext\\(dq.\n"));
  CHECK(has(page, "kubectl egress create web \\-\\-host \\(aq*.example.com\\(aq\n"));
}

TEST_CASE("the page of all commands lists them, and those of one lead to it") {
  Help root;
  root.sentence = "Egress gateways";
  root.usage = "kubectl egress COMMAND [options]";
  root.commands = {sample()};
  CHECK(has(man_page(root), ".TP\n\\fBkubectl\\-egress\\-create\\fR(1)\nMake an egress gateway.\n"));
  CHECK_FALSE(has(man_page(root), "\\fBkubectl\\-egress\\fR(1)"));
  CHECK(has(man_page(sample()), ".SH SEE ALSO\n\\fBkubectl\\-egress\\fR(1), \\fBkubectl\\fR(1)\n"));
}

}  // namespace egress::cli

TEST_SUITE_END();
