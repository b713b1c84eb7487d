#include <doctest/doctest.h>

#include "egress/base/certificate.hpp"
#include "egress/base/error.hpp"
#include "support/kubeconfig_fixture.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

const std::string& root() {
  return testing::key_pair().ca_certificate;
}

std::string fault(const std::string& pem) {
  try {
    valid_root_certificates(pem);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("roots are the certificates of a bundle, whatever else stands there") {
  CHECK(valid_root_certificates(root()) == root());
  CHECK(valid_root_certificates("# junk\n" + root() + "more junk\n" + testing::key_pair().key + root()) ==
        root() + root());
  const std::string broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  CHECK(valid_root_certificates(broken + root() + broken) == root());
  const std::string garbled = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
  CHECK(valid_root_certificates(garbled + root()) == root());
  std::string with_header = root();
  with_header.insert(with_header.find('\n') + 1, "Proc-Type: x\n\n");
  CHECK(valid_root_certificates(with_header + root()) == root());
}

TEST_CASE("a bundle without a certificate is refused") {
  CHECK(fault("") == "unable to load root certificates: unable to parse bytes as PEM block");
  CHECK(fault("no PEM") == "unable to load root certificates: unable to parse bytes as PEM block");
  CHECK(fault(testing::key_pair().key) ==
        "unable to load root certificates: no valid certificate authority data seen");
}

}  // namespace egress

TEST_SUITE_END();
