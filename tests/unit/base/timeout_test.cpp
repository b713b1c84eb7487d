#include "egress/base/timeout.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "egress/base/process.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

TEST_CASE("what is done in time is handed back whole") {
  CHECK(run_with_timeout(seconds(20), [] { return std::string(); }) == "");
  CHECK(run_with_timeout(seconds(20), [] { return std::string("a\nb"); }) == "a\nb");
  std::string large(3U << 20U, 'x');
  CHECK(run_with_timeout(seconds(20), [&] { return large; }) == large);
}

TEST_CASE("what is late, fails or crashes hands back nothing") {
  CHECK_FALSE(run_with_timeout(milliseconds(50), [] {
    ::sleep(20);
    return std::string("late");
  }));
  CHECK_FALSE(run_with_timeout(seconds(20), []() -> std::string { throw std::runtime_error("no"); }));
  CHECK_FALSE(run_with_timeout(seconds(20), []() -> std::string { ::_exit(0); }));
}

TEST_CASE("a program that is late ends with it") {
  const testing::TemporaryDirectory folder;
  const std::string file = folder.write("pid", "");
  CHECK_FALSE(run_with_timeout(seconds(2), [&] {
    return run_program({.command = "/bin/sh", .arguments = {"-c", "echo $$ >" + file + "; exec sleep 60"}})
        .output;
  }));
  std::FILE* written = std::fopen(file.c_str(), "r");
  REQUIRE(written != nullptr);
  int pid = 0;
  CHECK(std::fscanf(written, "%d", &pid) == 1);
  std::fclose(written);
  REQUIRE(pid > 1);
  // The process that adopts orphans needs a moment.
  for (int i = 0; i < 500 && ::kill(pid, 0) == 0; ++i) ::usleep(10'000);
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("it has no terminal, and its standard streams lead nowhere") {
  const auto seen = run_with_timeout(seconds(20), [] {
    char one = 0;
    const bool nothing_to_read = ::read(STDIN_FILENO, &one, 1) == 0;
    const bool terminal = ::open("/dev/tty", O_RDONLY | O_CLOEXEC) >= 0;
    std::puts("this must not be seen");
    std::fflush(stdout);
    return std::string(nothing_to_read ? "nothing to read" : "something") + (terminal ? ", a terminal" : "");
  });
  CHECK(seen == "nothing to read");
}

}  // namespace egress

TEST_SUITE_END();
