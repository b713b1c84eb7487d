#include "egress/kube/inline_secret.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/kubeconfig_fixture.hpp"
#include "support/memory_file.hpp"
#include "support/mentions.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::KubeconfigFixture;
using testing::mentions;

/// Message and hint of the thrown error.
template <typename Action>
std::string error_and_hint(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a pasted secret is recognized by its form") {
  const std::string& certificate = testing::key_pair().certificate;
  const std::string key = testing::pem_key();
  for (const std::string& secret :
       {key, encode_base64(key), encode_base64(encode_base64(key)), "-----BEGIN EC PRIVATE" + std::string()})
    CHECK(inline_secret_type(secret) == "key");
  for (const std::string& secret : {certificate, encode_base64(certificate), std::string("-----BEGIN ")})
    CHECK(inline_secret_type(secret) == "certificate");
  for (const std::string& secret : {testing::web_token, testing::bootstrap_token, std::string(300, 'x')})
    CHECK(inline_secret_type(secret) == "token");
  for (const std::string path : {"", "tls.key", "/etc/ssl/tls.crt", "../token"})
    CHECK(inline_secret_type(path).empty());
}

TEST_CASE("a key or certificate in a field for a file name is reported and not shown") {
  const std::string& certificate = testing::key_pair().certificate;
  const std::string key = testing::pem_key();
  KubeconfigFixture fixture;
  fixture.user() = object({{"client-certificate-data", encode_base64(certificate)}, {"client-key", key}});
  CHECK(mentions(fixture.error_message(), {"client-key", "of u", "client-key-data", "base64"}));
  CHECK(fixture.error_message().find(key) == std::string::npos);
  fixture.user().set("client-key", encode_base64(key));
  CHECK(mentions(fixture.error_message(), {"client-key", "of u", "client-key-data"}));
  CHECK_FALSE(mentions(fixture.error_message(), {"base64"}));
  CHECK(fixture.error_message().find(encode_base64(key)) == std::string::npos);
  fixture.user() =
      object({{"client-certificate", encode_base64(certificate)}, {"client-key-data", encode_base64(key)}});
  CHECK(mentions(fixture.error_message(), {"client-certificate", "of u", "client-certificate-data"}));
  fixture.user() = object({{"token", "t"}});
  fixture.cluster() = object({{"server", "https://api"}, {"certificate-authority", certificate}});
  CHECK(mentions(fixture.error_message(),
                 {"certificate-authority", "of c", "certificate-authority-data", "base64"}));
}

TEST_CASE("a token in a field for a file name is reported and not shown") {
  KubeconfigFixture fixture;
  fixture.user() = object({{"tokenFile", testing::web_token}});
  CHECK(mentions(fixture.error_message(), {"tokenFile", "of u", "token"}));
  CHECK(fixture.error_message().find(testing::web_token) == std::string::npos);
  // As for any unreadable tokenFile, the inline token is used.
  fixture.user().set("token", "t");
  CHECK(fixture.headers() == std::vector<std::string>{"Authorization: Bearer t"});
  fixture.user() = object({{"tokenFile", testing::web_token}});
  fixture.overrides.token = "flag";
  CHECK(fixture.headers() == std::vector<std::string>{"Authorization: Bearer flag"});
}

TEST_CASE("a secret in a flag for a file name is reported and not shown") {
  const std::string key = testing::pem_key();
  CHECK(mentions(error_and_hint([&] { read_flag_file("--client-key", encode_base64(key)); }),
                 {"--client-key", "key", "file"}));
  CHECK(error_and_hint([&] { read_flag_file("--client-key", "/nowhere/key"); }) ==
        "open /nowhere/key: no such file or directory | ");
  const testing::MemoryFile certificate(testing::key_pair().certificate);
  KubeconfigFixture fixture;
  fixture.overrides.client_certificate = certificate.path();
  fixture.overrides.client_key = key;
  CHECK(mentions(error_and_hint([&] { fixture.connection(); }), {"--client-key", "key", "file"}));
  CHECK(error_and_hint([&] { fixture.connection(); }).find(key) == std::string::npos);
  fixture.overrides.client_certificate = testing::key_pair().certificate;
  CHECK(mentions(error_and_hint([&] { fixture.connection(); }), {"--client-certificate", "file"}));
  fixture.overrides.client_certificate.clear();
  fixture.overrides.certificate_authority = encode_base64(testing::key_pair().certificate);
  CHECK(mentions(error_and_hint([&] { fixture.connection(); }), {"--certificate-authority", "file"}));
}

}  // namespace egress::kube

TEST_SUITE_END();
