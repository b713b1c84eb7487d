#include "egress/kube/api_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "egress/base/text.hpp"
#include "egress/kube/mask.hpp"

namespace egress::kube {
namespace {

constexpr int unauthorized = 401;
constexpr int forbidden = 403;
constexpr int conflict = 409;
constexpr int invalid = 422;
constexpr int server_fault = 500;

struct GenericError {
  int status;
  std::string_view reason;
  std::string_view message;
};

/// The meaning of an HTTP status without a Status object: apimachinery's NewGenericServerResponse
/// (pkg/api/errors/errors.go).
constexpr std::array generic_errors{
    GenericError{400, "BadRequest", "the server rejected our request for an unknown reason"},
    GenericError{401, "Unauthorized", "the server has asked for the client to provide credentials"},
    GenericError{403, "Forbidden", "the server does not allow this request"},
    GenericError{404, "NotFound", "the server could not find the requested resource"},
    GenericError{405, "MethodNotAllowed", "the server does not allow this method on the requested resource"},
    GenericError{406, "NotAcceptable",
                 "the server was unable to respond with a content type that the client supports"},
    GenericError{409, "Conflict", "the server reported a conflict"},
    GenericError{415, "UnsupportedMediaType", "the media type in the request is not supported by the server"},
    GenericError{422, "Invalid", "the server rejected our request due to an error in our request"},
    GenericError{429, "TooManyRequests",
                 "the server has received too many requests and has asked us to try again later"},
    GenericError{503, "ServiceUnavailable", "the server is currently unable to handle the request"},
    GenericError{
        504, "Timeout",
        "the server was unable to return a response in the time allotted, but may still be processing "
        "the request"},
};

std::optional<Json> status_object(const http::Response& response) {
  try {
    Json body = Json::parse(response.body);
    if (body["kind"].as_string() == "Status") return body;
  } catch (const Error&) {
  }
  return std::nullopt;
}

ApiError from_status(const Json& status, int code) {
  const std::string& reason = status["reason"].as_string();
  return {code, printable(reason, 100), printable(status["message"].as_string()), status["details"]};
}

/// The `details` that client-go derives from the header Retry-After.
Json retry_after(const http::Response& response) {
  const std::string_view text = response.header("retry-after");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && seconds > 0;
  return is_number ? object({{"retryAfterSeconds", seconds}}) : Json();
}

ApiError generic_error(const http::Response& response, const std::string& what) {
  const std::string suffix = " (" + what + ")";
  // A proxy before the server may echo the request. Mask before truncating: a truncated secret is not
  // recognized by its form.
  constexpr std::size_t max_masked_size = 1U << 16U;
  const std::string body =
      printable(masked_text(trim(std::string_view(response.body).substr(0, max_masked_size))), 2048);
  // A refusal without a Status object is not from the API server; its body is the only explanation.
  constexpr std::array statuses_with_body{403, 406, 415};
  const bool keeps_body = std::ranges::find(statuses_with_body, response.status) != statuses_with_body.end();
  // Go's TLS server answers plain HTTP like this.
  if (response.status == 400 && body == "Client sent an HTTP request to an HTTPS server.")
    return {400, "BadRequest", body + " Use https:// in the server URL (" + what + ")"};
  for (const GenericError& generic : generic_errors)
    if (generic.status == response.status)
      return {response.status, std::string(generic.reason),
              (keeps_body && !body.empty() ? body : std::string(generic.message)) + suffix,
              retry_after(response)};
  if (response.status < server_fault)
    return {response.status, "",
            "the server responded with the status code " + std::to_string(response.status) +
                " but did not return more information" + suffix};
  return {response.status, "InternalError",
          "an error on the server (\"" + (body.empty() ? "unknown" : body) +
              "\") has prevented the request from succeeding" + suffix,
          retry_after(response)};
}

/// The reasons why an object is invalid, in the words of kubectl's checkErr (pkg/cmd/util/helpers.go).
std::string invalid_headline(const std::string& message, const Json& details) {
  const std::string kind = printable(details["kind"].as_string(), 100);
  const std::string name = printable(details["name"].as_string(), 300);
  std::vector<std::string> causes;
  for (const Json& cause : details["causes"].items()) {
    std::string text = printable(cause["field"].as_string() + ": " + cause["message"].as_string());
    if (std::ranges::find(causes, text) == causes.end()) causes.push_back(std::move(text));
  }
  if (causes.empty()) causes.push_back(message);
  const std::string lead = kind.empty() && name.empty() ? "The request is invalid: "
                                                        : "The " + kind + " \"" + name + "\" is invalid: ";
  return causes.size() == 1 ? lead + causes.front() : lead + "\n* " + join(causes, "\n* ");
}

/// The hint for an untrusted certificate; `why` is the reason in Go's words.
std::string certificate_hint(const std::string& why) {
  if (why.find("expired") != std::string::npos)
    return "renew the server's certificate, or correct this machine's clock";
  const bool is_name_mismatch = why.find(", not ") != std::string::npos ||
                                why.find("any IP SANs") != std::string::npos ||
                                why.find("any names") != std::string::npos;
  if (is_name_mismatch)
    return "use a server name that its certificate has, or set the expected one: "
           "tls-server-name in the kubeconfig, --tls-server-name NAME";
  return "set the cluster's certificate-authority in the kubeconfig to the CA that signed the server's "
         "certificate";
}

/// True for a conflict in server-side apply, of which kubectl prints only the message
/// (pkg/cmd/apply/apply.go).
bool is_field_conflict(int status, std::string_view message) {
  return status == conflict && message.starts_with("Apply failed with ");
}

const char* hint_for(int status, std::string_view message) {
  if (is_field_conflict(status, message))
    return "other field managers own these fields: overwrite them with --force-conflicts, remove them from "
           "the "
           "manifest, or use their current values; see "
           "https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";
  if (status == unauthorized)
    return "the server does not accept your credentials; check the user in use: kubectl config view --minify";
  return status == forbidden ? "list your permissions: kubectl auth can-i --list -n NAMESPACE" : "";
}

}  // namespace

ApiError::ApiError(int status, std::string reason, const std::string& message, Json details)
    : Error(message, hint_for(status, message), std::move(reason)),
      status_(status),
      details_(std::move(details)) {}

std::string ApiError::headline() const {
  if (status_ == unauthorized) return "error: You must be logged in to the server (" + reason() + ")";
  const std::string message = what();
  if (status_ == invalid && !details_.is_null()) return invalid_headline(message, details_);
  if (is_field_conflict(status_, message)) return "error: " + message;
  return (reason().empty() ? "Error from server: " : "Error from server (" + reason() + "): ") + message;
}

ApiError api_error(const http::Response& response, const std::string& what) {
  const auto status = status_object(response);
  if (!status || (*status)["message"].as_string().empty()) return generic_error(response, what);
  return from_status(*status, response.status);
}

ApiError api_error(const Json& status) {
  return from_status(status, static_cast<int>(status["code"].as_integer()));
}

namespace {

/// True for a TLS alert about the client's certificate. TLS before 1.3 has no specific alert for a missing
/// one.
bool is_certificate_alert(const std::string& alert) {
  return alert.find("certificate") != std::string::npos || alert.ends_with("handshake failure") ||
         alert.ends_with("access denied");
}

ConnectionError connection_failure(const http::Response& response, const std::string& host) {
  const std::string text = printable(response.failure_text);
  const std::string context = "check the server and the context in use: kubectl config view --minify";
  // Not configured by the user; kubectl uses it as a default, too.
  const bool is_default_server = host == "localhost:8080";
  switch (response.failure) {
    case http::Failure::interrupted:
      return ConnectionError("error: interrupted", "", reason::interrupted);
    case http::Failure::connection_refused:
      return ConnectionError(
          "The connection to the server " + host + " was refused - did you specify the right host or port?",
          is_default_server ? "this is the default server; set a kubeconfig (--kubeconfig FILE or "
                              "KUBECONFIG), or choose a context: kubectl config use-context NAME"
                            : context);
    case http::Failure::name_not_resolved:
      return ConnectionError("Unable to connect to the server: dial tcp: lookup " +
                                 host.substr(0, host.rfind(':')) + ": no such host",
                             context);
    case http::Failure::timed_out:
      return ConnectionError("Unable to connect to the server: " + text,
                             host + " did not answer in time; " + context);
    case http::Failure::connection_lost:
      return ConnectionError("Unable to connect to the server: " + text,
                             "the connection to " + host + " was lost before an answer arrived; " + context);
    case http::Failure::untrusted_certificate:
      return ConnectionError("Unable to connect to the server: tls: failed to verify certificate: " + text,
                             certificate_hint(text));
    case http::Failure::client_certificate:
      return ConnectionError("error: tls: the user's client certificate and key cannot be used: " + text,
                             "check client-certificate and client-key of the user in the kubeconfig");
    case http::Failure::tls_alert:
      return ConnectionError("Unable to connect to the server: " + text,
                             is_certificate_alert(text)
                                 ? host +
                                       " requires a client certificate that it trusts; check "
                                       "client-certificate and client-key of the user in the kubeconfig"
                                 : host + " closed the connection for this reason; " + context);
    case http::Failure::not_tls:
      return ConnectionError("Unable to connect to the server: tls: " + text,
                             text == http::tls_too_old
                                 ? host + " does not support TLS 1.2 or later"
                                 : "check that " + host + " is the HTTPS port of the API server");
    case http::Failure::proxy:
      return ConnectionError("Unable to connect to the server: " + text,
                             "check proxy-url of the cluster in the kubeconfig, or without it "
                             "HTTPS_PROXY and NO_PROXY in the environment");
    default:
      return ConnectionError("Unable to connect to the server: " + host + ": " + text, context);
  }
}

}  // namespace

ConnectionError connection_error(const http::Response& response, const std::string& host) {
  ConnectionError error = connection_failure(response, host);
  if (response.previous_failure.empty()) return error;
  // In client-go's words (rest/with_retry.go, 1.36).
  return ConnectionError(
      error.what() + (" - error from a previous attempt: " + printable(response.previous_failure)),
      error.hint(), error.reason().c_str());
}

}  // namespace egress::kube
