#include "egress/kube/certificate_files.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/kubeconfig_fixture.hpp"
#include "support/temporary_directory.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

std::string error_message(const std::string& certificate, const std::string& key) {
  try {
    check_key_pair(certificate, key);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a key pair is a certificate and its own key") {
  const SelfSignedCertificate& pair = testing::key_pair();
  CHECK(error_message(pair.certificate, pair.key) == "nothing");
  CHECK(error_message(pair.certificate, pair.ca_key) == "tls: private key does not match public key");
  CHECK(error_message("", pair.key) == "tls: failed to find any PEM data in certificate input");
  CHECK(error_message(pair.certificate, pair.certificate) == "tls: failed to find any PEM data in key input");
}

TEST_CASE("an encrypted key is distinguished from a wrong one") {
  CHECK(error_message(testing::key_pair().certificate,
                      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n") ==
        "tls: failed to parse private key: it is encrypted");
}

TEST_CASE("a renewed key pair is used after a second; an incomplete one is not") {
  const SelfSignedCertificate& pair = testing::key_pair();
  const testing::TemporaryDirectory folder;
  const std::string certificate = folder.write("tls.crt", pair.certificate);
  const std::string key = folder.write("tls.key", pair.key);
  std::chrono::steady_clock::time_point now;
  CertificateFiles login(certificate, key, pair.certificate, pair.key, [&] { return now; });
  const auto presented = [&] {
    Credentials credentials;
    login.authenticate(credentials);
    return credentials.client_certificate;
  };
  CHECK(presented() == pair.certificate);
  folder.write("tls.crt", pair.ca_certificate);
  now += std::chrono::seconds(1);
  CHECK(presented() == pair.certificate);
  folder.write("tls.key", pair.ca_key);
  CHECK(presented() == pair.certificate);
  now += std::chrono::seconds(1);
  CHECK(presented() == pair.ca_certificate);
  CHECK_FALSE(login.renew());
}

}  // namespace egress::kube

TEST_SUITE_END();
