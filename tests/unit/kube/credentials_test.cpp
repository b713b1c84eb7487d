#include "egress/kube/credentials.hpp"

#include <doctest/doctest.h>

#include "support/kubeconfig_fixture.hpp"
#include "support/memory_file.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::KubeconfigFixture;
using testing::MemoryFile;
using Headers = std::vector<std::string>;

const SelfSignedCertificate& pair() {
  return testing::key_pair();
}

}  // namespace

TEST_CASE("plain HTTP gets no credentials, only impersonation headers") {
  KubeconfigFixture fixture;
  fixture.cluster() = object({{"server", "http://api:8080"}});
  fixture.user().set("client-certificate-data", encode_base64(pair().certificate));
  fixture.user().set("client-key-data", encode_base64(pair().key));
  fixture.overrides.as = "jane";
  CHECK(fixture.headers() == Headers{"Impersonate-User: jane"});
  CHECK(fixture.endpoint().client_certificate.empty());
  CHECK(fixture.endpoint().client_key.empty());
}

TEST_CASE("the token is the flag's, the token file's, or the inline one") {
  const MemoryFile file(" from-file\n");
  KubeconfigFixture fixture;
  fixture.user() = object({{"token", "inline"}, {"tokenFile", file.path()}});
  CHECK(fixture.headers() == Headers{"Authorization: Bearer from-file"});
  fixture.overrides.token = "from-flag";
  CHECK(fixture.headers() == Headers{"Authorization: Bearer from-flag"});
}

TEST_CASE("an unreadable token file falls back to the inline token, and is an error without one") {
  KubeconfigFixture fixture;
  fixture.user() = object({{"tokenFile", "/nowhere/token"}});
  CHECK(fixture.error_message() == "open /nowhere/token: no such file or directory");
  fixture.user().set("token", "inline");
  CHECK(fixture.headers() == Headers{"Authorization: Bearer inline"});
}

TEST_CASE("a token with a line break is refused without showing it") {
  KubeconfigFixture fixture;
  fixture.user().set("token", "sec\nret");
  CHECK(fixture.error_message() ==
        "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"");
}

TEST_CASE("a trailing line break of a token is removed, with a warning that does not show the token") {
  KubeconfigFixture fixture;
  fixture.user().set("token", "secret\n");
  CHECK(fixture.headers() == Headers{"Authorization: Bearer secret"});
  CHECK(fixture.connection().warnings ==
        std::vector<std::string>{
            "the token of user \"u\" ends with a line break, which is ignored; write `token: |-` in f"});
}

TEST_CASE("user name and password are sent as Basic authentication, but not with a token") {
  KubeconfigFixture fixture;
  fixture.user() = object({{"username", "jane"}, {"password", "pw"}});
  CHECK(fixture.headers() == Headers{"Authorization: Basic amFuZTpwdw=="});
  fixture.overrides.token = "t";
  CHECK(fixture.error_message() ==
        "more than one authentication method found for u; found [token basicAuth], only one is allowed");
}

TEST_CASE("a client certificate comes with its key, from the file or from flags") {
  const SelfSignedCertificate other = create_self_signed_certificate(
      {{"other.example"}, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())});
  const MemoryFile certificate(other.certificate);
  const MemoryFile key(other.key);
  KubeconfigFixture fixture;
  fixture.user() = object({{"client-certificate-data", encode_base64(pair().certificate)}});
  CHECK(fixture.error_message() ==
        "client-key-data or client-key must be specified for u to use the clientCert authentication "
        "method.");
  fixture.user().set("client-key-data", encode_base64(pair().key));
  CHECK(fixture.endpoint().client_certificate == pair().certificate);
  CHECK(fixture.endpoint().client_key == pair().key);
  fixture.overrides.client_certificate = certificate.path();
  CHECK(fixture.error_message() == "tls: private key does not match public key");
  fixture.overrides.client_key = key.path();
  CHECK(fixture.endpoint().client_certificate == other.certificate);
  CHECK(fixture.endpoint().client_key == other.key);
}

TEST_CASE("an invalid client certificate is refused in Go's words") {
  KubeconfigFixture fixture;
  fixture.user() = object(
      {{"client-certificate-data", encode_base64("no PEM")}, {"client-key-data", encode_base64(pair().key)}});
  CHECK(fixture.error_message() == "tls: failed to find any PEM data in certificate input");
  fixture.user() = object(
      {{"client-certificate-data", encode_base64(pair().certificate)}, {"client-key-data", "c2VjcmV0"}});
  CHECK(fixture.error_message() == "tls: failed to find any PEM data in key input");
  fixture.user() = object({{"client-key-data", "c2VjcmV0"}});
  CHECK(fixture.error_message() == "nothing");
}

TEST_CASE("a certificate or key that is specified twice or cannot be read is refused") {
  KubeconfigFixture fixture;
  fixture.user() = object({{"client-certificate-data", encode_base64(pair().certificate)},
                           {"client-certificate", "/nowhere/tls.crt"},
                           {"client-key", "/nowhere/tls.key"}});
  CHECK(fixture.error_message() ==
        "\n* client-cert-data and client-cert are both specified for u. client-cert-data will override."
        "\n* unable to read client-cert /nowhere/tls.crt for u due to open /nowhere/tls.crt: no such file or "
        "directory"
        "\n* unable to read client-key /nowhere/tls.key for u due to open /nowhere/tls.key: no such file or "
        "directory");
}

