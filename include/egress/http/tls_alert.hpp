#pragma once

#include <string>
#include <string_view>

namespace egress::http {

/// What the other end said in an alert of TLS, in Go's words (crypto/tls, alert.go): "remote error: tls:
/// certificate required". `words` are libcurl's, with OpenSSL's reason in them; empty where they tell of
/// none. Untrusted only where OpenSSL's reason is one that is not known here.
std::string parse_tls_alert(std::string_view words);

}  // namespace egress::http
