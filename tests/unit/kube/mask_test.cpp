#include "egress/kube/mask.hpp"

#include <doctest/doctest.h>

#include "egress/base/digest.hpp"
#include "egress/base/yaml.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using testing::bootstrap_token;
using testing::pem_key;
using testing::web_token;

constexpr const char* secrets = "/api/v1/namespaces/team/secrets/web?fieldManager=kubectl-egress";
constexpr const char* config_maps = "/api/v1/namespaces/team/configmaps/web";

std::string masked_object(const Json& object) {
  return masked_body(config_maps, object.dump());
}

const Json secret = object({
    {"apiVersion", "v1"},
    {"kind", "Secret"},
    {"metadata", object({{"name", "web"}})},
    {"type", "Opaque"},
    {"data", object({{"k", "czNjcjN0"}})},
    {"stringData", object({{"l", "s3cr3t"}})},
});
const std::string shown_secret =
    R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"web"},"type":"Opaque",)"
    R"("data":{"k":"<masked>"},"stringData":{"l":"<masked>"}})";

/// Checks that the text has no value of the Secret above.
void check_masked(const std::string& shown) {
  CAPTURE(shown);
  CHECK(shown.find("s3cr3t") == std::string::npos);
  CHECK(shown.find("czNjcjN0") == std::string::npos);
}

}  // namespace

TEST_CASE("of an authorization header only the scheme is shown") {
  CHECK(masked_header("Authorization: Bearer s3cr3t") == "Authorization: Bearer <masked>");
  CHECK(masked_header("authorization:basic s3cr3t") == "authorization: basic <masked>");
  CHECK(masked_header("Proxy-Authorization: Negotiate s3cr3t") == "Proxy-Authorization: Negotiate <masked>");
  CHECK(masked_header("Authorization: s3cr3t") == "Authorization: <masked>");
  CHECK(masked_header("Authorization: Mine s3 cr3t") == "Authorization: <masked>");
  CHECK(masked_header("Cookie: a=s3cr3t") == "Cookie: <masked>");
  CHECK(masked_header("set-cookie: a=s3cr3t") == "set-cookie: <masked>");
  CHECK(masked_header("X-Auth-Token: s3cr3t") == "X-Auth-Token: <masked>");
  CHECK(masked_header("Location: https://jane:s3cr3t@host/a") == "Location: https://<masked>@host/a");
  CHECK(masked_header("password: s3cr3t") == "password: <masked>");
}

TEST_CASE("other headers are shown, also those of impersonation") {
  for (const std::string line :
       {"Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "Impersonate-User: jane",
        "Impersonate-Extra-Token: shown", "Kubectl-Session: 19b8ec56-e034-4fc4-8be5-44c02fca275d",
        "WWW-Authenticate: Bearer realm=\"k8s\"",
        "User-Agent: kubectl-egress/v0.1.0 (linux/amd64) kubernetes/unknown",
        "Warning: 299 - \"this is deprecated\"", "no header"})
    CHECK(masked_header(line) == line);
}

TEST_CASE("the values of a Secret are masked, its keys are shown") {
  CHECK(masked_object(secret) == shown_secret);
  CHECK(
      masked_body(secrets, R"({"kind":"Status","status":"Failure","message":"secrets \"web\" not found"})") ==
      R"({"kind":"Status","status":"Failure","message":"secrets \"web\" not found"})");
}

TEST_CASE("a Secret is recognized in lists, events and other objects, and by the request's target") {
  CHECK(masked_object(object({{"kind", "List"}, {"items", array({secret})}})) ==
        R"({"kind":"List","items":[)" + shown_secret + "]}");
  Json bare = secret;
  bare.erase("kind");
  check_masked(masked_object(object({{"kind", "SecretList"}, {"items", array({bare})}})));
  check_masked(masked_object(object({{"type", "ADDED"}, {"object", secret}})));
  check_masked(masked_object(object({{"kind", "Table"}, {"rows", array({object({{"object", secret}})})}})));
  check_masked(masked_body(secrets, bare.dump()));
  check_masked(masked_body("/api/v1/secrets?limit=500", object({{"items", array({bare})}}).dump()));
  check_masked(masked_body("/prefix/api/v1/watch/secrets", bare.dump()));
}

