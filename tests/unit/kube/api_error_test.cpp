#include "egress/kube/api_error.hpp"
#include "support/mentions.hpp"

#include <doctest/doctest.h>

#include "support/scripted_transport.hpp"
#include "support/secrets.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

using http::Failure;
using testing::json_reply;
using testing::mentions;
using testing::no_reply;

const std::string what = "get configmaps \"x\" in namespace \"team\"";

/// A Status object in the form of the API server.
std::string status_object(const std::string& reason, const std::string& message) {
  return object({
                    {"kind", "Status"},
                    {"apiVersion", "v1"},
                    {"status", "Failure"},
                    {"message", message},
                    {"reason", reason},
                    {"details", object({{"name", "x"}, {"kind", "configmaps"}})},
                })
      .dump();
}

std::string headline(int status, const std::string& body) {
  return api_error(json_reply(status, body), what).headline();
}

std::string connection_failure(Failure failure, const std::string& text = "libcurl's words") {
  return connection_error(no_reply(failure, text), "api.example:6443").headline();
}

}  // namespace

TEST_CASE("a Status object is reported in kubectl's words") {
  CHECK(headline(404, status_object("NotFound", "configmaps \"x\" not found")) ==
        "Error from server (NotFound): configmaps \"x\" not found");
  CHECK(headline(403, status_object("Forbidden", "configmaps \"x\" is forbidden: User \"u\" cannot")) ==
        "Error from server (Forbidden): configmaps \"x\" is forbidden: User \"u\" cannot");
  CHECK(headline(409, status_object("AlreadyExists", "configmaps \"x\" already exists")) ==
        "Error from server (AlreadyExists): configmaps \"x\" already exists");
  CHECK(
      headline(400, status_object("BadRequest", "admission webhook \"v.istio.io\" denied the request: no")) ==
      "Error from server (BadRequest): admission webhook \"v.istio.io\" denied the request: no");
}

TEST_CASE("a Status object keeps its status, reason and details") {
  const ApiError error = api_error(json_reply(409, status_object("Conflict", "changed meanwhile")), what);
  CHECK(error.status() == 409);
  CHECK(error.reason() == "Conflict");
  CHECK(std::string(error.what()) == "changed meanwhile");
  CHECK(error.details().dump() == R"({"name":"x","kind":"configmaps"})");
}

TEST_CASE("a 401 asks to log in, whatever the server says") {
  const std::string expected = "error: You must be logged in to the server (Unauthorized)";
  CHECK(headline(401, status_object("Unauthorized", "Unauthorized")) == expected);
  CHECK(headline(401, "") == expected);
  CHECK(headline(401, "<html>log in</html>") == expected);
}

TEST_CASE("a Status object without a reason is reported without one") {
  CHECK(headline(500, status_object("", "etcd is gone")) == "Error from server: etcd is gone");
}

TEST_CASE("a Status object in a watch event is reported the same way") {
  const ApiError error =
      api_error(object({{"kind", "Status"}, {"code", 410}, {"reason", "Expired"}, {"message", "too old"}}));
  CHECK(error.status() == 410);
  CHECK(error.headline() == "Error from server (Expired): too old");
}

TEST_CASE("an invalid object is reported with its causes, without duplicates") {
  const auto invalid = [](const std::vector<Json>& causes) {
    Json list{Json::Array{}};
    for (const Json& cause : causes) list.push(cause);
    const Json details = object({{"kind", "Gateway"}, {"name", "x"}, {"causes", list}});
    return headline(422, object({
                                    {"kind", "Status"},
                                    {"message", "Gateway.networking.istio.io \"x\" is invalid: much"},
                                    {"reason", "Invalid"},
                                    {"details", details},
                                })
                             .dump());
  };
  const Json servers = object({{"field", "spec.servers"}, {"message", "Required value"}});
  const Json ports = object({{"field", "spec.port"}, {"message", "Invalid value: \"\\u001b\""}});
  CHECK(invalid({servers}) == "The Gateway \"x\" is invalid: spec.servers: Required value");
  CHECK(invalid({servers, ports, servers}) ==
        "The Gateway \"x\" is invalid: \n* spec.servers: Required value\n* spec.port: Invalid value: "
        "\"\\u001b\"");
  CHECK(invalid({}) == "The Gateway \"x\" is invalid: Gateway.networking.istio.io \"x\" is invalid: much");
  CHECK(headline(422, R"({"kind":"Status","reason":"Invalid","message":"no","details":{"uid":"u"}})") ==
        "The request is invalid: no");
}

