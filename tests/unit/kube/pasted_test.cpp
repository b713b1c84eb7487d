#include "egress/kube/pasted.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/given.hpp"
#include "support/memory_file.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Given;

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
  CHECK(given.fault() ==
        "client-key of u holds the key itself, not a file's name; write it as client-key-data, in base64");
  given.user().set("client-key", base64(key));
  CHECK(given.fault() ==
        "client-key of u holds the key itself, not a file's name; write it as client-key-data");
  given.user() = object({{"client-certificate", base64(certificate)}, {"client-key-data", base64(key)}});
  CHECK(given.fault() ==
        "client-certificate of u holds the certificate itself, not a file's name; write it as "
        "client-certificate-data");
  given.user() = object({{"token", "t"}});
  given.cluster() = object({{"server", "https://api"}, {"certificate-authority", certificate}});
  CHECK(given.fault() ==
        "certificate-authority of c holds the certificate itself, not a file's name; write it as "
        "certificate-authority-data, in base64");
}

TEST_CASE("a token in the field of its file's name is told as such, and not shown") {
  Given given;
  given.user() = object({{"tokenFile", testing::web_token}});
  CHECK(given.fault() == "tokenFile of u holds the token itself, not a file's name; write it as token");
  // As for any file that cannot be read, the token beside it is taken.
  given.user().set("token", "t");
  CHECK(given.headers() == std::vector<std::string>{"Authorization: Bearer t"});
  given.user() = object({{"tokenFile", testing::web_token}});
  given.overrides.token = "flag";
  CHECK(given.headers() == std::vector<std::string>{"Authorization: Bearer flag"});
}

TEST_CASE("what a flag holds instead of its file's name is told as such, and not shown") {
  const std::string hint = " | Write it to a file that nobody else may read, and give the name of that.";
  const std::string key = testing::pem_key();
  CHECK(told([&] { read_named_file("--client-key", base64(key)); }) ==
        "--client-key holds the key itself, not a file's name" + hint);
  CHECK(told([&] { read_named_file("--client-key", "/nowhere/key"); }) ==
        "open /nowhere/key: no such file or directory | ");
  const testing::MemoryFile certificate(testing::key_pair().certificate);
  Given given;
  given.overrides.client_certificate = certificate.path();
  given.overrides.client_key = key;
  CHECK(told([&] { given.access(); }) == "--client-key holds the key itself, not a file's name" + hint);
  given.overrides.client_certificate = testing::key_pair().certificate;
  CHECK(told([&] { given.access(); }) ==
        "--client-certificate holds the certificate itself, not a file's name" + hint);
  given.overrides.client_certificate.clear();
  given.overrides.certificate_authority = base64(testing::key_pair().certificate);
  CHECK(told([&] { given.access(); }) ==
        "--certificate-authority holds the certificate itself, not a file's name" + hint);
}

}  // namespace egress::kube

TEST_SUITE_END();