TEST_CASE("a Secret is recognized in any spelling") {
  for (const std::string text : {
           R"({"data":{"k":"czNjcjN0"},"kind":"Secret"})",
           R"({"kind":"ConfigMap","kind":"Secret","data":{"k":"czNjcjN0"}})",
           R"({"kind":"Secret","data":{"a":"b"},"data":{"k":"czNjcjN0"}})",
           R"({"Kind":"secret","Data":{"k":"czNjcjN0"},"StringData":{"k":"s3cr3t"}})",
           R"({"kind":"Secret","data":{"k":["czNjcjN0",{"s3cr3t":"s3cr3t"}]}})",
           R"({"kind":"Secret","data":"czNjcjN0"})",
           "kind: Secret\ndata:\n  k: czNjcjN0\n",
           "apiVersion: v1\nkind: ConfigMap\n---\nkind: Secret\nstringData: {k: s3cr3t}\n",
           "{kind: Secret, data: {k: czNjcjN0}}",
       })
    CHECK(masked_body(config_maps, text).find("czNjcjN0") == std::string::npos);
}

TEST_CASE("an unreadable body that may contain a Secret is omitted") {
  const std::string whole = secret.dump();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string cut = whole.substr(0, size);
    check_masked(masked_body(secrets, cut));
    check_masked(masked_body(config_maps, cut));
    check_masked(masked_object(object({{"message", cut}})));
  }
  CHECK(masked_body(secrets, "k8s\n\x0c s3cr3t") == "<12 bytes that cannot be read>");
  CHECK(masked_body(config_maps, std::string("k8s\0\n\x0c s3cr3t", 13)) == "<13 bytes that cannot be read>");
  CHECK(masked_body(config_maps, Json(whole).dump()) ==
        "<" + std::to_string(Json(whole).dump().size()) + " bytes that cannot be read>");
}

TEST_CASE("patches of a Secret are masked") {
  check_masked(masked_body(secrets, R"({"data":{"k":"czNjcjN0"}})"));
  check_masked(masked_body(secrets, R"([{"op":"replace","path":"/data/k","value":"czNjcjN0"}])"));
  check_masked(masked_body(secrets, R"([{"op":"add","path":"/stringData","value":{"k":"s3cr3t"}}])"));
  check_masked(masked_body(secrets, R"([{"op":"add","path":"","value":{"data":{"k":"czNjcjN0"}}}])"));
  CHECK(masked_body(secrets, R"([{"op":"add","path":"/metadata/labels/a","value":"b"}])") ==
        R"([{"op":"add","path":"/metadata/labels/a","value":"b"}])");
  CHECK(masked_body(config_maps, R"([{"op":"add","path":"/spec/token","value":"s3cr3t"}])") ==
        R"([{"op":"add","path":"/spec/token","value":"<masked>"}])");
  CHECK(masked_body(config_maps, R"([{"op":"add","path":"/data/a","value":"b"}])") ==
        R"([{"op":"add","path":"/data/a","value":"b"}])");
}

TEST_CASE("a manifest in a string is masked, at any depth") {
  constexpr const char* last_applied = "kubectl.kubernetes.io/last-applied-configuration";
  const auto annotated = [&](const std::string& text) {
    return object(
        {{"kind", "ConfigMap"}, {"metadata", object({{"annotations", object({{last_applied, text}})}})}});
  };
  CHECK(masked_object(annotated(secret.dump())) == annotated(shown_secret).dump());
  check_masked(masked_object(annotated(secret.dump_pretty())));
  check_masked(masked_object(annotated(to_yaml(secret))));
  check_masked(masked_object(annotated(annotated(secret.dump()).dump())));
  check_masked(masked_object(annotated("# kind: Secret\n# data: {k: czNjcjN0}\nkind: ConfigMap\n")));
  Json deep = annotated(secret.dump());
  for (int i = 0; i < 6; ++i) deep = annotated(deep.dump());
  check_masked(masked_object(deep));
  const Json harmless = annotated("a: b  # as it was written\nc:   d\n");
  CHECK(masked_object(harmless) == harmless.dump());
}

