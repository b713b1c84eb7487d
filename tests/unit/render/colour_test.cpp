#include "egress/render/colour.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "egress/render/table.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

/// Sets TERM and NO_COLOR for one test.
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

TEST_CASE("colours are enabled on a terminal that supports them, unless disabled") {
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

TEST_CASE("a colour does not count towards a column's width, and control characters in a cell are escaped") {
  const std::vector<Row> rows{{"NAME", "STATUS", "AGE"}, {"web", {"Ready", Colour::green}, "1s"}};
  CHECK(format_table(rows) ==
        "NAME   STATUS   AGE\n"
        "web    \x1b[32mReady\x1b[0m    1s\n");
  CHECK(format_table({{{"a\x1b[31mb", Colour::red}}}).find("\x1b[31mb") == std::string::npos);
  CHECK(format_fields({{"Status", {"Ready", Palette(true)(Colour::green)}}}) ==
        "Status:  \x1b[32mReady\x1b[0m\n");
  CHECK(format_fields({{"Status", {"Ready", Palette(false)(Colour::green)}}}) == "Status:  Ready\n");
}

TEST_CASE("a diff has removed lines in red and added lines in green") {
  CHECK(colourize_diff("@@ -1 +1 @@\n-a\n+b\n c\n") ==
        "\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n c\n");
  CHECK(colourize_diff("").empty());
}

TEST_CASE("names in any script are aligned") {
  CHECK(format_table({{"NAME", "AGE"}, {"\u00fc\u4e2d", "1s"}}) == "NAME   AGE\n\u00fc\u4e2d     1s\n");
}

}  // namespace egress::render

TEST_SUITE_END();
