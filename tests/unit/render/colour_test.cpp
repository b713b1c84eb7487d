#include "egress/render/colour.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "egress/render/table.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

/// The environment of a terminal, for one test.
struct Environment {
  Environment(const char* term, const char* no_color) {
    set("TERM", term);
    set("NO_COLOR", no_color);
  }
  ~Environment() {
    set("TERM", nullptr);
    set("NO_COLOR", nullptr);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  static void set(const char* name, const char* value) {
    if (value == nullptr)
      unsetenv(name);
    else
      setenv(name, value, 1);
  }
};

bool automatic(const char* term, const char* no_color, bool is_terminal = true) {
  const Environment environment(term, no_color);
  return wants_colours("auto", is_terminal);
}

}  // namespace

TEST_CASE("there are colours on a terminal that has them, unless somebody wants none") {
  CHECK(automatic("xterm", nullptr));
  CHECK(automatic("xterm", ""));
  CHECK_FALSE(automatic("xterm", "1"));
  CHECK_FALSE(automatic("dumb", nullptr));
  CHECK_FALSE(automatic(nullptr, nullptr));
  CHECK_FALSE(automatic("xterm", nullptr, false));
  const Environment environment("dumb", "1");
  CHECK(wants_colours("always", false));
  CHECK_FALSE(wants_colours("never", true));
}

TEST_CASE("a colour takes no room in a table, and what a cell holds is shown and not obeyed") {
  const std::vector<Row> rows{{"NAME", "STATUS", "AGE"}, {"web", {"Ready", Colour::green}, "1s"}};
  CHECK(table(rows) ==
        "NAME   STATUS   AGE\n"
        "web    \x1b[32mReady\x1b[0m    1s\n");
  CHECK(table({{{"a\x1b[31mb", Colour::red}}}).find("\x1b[31mb") == std::string::npos);
  CHECK(fields({{"Status", {"Ready", Palette(true)(Colour::green)}}}) == "Status:  \x1b[32mReady\x1b[0m\n");
  CHECK(fields({{"Status", {"Ready", Palette(false)(Colour::green)}}}) == "Status:  Ready\n");
}

TEST_CASE("a diff has what goes in red and what comes in green") {
  CHECK(painted_diff("@@ -1 +1 @@\n-a\n+b\n c\n") ==
        "\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n c\n");
  CHECK(painted_diff("").empty());
}

TEST_CASE("names in any script stand in their columns") {
  CHECK(table({{"NAME", "AGE"}, {"\u00fc\u4e2d", "1s"}}) == "NAME   AGE\n\u00fc\u4e2d     1s\n");
}

}  // namespace egress::render

TEST_SUITE_END();
