#include "egress/base/process.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

ProcessResult shell(const std::string& script) {
  return run_program({.command = "sh", .arguments = {"-c", script}});
}

}  // namespace

TEST_CASE("a program's standard output is taken, its exit code told") {
  const ProcessResult result = shell("printf 'one\\ntwo'");
  CHECK(result.ok());
  CHECK(result.output == "one\ntwo");
  CHECK(shell("exit 3").status == 3);
  CHECK_FALSE(shell("exit 3").ok());
  CHECK(shell("kill -9 $$").status == 137);
}

TEST_CASE("a program reads nothing from the terminal unless it may") {
  CHECK(shell("cat").output.empty());
  CHECK(shell("readlink /proc/self/fd/0").output == "/dev/null\n");
}

TEST_CASE("a program has this one's environment, and variables of its own in front of it") {
  ::setenv("EGRESS_TEST_OLD", "old", 1);
  const ProcessResult result =
      run_program({.command = "sh",
                   .arguments = {"-c", "printf \"$EGRESS_TEST_OLD $EGRESS_TEST_NEW $HOME\""},
                   .environment = {{"EGRESS_TEST_NEW", "first"}, {"EGRESS_TEST_NEW", "last"}}});
  CHECK(result.output.starts_with("old last /"));
  const ProcessResult other = run_program({.command = "sh",
                                           .arguments = {"-c", "printf \"$EGRESS_TEST_OLD\""},
                                           .environment = {{"EGRESS_TEST_OLD", "other"}}});
  CHECK(other.output == "other");
  ::unsetenv("EGRESS_TEST_OLD");
}

TEST_CASE("a missing program and one without permission have different errors") {
  CHECK(run_program({.command = "egress-no-such-program"}).start_error == ENOENT);
  CHECK(run_program({.command = "/nowhere/program"}).start_error == ENOENT);
  CHECK(run_program({.command = "/etc/passwd"}).start_error == EACCES);
  CHECK(find_program("egress-no-such-program").empty());
  CHECK(find_program("sh").ends_with("/sh"));
  CHECK(find_program("/nowhere/program").empty());
}

TEST_CASE("a program that writes without end is ended") {
  CHECK_THROWS_WITH_AS(run_program({.command = "yes"}, 1U << 16U), "the program yes writes more than 64 KiB",
                       Error);
}

TEST_CASE("what a silent program says on standard error is not seen") {
  const ProcessResult result = run_program(
      {.command = "sh", .arguments = {"-c", "readlink /proc/self/fd/2"}, .discards_stderr = true});
  CHECK(result.output == "/dev/null\n");
}

}  // namespace egress

TEST_SUITE_END();
