#include "egress/kube/exec_credential.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

const std::string v1 = "client.authentication.k8s.io/v1";

/// An ExecCredential with this JSON as status.
std::string with_status(const std::string& status) {
  return R"({"kind":"ExecCredential","apiVersion":")" + v1 + R"(","status":)" + status + "}";
}

std::string error_message(const std::string& text) {
  try {
    read_exec_credential(text, v1);
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("s3cret") == std::string::npos);
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a plugin's token is read from JSON and from YAML") {
  CHECK(read_exec_credential(with_status(R"({"token":"t"})"), v1).token == "t");
  const ExecCredential yaml =
      read_exec_credential("kind: ExecCredential\napiVersion: " + v1 + "\nstatus:\n  token: t\n", v1);
  CHECK(yaml.token == "t");
  CHECK(yaml.client_key.empty());
  CHECK_FALSE(yaml.expires.has_value());
}

TEST_CASE("certificate, key and expiry are read") {
  const ExecCredential read = read_exec_credential(
      with_status(
          R"({"clientCertificateData":"c","clientKeyData":"k","expirationTimestamp":"1970-01-01T01:00:10+01:00"})"),
      v1);
  CHECK(read.client_certificate == "c");
  CHECK(read.client_key == "k");
  CHECK(read.expires == std::chrono::sys_seconds(std::chrono::seconds(10)));
}

TEST_CASE("of a plugin's output only a valid version is shown") {
  const std::string another =
      "exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin "
      "returned another version";
  for (const std::string version :
       {"", "v1", "s3cr3t", "client.authentication.k8s.io/s3cr3t", "client.authentication.k8s.io/v1 s3cr3t",
        "client.authentication.k8s.io/v1/s3cr3t",
        "client.authentication.k8s.io/v1s3cr3ts3cr3ts3cr3ts3cr3t"}) {
    CAPTURE(version);
    CHECK(error_message(R"({"kind":"ExecCredential","status":{},"apiVersion":")" + version + "\"}") ==
          another);
  }
  const std::string kind = error_message(R"({"kind":"s3cr3t","apiVersion":"s3cr3t"})");
  CHECK(testing::mentions(kind, {"decoding stdout", "kind", "ExecCredential"}));
  CHECK(kind.find("s3cr3t") == std::string::npos);
}

TEST_CASE("an ExecCredential of another kind or version is refused") {
  CHECK(testing::mentions(error_message(R"({"kind":"Pod","apiVersion":"v1"})"),
                          {"decoding stdout", "kind", "ExecCredential"}));
  CHECK(
      error_message(
          R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{}})") ==
      "exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version "
      "client.authentication.k8s.io/v1beta1");
}

TEST_CASE("an ExecCredential without credentials is refused") {
  CHECK(error_message(R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"})") ==
        "exec plugin didn't return a status field");
  CHECK(error_message(with_status("{}")) == "exec plugin didn't return a token or cert/key pair");
  CHECK(error_message(with_status(R"({"token":"s3cret","clientKeyData":"s3cret"})")) ==
        "exec plugin returned only certificate or key, not both");
}

TEST_CASE("unreadable output is refused without showing any of it") {
  CHECK(testing::mentions(error_message("s3cret: ["), {"decoding stdout", "JSON", "YAML"}));
  CHECK(testing::mentions(error_message("*s3cret"), {"decoding stdout", "JSON", "YAML"}));
  CHECK(testing::mentions(error_message("s3cret"), {"decoding stdout", "object"}));
  CHECK(testing::mentions(error_message(""), {"decoding stdout", "object"}));
  CHECK(testing::mentions(error_message(with_status(R"({"token":["s3cret"]})")),
                          {"decoding stdout", "status.token"}));
  CHECK(testing::mentions(error_message(with_status(R"({"token":"s3cret\n"})")), {"token", "line break"}));
  CHECK(testing::mentions(error_message(with_status(R"({"token":"s3cret","expirationTimestamp":"soon"})")),
                          {"decoding stdout", "status.expirationTimestamp", "RFC 3339"}));
}

}  // namespace egress::kube

TEST_SUITE_END();
