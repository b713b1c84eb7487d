#include "egress/kube/exec_credential.hpp"

#include "egress/base/error.hpp"
#include "egress/base/time.hpp"
#include "egress/base/yaml.hpp"

namespace egress::kube {
namespace {

/// Hides the parser's message, which may contain a part of the secret text.
Json parse_output(std::string_view text) {
  Json object;
  try {
    object = parse_yaml(text);
  } catch (const Error&) {
    throw Error("decoding stdout: it is neither JSON nor YAML");
  }
  if (!object.is_object()) throw Error("decoding stdout: it is not an object");
  return object;
}

std::string string_field(const Json& status, const char* key) {
  const Json& field = status[key];
  if (!field.is_null() && !field.is_string())
    throw Error(std::string("decoding stdout: status.") + key + " is not a string");
  return field.as_string();
}

/// True for a version that can be shown. Everything else in the output may be secret.
bool is_version(std::string_view text) {
  constexpr std::string_view group = "client.authentication.k8s.io/v";
  constexpr std::size_t longest = 20;
  if (!text.starts_with(group) || text.size() > group.size() + longest) return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789", group.size()) ==
         std::string_view::npos;
}

void check_version(const Json& object, const std::string& api_version) {
  const std::string& version = object["apiVersion"].as_string();
  if (object["kind"].as_string() != "ExecCredential")
    throw Error("decoding stdout: its kind is not ExecCredential");
  if (version != api_version)
    throw Error("exec plugin is configured to use API version " + api_version + ", plugin returned " +
                (is_version(version) ? "version " + version : "another version"));
}

}  // namespace

ExecCredential read_exec_credential(std::string_view text, const std::string& api_version) {
  const Json object = parse_output(text);
  check_version(object, api_version);
  const Json& status = object["status"];
  if (!status.is_object()) throw Error("exec plugin didn't return a status field");

  ExecCredential credential{.token = string_field(status, "token"),
                            .client_certificate = string_field(status, "clientCertificateData"),
                            .client_key = string_field(status, "clientKeyData"),
                            .expires = {}};
  if (credential.client_certificate.empty() != credential.client_key.empty())
    throw Error("exec plugin returned only certificate or key, not both");
  if (credential.token.empty() && credential.client_key.empty())
    throw Error("exec plugin didn't return a token or cert/key pair");
  if (credential.token.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    throw Error("exec plugin returned a token with a line break");
  if (const std::string time = string_field(status, "expirationTimestamp"); !time.empty()) {
    credential.expires = parse_time(time);
    if (!credential.expires)
      throw Error("decoding stdout: status.expirationTimestamp is not an RFC 3339 time");
  }
  return credential;
}

}  // namespace egress::kube
