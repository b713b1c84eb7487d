#include "egress/kube/token_file.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/folder.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Folder;

/// A token file whose clock stands still until it is moved.
struct Rotated {
  Folder folder;
  std::chrono::steady_clock::time_point now;
  std::string path = folder.write("token", " first\n");
  TokenFile login{path, "", [this] { return now; }};

  std::vector<std::string> headers() {
    Proof proof;
    login.prove(proof);
    return proof.headers;
  }
};

}  // namespace

TEST_CASE("a token file's trimmed content is sent") {
  CHECK(Rotated().headers() == std::vector<std::string>{"Authorization: Bearer first"});
}

TEST_CASE("a token file is read again after fifty seconds, not before") {
  Rotated rotated;
  rotated.folder.write("token", "second");
  rotated.now += std::chrono::seconds(49);
  CHECK(rotated.headers() == std::vector<std::string>{"Authorization: Bearer first"});
  rotated.now += std::chrono::seconds(1);
  CHECK(rotated.headers() == std::vector<std::string>{"Authorization: Bearer second"});
}

TEST_CASE("a token file that cannot be read again leaves the last token") {
  Rotated rotated;
  std::filesystem::remove(rotated.path);
  rotated.now += std::chrono::seconds(60);
  CHECK(rotated.headers() == std::vector<std::string>{"Authorization: Bearer first"});
  CHECK_FALSE(rotated.login.renew());
}

TEST_CASE("a refused token is renewed where the file has another one by now") {
  Rotated rotated;
  CHECK_FALSE(rotated.login.renew());
  rotated.folder.write("token", "second");
  CHECK(rotated.login.renew());
  CHECK(rotated.headers() == std::vector<std::string>{"Authorization: Bearer second"});
}

TEST_CASE("an empty token file is no token") {
  const Folder folder;
  TokenFile login(folder.write("token", "\n"));
  Proof proof;
  login.prove(proof);
  CHECK(proof.headers.empty());
}

}  // namespace egress::kube

TEST_SUITE_END();
