#include "egress/kube/credentials.hpp"

#include <doctest/doctest.h>

#include "support/given.hpp"
#include "support/memory_file.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::Given;
using testing::MemoryFile;
using Headers = std::vector<std::string>;

const SelfSigned& pair() {
  return testing::key_pair();
}

}  // namespace

TEST_CASE("plain HTTP gets no credentials, but who is impersonated") {
  Given given;
  given.cluster() = object({{"server", "http://api:8080"}});
  given.user().set("client-certificate-data", base64(pair().certificate));
  given.user().set("client-key-data", base64(pair().key));
  given.overrides.as = "jane";
  CHECK(given.headers() == Headers{"Impersonate-User: jane"});
  CHECK(given.endpoint().client_certificate.empty());
  CHECK(given.endpoint().client_key.empty());
}

TEST_CASE("the token is the flag's, the file's content, or the inline one") {
  const MemoryFile file(" from-file\n");
  Given given;
  given.user() = object({{"token", "inline"}, {"tokenFile", file.path()}});
  CHECK(given.headers() == Headers{"Authorization: Bearer from-file"});
  given.overrides.token = "from-flag";
  CHECK(given.headers() == Headers{"Authorization: Bearer from-flag"});
}

TEST_CASE("a token file that cannot be read leaves the inline token, and without one is an error") {
  Given given;
  given.user() = object({{"tokenFile", "/nowhere/token"}});
  CHECK(given.fault() == "open /nowhere/token: no such file or directory");
  given.user().set("token", "inline");
  CHECK(given.headers() == Headers{"Authorization: Bearer inline"});
}

TEST_CASE("a token with a line end inside is refused without showing it") {
  Given given;
  given.user().set("token", "sec\nret");
  CHECK(given.fault() ==
        "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"");
}

TEST_CASE("a line end behind a token is left out, with a warning that does not show it") {
  Given given;
  given.user().set("token", "secret\n");
  CHECK(given.headers() == Headers{"Authorization: Bearer secret"});
  CHECK(given.access().warnings ==
        std::vector<std::string>{
            "the token of user \"u\" ends with a line end, which is left out; write `token: |-` in f"});
}

TEST_CASE("name and password are sent as Basic, but not beside a token") {
  Given given;
  given.user() = object({{"username", "jane"}, {"password", "pw"}});
  CHECK(given.headers() == Headers{"Authorization: Basic amFuZTpwdw=="});
  given.overrides.token = "t";
  CHECK(given.fault() ==
        "more than one authentication method found for u; found [token basicAuth], only one is allowed");
}

TEST_CASE("a client certificate comes with its key, from the file or from flags") {
  const SelfSigned other = make_self_signed(
      {{"other.example"}, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())});
  const MemoryFile certificate(other.certificate);
  const MemoryFile key(other.key);
  Given given;
  given.user() = object({{"client-certificate-data", base64(pair().certificate)}});
  CHECK(given.fault() ==
        "client-key-data or client-key must be specified for u to use the clientCert authentication "
        "method.");
  given.user().set("client-key-data", base64(pair().key));
  CHECK(given.endpoint().client_certificate == pair().certificate);
  CHECK(given.endpoint().client_key == pair().key);
  given.overrides.client_certificate = certificate.path();
  CHECK(given.fault() == "tls: private key does not match public key");
  given.overrides.client_key = key.path();
  CHECK(given.endpoint().client_certificate == other.certificate);
  CHECK(given.endpoint().client_key == other.key);
}

TEST_CASE("a client certificate that cannot be one is refused in Go's words") {
  Given given;
  given.user() =
      object({{"client-certificate-data", base64("no PEM")}, {"client-key-data", base64(pair().key)}});
  CHECK(given.fault() == "tls: failed to find any PEM data in certificate input");
  given.user() =
      object({{"client-certificate-data", base64(pair().certificate)}, {"client-key-data", "c2VjcmV0"}});
  CHECK(given.fault() == "tls: failed to find any PEM data in key input");
  given.user() = object({{"client-key-data", "c2VjcmV0"}});
  CHECK(given.fault() == "nothing");
}

TEST_CASE("a certificate or key that is given both ways, or cannot be read, is refused by name") {
  Given given;
  given.user() = object({{"client-certificate-data", base64(pair().certificate)},
                         {"client-certificate", "/nowhere/tls.crt"},
                         {"client-key", "/nowhere/tls.key"}});
  CHECK(given.fault() ==
        "\n* client-cert-data and client-cert are both specified for u. client-cert-data will override."
        "\n* unable to read client-cert /nowhere/tls.crt for u due to open /nowhere/tls.crt: no such file or "
        "directory"
        "\n* unable to read client-key /nowhere/tls.key for u due to open /nowhere/tls.key: no such file or "
        "directory");
}