TEST_CASE("a server-side apply conflict is reported as kubectl does, any other conflict as a server error") {
  const std::string message = "Apply failed with 1 conflict: conflict with \"helm\" using apps/v1: .spec";
  CHECK(headline(409, status_object("Conflict", message)) == "error: " + message);
  const ApiError conflict(409, "Conflict", message);
  CHECK(conflict.hint().find("--force-conflicts") != std::string::npos);
  CHECK(conflict.hint().ends_with(
      "see https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"));
  CHECK(ApiError(409, "Conflict", "the object has been modified").hint().empty());
  CHECK(headline(409, status_object("Conflict", "the object has been modified")) ==
        "Error from server (Conflict): the object has been modified");
}

TEST_CASE("an unknown HTTP status is reported by its number") {
  CHECK(headline(418, "short and stout") ==
        "Error from server: the server responded with the status code 418 but did not return more "
        "information (" +
            what + ")");
}

TEST_CASE("the retry delay is in the details, from the Status or from the Retry-After header") {
  http::Response response = json_reply(503, "overloaded");
  CHECK(api_error(response, what).details().is_null());
  response.headers.emplace_back("retry-after", "7");
  CHECK(api_error(response, what).details()["retryAfterSeconds"].as_integer() == 7);
}

TEST_CASE("a bare HTTP status is reported in apimachinery's words, with the description of the call") {
  struct Bare {
    int status;
    std::string reason;
    std::string message;
  };
  const std::vector<Bare> answers{
      {400, "BadRequest", "the server rejected our request for an unknown reason"},
      {404, "NotFound", "the server could not find the requested resource"},
      {405, "MethodNotAllowed", "the server does not allow this method on the requested resource"},
      {406, "NotAcceptable", "the server was unable to respond with a content type that the client supports"},
      {409, "Conflict", "the server reported a conflict"},
      {415, "UnsupportedMediaType", "the media type in the request is not supported by the server"},
      {422, "Invalid", "the server rejected our request due to an error in our request"},
      {429, "TooManyRequests",
       "the server has received too many requests and has asked us to try again later"},
      {503, "ServiceUnavailable", "the server is currently unable to handle the request"},
      {504, "Timeout",
       "the server was unable to return a response in the time allotted, but may still be processing the "
       "request"},
  };
  for (const Bare& bare : answers) {
    CAPTURE(bare.status);
    const ApiError error = api_error(json_reply(bare.status, ""), what);
    CHECK(error.status() == bare.status);
    CHECK(error.reason() == bare.reason);
    CHECK(error.headline() == "Error from server (" + bare.reason + "): " + bare.message + " (" + what + ")");
  }
}

TEST_CASE("a bare 403, 406 or 415 keeps the response body, which may come from a proxy or firewall") {
  CHECK(headline(415, "only JSON") == "Error from server (UnsupportedMediaType): only JSON (" + what + ")");
  CHECK(headline(406, "no JSON") == "Error from server (NotAcceptable): no JSON (" + what + ")");
  CHECK(headline(403, "<html>blocked by policy 7</html>") ==
        "Error from server (Forbidden): <html>blocked by policy 7</html> (" + what + ")");
}

TEST_CASE("plain HTTP to an HTTPS server is reported as such") {
  CHECK(headline(400, "Client sent an HTTP request to an HTTPS server.\n") ==
        "Error from server (BadRequest): Client sent an HTTP request to an HTTPS server. Use https:// in "
        "the server URL (" +
            what + ")");
}

TEST_CASE("any other status is reported with the response body") {
  CHECK(headline(500, "  it broke\n") ==
        "Error from server (InternalError): an error on the server (\"it broke\") has "
        "prevented the request from succeeding (" +
            what + ")");
}

TEST_CASE("a long or hostile body is truncated and made printable") {
  const std::string shown = headline(502, std::string(5000, 'x'));
  CHECK(shown.find(std::string(2048, 'x') + "\u2026") != std::string::npos);
  CHECK(shown.find(std::string(2049, 'x')) == std::string::npos);
  CHECK(headline(404, status_object("NotFound", "\x1b[31mred")) == "Error from server (NotFound): ^[[31mred");
}

TEST_CASE("secrets that a proxy echoes in its response are masked") {
  const std::string echoed = "<pre>GET /api HTTP/1.1\nAuthorization: Bearer s3cr3t-token\nCookie: s3cr3t\n" +
                             std::string("X: ") + testing::web_token + "</pre>";
  for (const int status : {403, 406, 415, 500, 502, 599}) {
    CAPTURE(status);
    const std::string shown = headline(status, echoed);
    CHECK(shown.find("GET /api HTTP/1.1") != std::string::npos);
    CHECK(shown.find("<masked>") != std::string::npos);
    CHECK(shown.find("s3cr3t") == std::string::npos);
    CHECK(shown.find(testing::web_token.substr(0, 30)) == std::string::npos);
  }
  // The truncation does not expose it.
  const std::string long_body = std::string(2040, 'x') + " " + testing::web_token;
  CHECK(headline(502, long_body).find("eyJ") == std::string::npos);
}