TEST_CASE("an exec plugin runs only if there are no other credentials") {
  KubeconfigFixture fixture;
  fixture.user() = Json::parse(
      R"({"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "/bin/false"}})");
  CHECK(fixture.error_message() ==
        "Unable to connect to the server: getting credentials: exec: executable /bin/false failed with exit "
        "code 1");
  fixture.overrides.token = "t";
  CHECK(fixture.headers() == Headers{"Authorization: Bearer t"});
  fixture.overrides.token.clear();
  fixture.user().set("username", "jane");
  CHECK(fixture.headers() == Headers{"Authorization: Basic amFuZTo="});
}

TEST_CASE("all missing fields of an exec entry are reported") {
  KubeconfigFixture fixture;
  fixture.user() = Json::parse(R"({"exec": {"env": [{"value": "x"}]}, "auth-provider": {"name": "oidc"}})");
  CHECK(fixture.error_message() ==
        "\n* authProvider cannot be provided in combination with an exec plugin for u"
        "\n* command must be specified for u to use exec authentication plugin"
        "\n* apiVersion must be specified for u to use exec authentication plugin"
        "\n* env variable name must be specified for u to use exec authentication plugin"
        "\n* interactiveMode must be specified for u to use exec authentication plugin");
  fixture.user() = Json::parse(
      R"({"exec": {"command": "c", "apiVersion": "client.authentication.k8s.io/v1alpha1", "interactiveMode": "Sometimes"}})");
  CHECK(fixture.error_message() ==
        "\n* invalid interactiveMode for u: \"Sometimes\""
        "\n* exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"");
}

TEST_CASE("--username and --password override the kubeconfig") {
  KubeconfigFixture fixture;
  fixture.user() = object({{"username", "john"}, {"password", "old"}});
  fixture.overrides.username = "jane";
  fixture.overrides.password = "pw";
  CHECK(fixture.headers() == Headers{"Authorization: Basic amFuZTpwdw=="});
}

TEST_CASE("extra fields of an impersonated user are sent with escaped keys") {
  KubeconfigFixture fixture;
  fixture.user() = Json::parse(
      R"({"as": "jane", "as-user-extra": {"example.com/Foo%Bar baz": ["a", "b"], "scopes": ["file"]}})");
  CHECK(fixture.headers() ==
        Headers{"Impersonate-User: jane", "Impersonate-Extra-example.com%2fFoo%25Bar%20baz: a",
                "Impersonate-Extra-example.com%2fFoo%25Bar%20baz: b", "Impersonate-Extra-scopes: file"});
  fixture.overrides.as_user_extra = {"scopes=one", "nothing", "scopes=two"};
  const Headers flags = fixture.headers();
  CHECK(flags.size() == 5);
  CHECK(flags.at(1) == "Impersonate-Extra-scopes: one");
  CHECK(flags.at(2) == "Impersonate-Extra-scopes: two");
}

TEST_CASE("impersonation values with control characters are refused") {
  const auto error_message = [](const std::string& value) {
    KubeconfigFixture fixture;
    fixture.overrides.as = value;
    return fixture.error_message();
  };
  for (const std::string& value : {std::string("jane\r\nX: y"), std::string("jane\n"), std::string("a\0b", 3),
                                   std::string("a\x1b[2J"), std::string("a\x7f")}) {
    CAPTURE(value);
    CHECK(error_message(value) ==
          "Unable to connect to the server: net/http: invalid header field value for \"Impersonate-User\"");
  }
  CHECK(error_message("a\tb \u00fc") == "nothing");
  KubeconfigFixture fixture;
  fixture.user() = Json::parse(R"({"as": "jane", "as-user-extra": {"k": ["a\u0001"]}})");
  CHECK(fixture.error_message() ==
        "Unable to connect to the server: net/http: invalid header field value for \"Impersonate-Extra-k\"");
}

TEST_CASE("an empty group or extra value is sent as such") {
  KubeconfigFixture fixture;
  fixture.overrides.as = "jane";
  fixture.overrides.as_groups = {""};
  fixture.overrides.as_user_extra = {"k="};
  CHECK(fixture.headers() == Headers{"Authorization: Bearer t", "Impersonate-User: jane",
                                     "Impersonate-Group: ", "Impersonate-Extra-k: "});
}

TEST_CASE("flags impersonate a user, with uid and groups") {
  KubeconfigFixture fixture;
  fixture.overrides.as = "jane";
  fixture.overrides.as_uid = "7";
  fixture.overrides.as_groups = {"dev", "ops"};
  CHECK(fixture.headers() == Headers{"Authorization: Bearer t", "Impersonate-User: jane",
                                     "Impersonate-Uid: 7", "Impersonate-Group: dev",
                                     "Impersonate-Group: ops"});
}

TEST_CASE("groups or a uid without a user are refused") {
  KubeconfigFixture fixture;
  fixture.overrides.as_groups = {"dev"};
  CHECK(fixture.error_message() == "requesting uid, groups or user-extra for u without impersonating a user");
}

TEST_CASE("the kubeconfig's impersonation is used") {
  KubeconfigFixture fixture;
  fixture.user() = Json::parse(R"({"token": "t", "as": "jane", "as-uid": "7", "as-groups": ["dev", "ops"]})");
  const Headers expected{"Authorization: Bearer t", "Impersonate-User: jane", "Impersonate-Uid: 7",
                         "Impersonate-Group: dev", "Impersonate-Group: ops"};
  CHECK(fixture.headers() == expected);
  fixture.overrides.as_groups = {"only"};
  CHECK(fixture.headers().back() == "Impersonate-Group: only");
}

}  // namespace egress::kube

TEST_SUITE_END();
