#include "egress/http/tls_alert.hpp"

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("http");

namespace egress::http {
namespace {

/// The parsed message of an alert number, formatted like libcurl with this OpenSSL's text.
std::string alert_message(int number) {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, nullptr);
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_PACK(ERR_LIB_SSL, 0, SSL_AD_REASON_OFFSET + number), text.data(), text.size());
  return parse_tls_alert("OpenSSL SSL_read: " + std::string(text.data()) + ", errno 0");
}

}  // namespace

TEST_CASE("every alert that this OpenSSL knows is worded like Go's") {
  struct Alert {
    int number;
    std::string go;
  };
  // crypto/tls, alert.go
  const std::vector<Alert> alerts{
      {SSL_AD_UNEXPECTED_MESSAGE, "unexpected message"},
      {SSL_AD_BAD_RECORD_MAC, "bad record MAC"},
      {SSL_AD_RECORD_OVERFLOW, "record overflow"},
      {SSL_AD_HANDSHAKE_FAILURE, "handshake failure"},
      {SSL_AD_BAD_CERTIFICATE, "bad certificate"},
      {SSL_AD_UNSUPPORTED_CERTIFICATE, "unsupported certificate"},
      {SSL_AD_CERTIFICATE_REVOKED, "revoked certificate"},
      {SSL_AD_CERTIFICATE_EXPIRED, "expired certificate"},
      {SSL_AD_CERTIFICATE_UNKNOWN, "unknown certificate"},
      {SSL_AD_ILLEGAL_PARAMETER, "illegal parameter"},
      {SSL_AD_UNKNOWN_CA, "unknown certificate authority"},
      {SSL_AD_ACCESS_DENIED, "access denied"},
      {SSL_AD_DECODE_ERROR, "error decoding message"},
      {SSL_AD_DECRYPT_ERROR, "error decrypting message"},
      {SSL_AD_PROTOCOL_VERSION, "protocol version not supported"},
      {SSL_AD_INSUFFICIENT_SECURITY, "insufficient security level"},
      {SSL_AD_INTERNAL_ERROR, "internal error"},
      {SSL_AD_INAPPROPRIATE_FALLBACK, "inappropriate fallback"},
      {SSL_AD_USER_CANCELLED, "user canceled"},
      {SSL_AD_NO_RENEGOTIATION, "no renegotiation"},
      {SSL_AD_MISSING_EXTENSION, "missing extension"},
      {SSL_AD_UNSUPPORTED_EXTENSION, "unsupported extension"},
      {SSL_AD_CERTIFICATE_UNOBTAINABLE, "certificate unobtainable"},
      {SSL_AD_UNRECOGNIZED_NAME, "unrecognized name"},
      {SSL_AD_BAD_CERTIFICATE_STATUS_RESPONSE, "bad certificate status response"},
      {SSL_AD_BAD_CERTIFICATE_HASH_VALUE, "bad certificate hash value"},
      {SSL_AD_UNKNOWN_PSK_IDENTITY, "unknown PSK identity"},
      {SSL_AD_CERTIFICATE_REQUIRED, "certificate required"},
      {SSL_AD_NO_APPLICATION_PROTOCOL, "no application protocol"},
  };
  for (const Alert& alert : alerts) {
    CAPTURE(alert.number);
    CHECK(alert_message(alert.number) == "remote error: tls: " + alert.go);
  }
}

TEST_CASE("messages of other versions of OpenSSL and libcurl are parsed, too") {
  for (const std::string message :
       {"OpenSSL/1.1.1w: error:1409445C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required",
        "TLS connect error: error:0A00045C:SSL routines::tlsv13 alert certificate required",
        "SSL_write() error: error:0A00045C:SSL routines::ssl/tls alert certificate required, errno 0"})
    CHECK(parse_tls_alert(message) == "remote error: tls: certificate required");
}

TEST_CASE("a message without an alert is not parsed as one") {
  for (const std::string message : {"", "Recv failure: Connection reset by peer", "alert", "SSL routines:",
                                    "SSL routines::", "error:0A00010B:SSL routines::wrong version number",
                                    "error:0A000086:SSL routines::certificate verify failed",
                                    "OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104",
                                    "error:0A000126:SSL routines::unexpected eof while reading"}) {
    CAPTURE(message);
    CHECK(parse_tls_alert(message).empty());
  }
}

}  // namespace egress::http

TEST_SUITE_END();
