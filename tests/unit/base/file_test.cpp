#include "egress/base/file.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "support/memory_file.hpp"
#include "support/mentions.hpp"
#include "support/secrets.hpp"

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

TEST_CASE("what was pasted where a path belongs is not shown") {
  const std::string key = testing::pem_key();
  const std::vector<std::string> secrets{key,
                                         encode_base64(key),
                                         encode_base64("Bag Attributes: none, and so on\n" + key),
                                         encode_base64_url(encode_base64(key)),
                                         "-----BEGIN OPENSSH " + std::string("s3cr3t"),
                                         testing::web_token,
                                         testing::bootstrap_token,
                                         "first\nsecond",
                                         "first\rsecond",
                                         R"({"token": "s3cr3t"})",
                                         std::string(256, 'x')};
  for (const std::string& secret : secrets)
    for (const std::string folder : {"", "/home/jane/.kube/"}) {
      const std::string path = folder + secret;
      CAPTURE(path);
      CHECK_FALSE(looks_like_path(path));
      CHECK(printable_path(path) == "<" + std::to_string(path.size()) + " bytes that are no path>");
      const auto tried = [](const std::function<void()>& what) {
        try {
          what();
        } catch (const Error& error) {
          return std::string(error.what());
        }
        return std::string();
      };
      CHECK(tried([&] { read_file(path); }).starts_with("open " + printable_path(path) + ": "));
      CHECK(tried([&] {
              check_writable("/nowhere/" + path);
            }).starts_with("open " + printable_path("/nowhere/" + path) + ": "));
    }
}

TEST_CASE("a path is shown as it is, but for what a terminal would obey and what is very long") {
  for (const std::string path : {"", "/", "a", "/home/jane/.kube/config", "../eyJ.crt", "/etc/tls/key.pem",
                                 "./my private key.pem", "/var/run/secrets/token"}) {
    CHECK(looks_like_path(path));
    CHECK(printable_path(path) == path);
  }
  CHECK(printable_path("/a\x1b[2Jb") == "/a^[[2Jb");
  CHECK(printable_path("/a\n") == "/a\\n");
  CHECK(printable_path("\r\n") == "\\n");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "/folder";
  CHECK(printable_path(deep) == deep.substr(0, 300) + "…");
}

TEST_CASE("a directory is not a file") {
  CHECK_THROWS_WITH_AS(read_file("/"), "read /: is a directory", Error);
}

TEST_CASE("a file that never ends is refused at the limit") {
  CHECK(testing::mentions(testing::error_of([] { read_file("/dev/zero", 1U << 20U); }),
                          {"read /dev/zero", "1 MiB"}));
}

TEST_CASE("a file of exactly the limit is read") {
  const MemoryFile file("12345");
  CHECK(read_file(file.path(), 5) == "12345");
  CHECK_THROWS_AS(read_file(file.path(), 4), Error);
}

TEST_CASE("an existing file or directory is found") {
  CHECK(file_exists("/"));
  CHECK(file_exists("/dev/null"));
  CHECK_FALSE(file_exists("/nowhere/at/all"));
  CHECK_FALSE(file_exists(""));
}

}  // namespace egress

TEST_SUITE_END();