TEST_CASE("a field with the name of a secret is masked") {
  for (const char* name :
       {"token", "password", "client-key-data", "clientKeyData", "id-token", "refresh-token", "access_token",
        "client-secret", "apiKey", "AWS_SECRET_ACCESS_KEY", "bootstrapToken", "certificateKey", "tokens",
        "Authorization", "token-secret", "passphrase", "privateKey", "auth", "SESSION_SECRET"}) {
    CAPTURE(name);
    CHECK(names_secret(name));
    for (const Json& value : {Json("s3cr3t"), Json(12345), array({"s3cr3t"}), object({{"a", "s3cr3t"}})}) {
      const std::string shown = masked_object(object({{"a", object({{name, value}})}}));
      check_masked(shown);
      CHECK(shown.find("12345") == std::string::npos);
    }
  }
  for (const char* name :
       {"tokenFile", "credentialName", "secretName", "secret", "secretKeyRef", "key", "username",
        "client-certificate-data", "audiences", "continue", "passwordless", ""})
    CHECK_FALSE(names_secret(name));
  CHECK(masked_object(object({{"automountServiceAccountToken", true}, {"token", ""}})) ==
        R"({"automountServiceAccountToken":true,"token":""})");
}

TEST_CASE("a string field \"secret\" is masked, a volume's reference is shown") {
  CHECK(masked_object(object({{"client", object({{"id", "a"}, {"secret", "s3cr3t"}})}})) ==
        R"({"client":{"id":"a","secret":"<masked>"}})");
  CHECK(masked_object(object({{"secret", object({{"secretName", "web"}})}})) ==
        R"({"secret":{"secretName":"web"}})");
}

TEST_CASE("a value is masked if a sibling names a secret") {
  check_masked(
      masked_object(object({{"env", array({object({{"name", "DB_PASSWORD"}, {"value", "s3cr3t"}})})}})));
  check_masked(masked_object(
      object({{"httpHeaders", array({object({{"name", "Authorization"}, {"value", "Mine s3cr3t"}})})}})));
  check_masked(masked_object(object({{"args", array({"--token", "s3cr3t", "--password=s3cr3t"})}})));
  CHECK(masked_object(object({{"args", array({"--level", "info"})},
                              {"env", array({object({{"name", "A"}, {"value", "b"}})})}})) ==
        R"({"args":["--level","info"],"env":[{"name":"A","value":"b"}]})");
}

TEST_CASE("token reviews, token requests and exec credentials are masked") {
  check_masked(masked_object(object({{"kind", "TokenReview"}, {"spec", object({{"token", "s3cr3t"}})}})));
  check_masked(masked_object(object({{"kind", "TokenRequest"}, {"status", object({{"token", "s3cr3t"}})}})));
  check_masked(masked_object(
      object({{"kind", "ExecCredential"}, {"status", object({{"anything", array({"s3cr3t"})}})}})));
}

