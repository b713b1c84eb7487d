#include "egress/kube/token_file.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::TemporaryDirectory;

/// A token file with a clock that moves only on request.
struct RotatedTokenFile {
  TemporaryDirectory folder;
  std::chrono::steady_clock::time_point now;
  std::string path = folder.write("token", " first\n");
  TokenFile authenticator{path, "", [this] { return now; }};

  std::vector<std::string> headers() {
    Credentials credentials;
    authenticator.authenticate(credentials);
    return credentials.headers;
  }
};

}  // namespace

TEST_CASE("a token file's trimmed content is sent") {
  CHECK(RotatedTokenFile().headers() == std::vector<std::string>{"Authorization: Bearer first"});
}

TEST_CASE("a token file is reloaded after 50 seconds") {
  RotatedTokenFile file;
  file.folder.write("token", "second");
  file.now += std::chrono::seconds(49);
  CHECK(file.headers() == std::vector<std::string>{"Authorization: Bearer first"});
  file.now += std::chrono::seconds(1);
  CHECK(file.headers() == std::vector<std::string>{"Authorization: Bearer second"});
}

TEST_CASE("a token file that cannot be reloaded keeps the last token") {
  RotatedTokenFile file;
  std::filesystem::remove(file.path);
  file.now += std::chrono::seconds(60);
  CHECK(file.headers() == std::vector<std::string>{"Authorization: Bearer first"});
  CHECK_FALSE(file.authenticator.renew());
}

TEST_CASE("a refused token is renewed if the file has changed") {
  RotatedTokenFile file;
  CHECK_FALSE(file.authenticator.renew());
  file.folder.write("token", "second");
  CHECK(file.authenticator.renew());
  CHECK(file.headers() == std::vector<std::string>{"Authorization: Bearer second"});
}

TEST_CASE("an empty token file adds no header") {
  const TemporaryDirectory folder;
  TokenFile authenticator(folder.write("token", "\n"));
  Credentials credentials;
  authenticator.authenticate(credentials);
  CHECK(credentials.headers.empty());
}

}  // namespace egress::kube

TEST_SUITE_END();
