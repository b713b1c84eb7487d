#include "egress/cli/progress_lines.hpp"

#include <doctest/doctest.h>

#include <sstream>

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Progress lines with or without a terminal, and a clock that the test advances.
struct Terminal {
  explicit Terminal(std::optional<TerminalSize> initial_size = TerminalSize{24, 40}) : size(initial_size) {}

  /// The output since the last call.
  std::string written() {
    std::string text = out.str();
    out.str({});
    return text;
  }

  std::optional<TerminalSize> size;
  std::chrono::steady_clock::time_point now{};
  std::ostringstream out;
  ProgressLines lines{out, [this] { return size; }, [this] { return now; }};
};

}  // namespace

TEST_CASE("a line shows the elapsed time and is cleared before other output") {
  Terminal terminal;
  terminal.lines.set("web", "1 object written");
  CHECK(terminal.written() == "web: 1 object written, 0s");
  terminal.now += seconds(3);
  terminal.lines.tick();
  CHECK(terminal.written() == "\r\x1b[Jweb: 1 object written, 3s");
  terminal.lines.clear();
  CHECK(terminal.written() == "\r\x1b[J");
  terminal.lines.clear();
  CHECK(terminal.written().empty());
  terminal.lines.remove("web");
  terminal.lines.tick();
  CHECK(terminal.written().empty());
}

TEST_CASE("each gateway has its own line, and only as many as fit are drawn") {
  Terminal terminal(TerminalSize{6, 40});
  for (const char* name : {"a", "b", "c", "d"}) {
    terminal.now += seconds(1);
    terminal.lines.set(name, "waits");
  }
  CHECK(terminal.written().ends_with("b: waits, 2s\nc: waits, 1s\nd: waits, 0s"));
  terminal.lines.clear();
  CHECK(terminal.written() == "\r\x1b[2A\x1b[J");
}

TEST_CASE("a line is truncated to the terminal's width in characters, also after a resize") {
  Terminal terminal(TerminalSize{24, 12});
  terminal.lines.set("w\u00e9b", "pods are not ready");
  CHECK(terminal.written() == "w\u00e9b: pods a");
  terminal.size->columns = 5;
  terminal.lines.clear();
  CHECK(terminal.written() == "\r\x1b[2A\x1b[J");
  terminal.now += seconds(1);
  terminal.lines.tick();
  CHECK(terminal.written() == "w\u00e9b:");
}

TEST_CASE("line breaks become spaces and control characters are escaped") {
  Terminal terminal;
  terminal.lines.set("web", "<html>\n<head>\t\x1b[2J");
  const std::string written = terminal.written();
  CHECK(written.starts_with("web: <html> <head> "));
  CHECK(written.find('\x1b') == std::string::npos);
}

TEST_CASE("frequent updates are drawn ten times a second") {
  Terminal terminal;
  terminal.lines.set("web", "1");
  terminal.written();
  terminal.now += milliseconds(50);
  terminal.lines.set("web", "2");
  CHECK(terminal.written().empty());
  terminal.now += milliseconds(50);
  terminal.lines.tick();
  CHECK(terminal.written() == "\r\x1b[Jweb: 2, 0s");
}

TEST_CASE("without a terminal a line is printed after a delay, and again after it changes") {
  Terminal pipe(std::nullopt);
  pipe.lines.set("web", "1 object written");
  pipe.lines.set("web", "0 of 1 pods are ready");
  CHECK(pipe.written().empty());
  pipe.now += seconds(2);
  pipe.lines.tick();
  CHECK(pipe.written() == "web: 0 of 1 pods are ready\n");
  pipe.now += seconds(30);
  pipe.lines.tick();
  CHECK(pipe.written().empty());
  pipe.lines.set("web", "1 of 2 pods are ready");
  CHECK(pipe.written() == "web: 1 of 2 pods are ready\n");
  pipe.lines.set("web", "2 of 3 pods are ready");
  CHECK(pipe.written().empty());
  pipe.lines.clear();
  CHECK(pipe.written().empty());
}

}  // namespace egress::cli

TEST_SUITE_END();
