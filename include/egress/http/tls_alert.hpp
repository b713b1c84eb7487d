#pragma once

#include <string>
#include <string_view>

namespace egress::http {

/// The TLS alert that the peer sent, worded like Go's (crypto/tls, alert.go): "remote error: tls: certificate
/// required". `message` is libcurl's and contains OpenSSL's reason; returns an empty text if it is not an
/// alert. The result is untrusted only if OpenSSL's reason is unknown here.
std::string parse_tls_alert(std::string_view message);

}  // namespace egress::http