TEST_CASE(
    "a TLS alert is reported as Go does, and one about the client certificate names its kubeconfig fields") {
  const auto error = [](const std::string& text) {
    return connection_error(no_reply(Failure::tls_alert, text), "h:1");
  };
  CHECK(error("remote error: tls: certificate required").headline() ==
        "Unable to connect to the server: remote error: tls: certificate required");
  for (const std::string reason : {"certificate required", "bad certificate", "unknown certificate authority",
                                   "expired certificate", "handshake failure", "access denied"}) {
    CAPTURE(reason);
    CHECK(mentions(error("remote error: tls: " + reason).hint(),
                   {"h:1", "client-certificate", "client-key", "kubeconfig"}));
  }
  const std::string other = error("remote error: tls: internal error").hint();
  CHECK(mentions(other, {"h:1"}));
  CHECK_FALSE(mentions(other, {"client-key"}));
}

TEST_CASE("JSON that is not a Status object is not treated as one") {
  CHECK(headline(404, R"({"kind":"ConfigMap","message":"hello","reason":"Mine"})") ==
        "Error from server (NotFound): the server could not find the requested resource (" + what + ")");
  CHECK(headline(404, R"({"kind":"Status"})") ==
        "Error from server (NotFound): the server could not find the requested resource (" + what + ")");
}

TEST_CASE("an unreachable server is reported in kubectl's words") {
  CHECK(connection_failure(Failure::connection_refused) ==
        "The connection to the server api.example:6443 was refused - did you specify "
        "the right host or port?");
  CHECK(connection_failure(Failure::timed_out, "net/http: TLS handshake timeout") ==
        "Unable to connect to the server: net/http: TLS handshake timeout");
  CHECK(connection_failure(Failure::connection_lost, "EOF") == "Unable to connect to the server: EOF");
  CHECK(connection_failure(Failure::untrusted_certificate) ==
        "Unable to connect to the server: tls: failed to verify certificate: libcurl's words");
  CHECK(connection_failure(Failure::client_certificate) ==
        "error: tls: the user's client certificate and key cannot be used: libcurl's words");
  CHECK(connection_failure(Failure::not_tls) == "Unable to connect to the server: tls: libcurl's words");
  CHECK(connection_failure(Failure::proxy, "the proxy http://p:1 does not answer") ==
        "Unable to connect to the server: the proxy http://p:1 does not answer");
  CHECK(connection_failure(Failure::other) ==
        "Unable to connect to the server: api.example:6443: libcurl's words");
}

TEST_CASE("the reason of a failed previous attempt is appended") {
  http::Response response = no_reply(Failure::connection_refused);
  response.previous_failure = "unexpected \x1b";
  const ConnectionError error = connection_error(response, "h:1");
  CHECK(error.headline() ==
        "The connection to the server h:1 was refused - did you specify the right host or port? - error from "
        "a previous attempt: unexpected ^[");
  CHECK(error.hint() == connection_error(no_reply(Failure::connection_refused), "h:1").hint());
}

TEST_CASE("an unresolved host name is reported without its port") {
  CHECK(connection_failure(Failure::name_not_resolved) ==
        "Unable to connect to the server: dial tcp: lookup api.example: no such host");
}

TEST_CASE("the reason for a failed connection is made printable") {
  CHECK(connection_failure(Failure::other, "\x1b]0;x\x07") ==
        "Unable to connect to the server: api.example:6443: ^[]0;x^G");
}

TEST_CASE("a failed connection has a hint") {
  const auto hint = [](Failure failure, const std::string& host, const std::string& text = {}) {
    return connection_error(no_reply(failure, text), host).hint();
  };
  CHECK(mentions(hint(Failure::timed_out, "h"), {"h", "in time"}));
  CHECK(mentions(hint(Failure::connection_lost, "h"), {"connection", "h"}));
  CHECK(mentions(hint(Failure::not_tls, "h", std::string(http::tls_too_old)), {"h", "TLS", "1.2"}));
  CHECK(mentions(hint(Failure::connection_refused, "h"), {"kubectl config view --minify"}));
  CHECK(mentions(hint(Failure::connection_refused, "localhost:8080"), {"kubeconfig"}));
  CHECK_FALSE(
      mentions(hint(Failure::connection_refused, "localhost:8080"), {"kubectl config view --minify"}));
  const auto trust_hint = [](const std::string& why) {
    return connection_error(no_reply(Failure::untrusted_certificate, why), "h").hint();
  };
  CHECK(mentions(trust_hint("x509: certificate is valid for a, not b"), {"--tls-server-name"}));
  CHECK(mentions(trust_hint("x509: certificate has expired or is not yet valid"), {"renew"}));
  CHECK(
      connection_error(no_reply(Failure::untrusted_certificate), "h").hint().find("certificate-authority") !=
      std::string::npos);
}

}  // namespace egress::kube

TEST_SUITE_END();
