#include "egress/kube/exec_credential.hpp"

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/time.hpp"
#include "egress/base/yaml.hpp"

namespace egress::kube {
namespace {

/// The parser's words may hold a piece of the text, which is secret.
Json parsed(std::string_view text) {
  Json object;
  try {
    object = parse_yaml(text);
  } catch (const Error&) {
    throw Error("decoding stdout: it is neither JSON nor YAML");
  }
  if (!object.is_object()) throw Error("decoding stdout: it is no object");
  return object;
}

std::string text_of(const Json& status, const char* key) {
  const Json& field = status[key];
  if (!field.is_null() && !field.is_string())
    throw Error(std::string("decoding stdout: status.") + key + " is not a text");
  return field.as_string();
}

void check_version(const Json& object, const std::string& api_version) {
  const std::string& kind = object["kind"].as_string();
  const std::string& version = object["apiVersion"].as_string();
  if (kind != "ExecCredential")
    throw Error("decoding stdout: no kind \"" + printable(kind, 100) + "\" is registered for version \"" +
                printable(version, 100) + "\"");
  if (version != api_version)
    throw Error("exec plugin is configured to use API version " + api_version + ", plugin returned version " +
                printable(version, 100));
}

}  // namespace

ExecCredential read_exec_credential(std::string_view text, const std::string& api_version) {
  const Json object = parsed(text);
  check_version(object, api_version);
  const Json& status = object["status"];
  if (!status.is_object()) throw Error("exec plugin didn't return a status field");

  ExecCredential credential{.token = text_of(status, "token"),
                            .client_certificate = text_of(status, "clientCertificateData"),
                            .client_key = text_of(status, "clientKeyData"),
                            .expires = {}};
  if (credential.client_certificate.empty() != credential.client_key.empty())
    throw Error("exec plugin returned only certificate or key, not both");
  if (credential.token.empty() && credential.client_key.empty())
    throw Error("exec plugin didn't return a token or cert/key pair");
  if (credential.token.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    throw Error("exec plugin returned a token with a line end in it");
  if (const std::string time = text_of(status, "expirationTimestamp"); !time.empty()) {
    credential.expires = parse_time(time);
    if (!credential.expires) throw Error("decoding stdout: status.expirationTimestamp is no RFC 3339 time");
  }
  return credential;
}

}  // namespace egress::kube
