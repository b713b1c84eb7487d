#pragma once

#include <string_view>

namespace egress {

/// True for a word that is a token by its form, whatever signs end it: a JSON Web Token (RFC 7519), or a
/// bootstrap token such as abcdef.0123456789abcdef (bootstrap-token-secret of Kubernetes' cluster-bootstrap
/// API).
bool is_token(std::string_view word);

}  // namespace egress
