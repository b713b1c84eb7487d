#pragma once

#include <string>
#include <string_view>

namespace egress::kube {

/// Returns a header line "Name: value" without credentials. Authorization and Proxy-Authorization keep only
/// the scheme; cookies and tokens are masked. Impersonate-… is unchanged.
std::string masked_header(std::string_view line);

/// Returns a text without the secrets that have a known form: private keys in PEM, also in base64 (encoded up
/// to twice), user info in URLs, JSON Web Tokens, bootstrap tokens, the word after "Bearer" or "Basic", and
/// the value after a name such as password= or token:.
std::string masked_text(std::string_view text);

/// Returns the body of a request or response for `target` without secrets, JSON and YAML as one line of JSON.
/// Masks the values of a Secret's data and stringData (also in lists, in patches and in manifests kept as
/// text in an annotation), every field whose name says that it is secret, and in all texts what masked_text()
/// masks. A body that cannot be parsed and may contain a Secret is omitted. Never throws.
std::string masked_body(std::string_view target, std::string_view body);

/// True for the name of a field, header or variable that holds a secret: password, clientKeyData,
/// X-Auth-Token, …
bool names_secret(std::string_view name);

}  // namespace egress::kube