TEST_CASE("a plugin is asked only where nothing else proves who the user is") {
  Given given;
  given.user() = Json::parse(
      R"({"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "/bin/false"}})");
  CHECK(given.fault() ==
        "Unable to connect to the server: getting credentials: exec: executable /bin/false failed with exit "
        "code 1");
  given.overrides.token = "t";
  CHECK(given.headers() == Headers{"Authorization: Bearer t"});
  given.overrides.token.clear();
  given.user().set("username", "jane");
  CHECK(given.headers() == Headers{"Authorization: Basic amFuZTo="});
}

TEST_CASE("what a plugin's entry lacks is told for all of it") {
  Given given;
  given.user() = Json::parse(R"({"exec": {"env": [{"value": "x"}]}, "auth-provider": {"name": "oidc"}})");
  CHECK(given.fault() ==
        "\n* authProvider cannot be provided in combination with an exec plugin for u"
        "\n* command must be specified for u to use exec authentication plugin"
        "\n* apiVersion must be specified for u to use exec authentication plugin"
        "\n* env variable name must be specified for u to use exec authentication plugin"
        "\n* interactiveMode must be specified for u to use exec authentication plugin");
  given.user() = Json::parse(
      R"({"exec": {"command": "c", "apiVersion": "client.authentication.k8s.io/v1alpha1", "interactiveMode": "Sometimes"}})");
  CHECK(given.fault() ==
        "\n* invalid interactiveMode for u: \"Sometimes\""
        "\n* exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"");
}

TEST_CASE("name and password of the flags count before the file's") {
  Given given;
  given.user() = object({{"username", "john"}, {"password", "old"}});
  given.overrides.username = "jane";
  given.overrides.password = "pw";
  CHECK(given.headers() == Headers{"Authorization: Basic amFuZTpwdw=="});
}

TEST_CASE("whoever is impersonated may have more said of him, whose keys are escaped for a header") {
  Given given;
  given.user() = Json::parse(
      R"({"as": "jane", "as-user-extra": {"example.com/Foo%Bar baz": ["a", "b"], "scopes": ["file"]}})");
  CHECK(given.headers() ==
        Headers{"Impersonate-User: jane", "Impersonate-Extra-example.com%2fFoo%25Bar%20baz: a",
                "Impersonate-Extra-example.com%2fFoo%25Bar%20baz: b", "Impersonate-Extra-scopes: file"});
  given.overrides.as_user_extra = {"scopes=one", "nothing", "scopes=two"};
  const Headers flags = given.headers();
  CHECK(flags.size() == 5);
  CHECK(flags.at(1) == "Impersonate-Extra-scopes: one");
  CHECK(flags.at(2) == "Impersonate-Extra-scopes: two");
}

TEST_CASE("what no header may have does not get into one by whom to impersonate") {
  const auto fault = [](const std::string& value) {
    Given given;
    given.overrides.as = value;
    return given.fault();
  };
  for (const std::string& value : {std::string("jane\r\nX: y"), std::string("jane\n"), std::string("a\0b", 3),
                                   std::string("a\x1b[2J"), std::string("a\x7f")}) {
    CAPTURE(value);
    CHECK(fault(value) ==
          "Unable to connect to the server: net/http: invalid header field value for \"Impersonate-User\"");
  }
  CHECK(fault("a\tb \u00fc") == "nothing");
  Given given;
  given.user() = Json::parse(R"({"as": "jane", "as-user-extra": {"k": ["a\u0001"]}})");
  CHECK(given.fault() ==
        "Unable to connect to the server: net/http: invalid header field value for \"Impersonate-Extra-k\"");
}

TEST_CASE("a group or a value that is empty is sent as such") {
  Given given;
  given.overrides.as = "jane";
  given.overrides.as_groups = {""};
  given.overrides.as_user_extra = {"k="};
  CHECK(given.headers() == Headers{"Authorization: Bearer t", "Impersonate-User: jane",
                                   "Impersonate-Group: ", "Impersonate-Extra-k: "});
}

TEST_CASE("flags impersonate a user, with uid and groups") {
  Given given;
  given.overrides.as = "jane";
  given.overrides.as_uid = "7";
  given.overrides.as_groups = {"dev", "ops"};
  CHECK(given.headers() == Headers{"Authorization: Bearer t", "Impersonate-User: jane", "Impersonate-Uid: 7",
                                   "Impersonate-Group: dev", "Impersonate-Group: ops"});
}

TEST_CASE("groups or a uid alone impersonate nobody") {
  Given given;
  given.overrides.as_groups = {"dev"};
  CHECK(given.fault() == "requesting uid, groups or user-extra for u without impersonating a user");
}

TEST_CASE("whom the kubeconfig impersonates is impersonated") {
  Given given;
  given.user() = Json::parse(R"({"token": "t", "as": "jane", "as-uid": "7", "as-groups": ["dev", "ops"]})");
  const Headers expected{"Authorization: Bearer t", "Impersonate-User: jane", "Impersonate-Uid: 7",
                         "Impersonate-Group: dev", "Impersonate-Group: ops"};
  CHECK(given.headers() == expected);
  given.overrides.as_groups = {"only"};
  CHECK(given.headers().back() == "Impersonate-Group: only");
}

}  // namespace egress::kube

TEST_SUITE_END();