TEST_CASE("secrets that are recognized by their form are masked in every text") {
  CHECK(masked_text("a " + pem_key() + "b") == "a <masked>b");
  CHECK(masked_text("a: " + encode_base64(pem_key()) + ".") == "a:<masked>.");
  CHECK(masked_text("a " + web_token + ", b") == "a <masked>, b");
  CHECK(masked_text("the token is " + bootstrap_token + ".").find("0123456789") == std::string::npos);
  CHECK(masked_text("Authorization: Bearer s3 cr3t") == "Authorization: <masked>");
  CHECK(masked_text("curl -H 'X: bearer +s3cr3t/=='") == "curl -H 'X: bearer <masked>'");
  CHECK(masked_text("Basic czNjcjN0 is it") == "Basic <masked> is it");
  CHECK(masked_text("GET /?token=s3cr3t&a=b") == "GET /?token=<masked>&a=b");
  CHECK(masked_text("password = \"s3 cr3t\" a") == "password =<masked> a");
  CHECK(masked_text("token: s3 cr3t\nb") == "token: <masked>\nb");
  CHECK(masked_text("password = s3 cr3t\nb") == "password =<masked>\nb");
  CHECK(masked_text("password=s3cr3t b") == "password=<masked> b");
  CHECK(masked_text("a: b\npassword:\n  s3cr3t\n\n  s3cr3t\nb: c") == "a: b\npassword: <masked>\nb: c");
  CHECK(masked_text("a: b\r\npassword:\r\n\ts3cr3t\r\nb: c") == "a: b\r\npassword: <masked>\nb: c");
  CHECK(masked_text("token:\nb: c") == "token:\nb: c");
  CHECK(masked_text("<password>s3cr3t</password>") == "<password><masked></password>");
  CHECK(masked_text("token: |\n  s3cr3t\n  s3cr3t\n") == "token: <masked>\n");
  CHECK(masked_text(R"({\"token\": \"s3cr3t\", \"a)").find("s3cr3t") == std::string::npos);
  CHECK(masked_text(R"({"token":"a\"s3cr3t","b)") == R"({"token": <masked>,"b)");
  CHECK(masked_text(R"({\"token\":\"a b\",\"b)") == R"({\"token\": <masked>,\"b)");
  CHECK(masked_text(R"({"token":"s3cr3t)") == R"({"token": <masked>)");
}

TEST_CASE("user info in URLs is masked, and nothing else") {
  CHECK(masked_text("https://jane:s3cr3t@host:6443/a@b") == "https://<masked>@host:6443/a@b");
  CHECK(masked_text("'socks5://s3cr3t@host' and http://a:s3cr3t@b") ==
        "'socks5://<masked>@host' and http://<masked>@b");
  CHECK(masked_text("https://jane:s3/cr3t@host/") == "https://<masked>@host/");
  CHECK(masked_text("https://jane:s@3cr3t@host/") == "https://<masked>@host/");
  for (const std::string text : {"https://host:6443/a@b", "https://[::1]:6443/a@b", "https://host", "://",
                                 "a@b", "oci://ghcr.io/istio/x@sha256:00"})
    CHECK(masked_text(text) == text);
}

TEST_CASE("a key is masked anywhere in a body") {
  for (const std::string& key : {pem_key(), encode_base64(pem_key()), encode_base64(encode_base64(pem_key())),
                                 web_token, bootstrap_token}) {
    const std::string part = key.substr(7, 12);
    for (const Json& body :
         {object({{"data", object({{"a", key}})}}), object({{"a", array({"x", key})}}), array({key}),
          Json(key), object({{key, "b"}}), object({{"a", "x: " + key}}), object({{"a", "x: |\n  " + key}}),
          object({{"a", object({{"b", key}}).dump()}}), object({{"a", to_yaml(object({{"b", key}}))}})}) {
      CAPTURE(body.dump());
      const std::string shown = masked_object(body);
      CHECK(shown.find(part) == std::string::npos);
      CHECK(shown.find("PRIVATE") == std::string::npos);
    }
    CHECK(masked_body(config_maps, "<html>" + key + "</html>").find(part) == std::string::npos);
  }
  const std::string key = pem_key();
  const std::size_t end = key.find('\n');
  const Json lines = array({key.substr(0, end), key.substr(end + 1, 64), key.substr(end + 66, 64)});
  CHECK(masked_object(lines) == R"(["<masked>","<masked>","<masked>"])");
}

TEST_CASE("masking takes linear time") {
  for (const std::string part :
       {"token:", "://", "://a:b", "://a:b@", "kind Secret data ", "\"ecret", "\\\"", "Bearer ",
        "password=", "token:\n ", "a.", "eyJ.", "<token>", ": ", "kind      "}) {
    CAPTURE(part);
    std::string text;
    while (text.size() < 300'000) text += part;
    const std::string shown = masked_body(config_maps, text);
    CHECK(shown.size() <= text.size() * 3);
  }
}

TEST_CASE("other content is unchanged") {
  for (
      const std::string text : {
          R"({"kind":"ConfigMap","data":{"egress.yaml":"kind: EgressGateway\nspec:\n  hosts: [a.example]\n"}})",
          R"({"kind":"Deployment","spec":{"replicas":2,"paused":false,"ratio":0.5,"none":null,"list":[]}})",
          R"({"labels":{"k8s-app":"k8s-dns","app":"data-of-Secret"}})",
          R"({"spec":{"tls":{"mode":"SIMPLE","credentialName":"web-cert"}}})",
          R"({"volumes":[{"name":"certs","secret":{"secretName":"web-cert","optional":true}}]})",
          R"({"metadata":{"managedFields":[{"fieldsV1":{"f:data":{"f:a":{}}}}],"continue":"eyJ2IjoibWV0YSJ9"}})",
      })
    CHECK(masked_body(config_maps, text) == text);
  CHECK(masked_body(config_maps, "upstream is gone") == "upstream is gone");
  CHECK(masked_body(config_maps, "") == "");
  CHECK(masked_object(object({{"message", "no matches for kind \"Secret\" in version \"v2\""}})) ==
        R"({"message":"no matches for kind \"Secret\" in version \"v2\""})");
}

}  // namespace egress::kube

TEST_SUITE_END();
