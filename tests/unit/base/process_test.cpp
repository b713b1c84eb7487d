#include "egress/base/process.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

Ended shell(const std::string& script) {
  return run({.command = "sh", .arguments = {"-c", script}});
}

}  // namespace

TEST_CASE("a program's standard output is taken, its exit code told") {
  const Ended said = shell("printf 'one\\ntwo'");
  CHECK(said.ok());
  CHECK(said.output == "one\ntwo");
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
  const Ended said = run({.command = "sh",
                          .arguments = {"-c", "printf \"$EGRESS_TEST_OLD $EGRESS_TEST_NEW $HOME\""},
                          .variables = {{"EGRESS_TEST_NEW", "first"}, {"EGRESS_TEST_NEW", "last"}}});
  CHECK(said.output.starts_with("old last /"));
  const Ended replaced = run({.command = "sh",
                              .arguments = {"-c", "printf \"$EGRESS_TEST_OLD\""},
                              .variables = {{"EGRESS_TEST_OLD", "other"}}});
  CHECK(replaced.output == "other");
  ::unsetenv("EGRESS_TEST_OLD");
}

TEST_CASE("a program that is not there is told from one that may not be run") {
  CHECK(run({.command = "egress-no-such-program"}).start_error == ENOENT);
  CHECK(run({.command = "/nowhere/program"}).start_error == ENOENT);
  CHECK(run({.command = "/etc/passwd"}).start_error == EACCES);
  CHECK(program_path("egress-no-such-program").empty());
  CHECK(program_path("sh").ends_with("/sh"));
  CHECK(program_path("/nowhere/program").empty());
}

TEST_CASE("a program that writes without end is ended") {
  CHECK_THROWS_WITH_AS(run({.command = "yes"}, 1U << 16U), "the program yes writes more than 64 KiB", Error);
}

TEST_CASE("what a silent program says on standard error is not seen") {
  const Ended said = run({.command = "sh", .arguments = {"-c", "readlink /proc/self/fd/2"}, .silent = true});
  CHECK(said.output == "/dev/null\n");
}

}  // namespace egress

TEST_SUITE_END();
