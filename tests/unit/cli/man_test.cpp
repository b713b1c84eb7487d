#include <doctest/doctest.h>

#include "egress/base/version.hpp"
#include "egress/cli/help.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

Help sample() {
  Help help;
  help.name = "create";
  help.summary = "Create an egress gateway";
  help.usage = "kubectl egress create NAME [options]";
  help.examples =
      "  # A wildcard\n  kubectl egress create web --host '*.example.com'\n\n  # Another\n  kubectl egress "
      "create x";
  help.exit_status = "0: success";
  help.groups = {{"Options", {{"-o, --output", "''", ".yaml or a \\ in \"text\""}}}};
  return help;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a man page is named after its command, and names the program's version") {
  const std::string page = man_page(sample());
  CHECK(page.starts_with(".TH KUBECTL\\-EGRESS\\-CREATE 1 \"\" \"kubectl\\-egress "));
  CHECK(contains(page, std::string(program_version.substr(0, program_version.find('-')))));
  CHECK(contains(page, ".SH NAME\nkubectl\\-egress\\-create \\- Create an egress gateway\n"));
  CHECK(contains(page, "\\fBkubectl egress create\\fR NAME [options]\n"));
}

TEST_CASE("help text is escaped for roff") {
  const std::string page = man_page(sample());
  CHECK(contains(page, ".TP\n\\fB\\-o, \\-\\-output\\fR=\\(aq\\(aq\n\\&.yaml or a \\e in \\(dqtext\\(dq.\n"));
  CHECK(contains(page, "kubectl egress create web \\-\\-host \\(aq*.example.com\\(aq\n"));
}

TEST_CASE("the main man page lists all commands, and each command's page refers to it") {
  Help root;
  root.summary = "Egress gateways";
  root.usage = "kubectl egress COMMAND [options]";
  root.commands = {sample()};
  CHECK(contains(man_page(root), ".TP\n\\fBkubectl\\-egress\\-create\\fR(1)\nCreate an egress gateway.\n"));
  CHECK_FALSE(contains(man_page(root), "\\fBkubectl\\-egress\\fR(1)"));
  CHECK(contains(man_page(sample()), ".SH SEE ALSO\n\\fBkubectl\\-egress\\fR(1), \\fBkubectl\\fR(1)\n"));
}

}  // namespace egress::cli

TEST_SUITE_END();
