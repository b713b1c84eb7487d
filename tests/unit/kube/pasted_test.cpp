#include "egress/kube/pasted.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/given.hpp"
#include "support/memory_file.hpp"
#include "support/mentions.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Given;
using testing::mentions;

/// Message and hint of what is thrown.
template <typename What>
std::string told(What what) {
  try {
    what();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("what was pasted is known by its form") {
  const std::string& certificate = testing::key_pair().certificate;
  const std::string key = testing::pem_key();
  for (const std::string& one :
       {key, base64(key), base64(base64(key)), "-----BEGIN EC PRIVATE" + std::string()})
    CHECK(pasted(one) == "key");
  for (const std::string& one : {certificate, base64(certificate), std::string("-----BEGIN ")})
    CHECK(pasted(one) == "certificate");
  for (const std::string& one : {testing::web_token, testing::bootstrap_token, std::string(300, 'x')})
    CHECK(pasted(one) == "token");
  for (const std::string one : {"", "tls.key", "/etc/ssl/tls.crt", "../token"}) CHECK(pasted(one).empty());
}

TEST_CASE("a key or certificate in the field of its file's name is told as such, and not shown") {
  const std::string& certificate = testing::key_pair().certificate;
  const std::string key = testing::pem_key();
  Given given;
  given.user() = object({{"client-certificate-data", base64(certificate)}, {"client-key", key}});
  CHECK(mentions(given.fault(), {"client-key", "of u", "client-key-data", "base64"}));
  CHECK(given.fault().find(key) == std::string::npos);
  given.user().set("client-key", base64(key));
  CHECK(mentions(given.fault(), {"client-key", "of u", "client-key-data"}));
  CHECK_FALSE(mentions(given.fault(), {"base64"}));
  CHECK(given.fault().find(base64(key)) == std::string::npos);
  given.user() = object({{"client-certificate", base64(certificate)}, {"client-key-data", base64(key)}});
  CHECK(mentions(given.fault(), {"client-certificate", "of u", "client-certificate-data"}));
  given.user() = object({{"token", "t"}});
  given.cluster() = object({{"server", "https://api"}, {"certificate-authority", certificate}});
  CHECK(mentions(given.fault(), {"certificate-authority", "of c", "certificate-authority-data", "base64"}));
}

TEST_CASE("a token in the field of its file's name is told as such, and not shown") {
  Given given;
  given.user() = object({{"tokenFile", testing::web_token}});
  CHECK(mentions(given.fault(), {"tokenFile", "of u", "token"}));
  CHECK(given.fault().find(testing::web_token) == std::string::npos);
  // As for any file that cannot be read, the token beside it is taken.
  given.user().set("token", "t");
  CHECK(given.headers() == std::vector<std::string>{"Authorization: Bearer t"});
  given.user() = object({{"tokenFile", testing::web_token}});
  given.overrides.token = "flag";
  CHECK(given.headers() == std::vector<std::string>{"Authorization: Bearer flag"});
}

TEST_CASE("what a flag holds instead of its file's name is told as such, and not shown") {
  const std::string key = testing::pem_key();
  CHECK(
      mentions(told([&] { read_named_file("--client-key", base64(key)); }), {"--client-key", "key", "file"}));
  CHECK(told([&] { read_named_file("--client-key", "/nowhere/key"); }) ==
        "open /nowhere/key: no such file or directory | ");
  const testing::MemoryFile certificate(testing::key_pair().certificate);
  Given given;
  given.overrides.client_certificate = certificate.path();
  given.overrides.client_key = key;
  CHECK(mentions(told([&] { given.access(); }), {"--client-key", "key", "file"}));
  CHECK(told([&] { given.access(); }).find(key) == std::string::npos);
  given.overrides.client_certificate = testing::key_pair().certificate;
  CHECK(mentions(told([&] { given.access(); }), {"--client-certificate", "file"}));
  given.overrides.client_certificate.clear();
  given.overrides.certificate_authority = base64(testing::key_pair().certificate);
  CHECK(mentions(told([&] { given.access(); }), {"--certificate-authority", "file"}));
}

}  // namespace egress::kube

TEST_SUITE_END();
