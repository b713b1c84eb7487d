#include "egress/base/file.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/memory_file.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using testing::MemoryFile;

}  // namespace

TEST_CASE("a file is read whole, as it is") {
  const std::string content(
      "a\r\n\0\xff"
      "end",
      8);
  CHECK(read_file(MemoryFile(content).path()) == content);
  CHECK(read_file(MemoryFile("").path()).empty());
}

TEST_CASE("a file larger than the reading buffer is read whole") {
  const std::string content(200'000, 'x');
  CHECK(read_file(MemoryFile(content).path()) == content);
}

TEST_CASE("a pipe is read to its end") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "token", 5) == 5);
  ::close(ends[1]);
  CHECK(read_file("/proc/self/fd/" + std::to_string(ends[0])) == "token");
  ::close(ends[0]);
}

TEST_CASE("a missing file is named as client-go does") {
  CHECK_THROWS_WITH_AS(read_file("/nowhere/at/all"), "open /nowhere/at/all: no such file or directory",
                       Error);
}

TEST_CASE("a directory is not a file") {
  CHECK_THROWS_WITH_AS(read_file("/"), "read /: is a directory", Error);
}

TEST_CASE("a file that never ends is refused at the limit") {
  CHECK_THROWS_WITH_AS(read_file("/dev/zero", 1U << 20U), "read /dev/zero: it is larger than 1 MiB", Error);
}

TEST_CASE("a file of exactly the limit is read") {
  const MemoryFile file("12345");
  CHECK(read_file(file.path(), 5) == "12345");
  CHECK_THROWS_AS(read_file(file.path(), 4), Error);
}

TEST_CASE("what stands at a path is there, be it a file or a directory") {
  CHECK(file_exists("/"));
  CHECK(file_exists("/dev/null"));
  CHECK_FALSE(file_exists("/nowhere/at/all"));
  CHECK_FALSE(file_exists(""));
}

}  // namespace egress

TEST_SUITE_END();
