#pragma once

#include <string>
#include <string_view>

namespace egress::kube {

/// A header's whole line "Name: value" without what proves who asks: of Authorization and Proxy-Authorization
/// only the scheme is left; cookies and tokens are masked. Impersonate-… stays as it is.
std::string masked_header(std::string_view line);

/// A text of whatever kind without what is known by its form: private keys in PEM, also where base64 wraps
/// them (twice at most), user info in URLs, JSON Web Tokens, bootstrap tokens, what follows "Bearer", and the
/// value behind a name such as password= or token:.
std::string masked_text(std::string_view text);

/// What was sent to that target or came from there. Of JSON and YAML, on one line of JSON: the values of a
/// Secret's data and stringData (in lists, patches and manifests kept as text in an annotation, too) and of
/// every field whose name says that it is secret; in all texts what masked_text knows. What cannot be read
/// and may be of a Secret is left out. Never throws.
std::string masked_body(std::string_view target, std::string_view body);

/// True for the name of a field, header or variable that holds a secret: password, clientKeyData,
/// X-Auth-Token, …
bool names_secret(std::string_view name);

}  // namespace egress::kube
