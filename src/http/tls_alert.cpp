#include "egress/http/tls_alert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace egress::http {
namespace {

/// OpenSSL's reasons (ssl/ssl_err.c) that Go message differently, without their prefix.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> go_reasons{{
    {"bad record mac", "bad record MAC"},
    {"certificate revoked", "revoked certificate"},
    {"certificate expired", "expired certificate"},
    {"certificate unknown", "unknown certificate"},
    {"unknown ca", "unknown certificate authority"},
    {"decode error", "error decoding message"},
    {"decrypt error", "error decrypting message"},
    {"protocol version", "protocol version not supported"},
    {"insufficient security", "insufficient security level"},
    {"user cancelled", "user canceled"},
    {"unknown psk identity", "unknown PSK identity"},
    {"no certificate", "certificate required"},
}};

/// Reasons of alerts that do not contain "alert".
constexpr std::array<std::string_view, 5> reasons_without_alert{
    "unrecognized name", "unsupported extension", "certificate unobtainable",
    "bad certificate status response", "bad certificate hash value"};

/// The reason after "tlsv1 alert ", "tlsv13 alert ", "sslv3 alert " or, since OpenSSL 3.2, "ssl/tls alert ".
std::string_view parse_reason(std::string_view message) {
  constexpr std::string_view library = "SSL routines:";
  constexpr std::string_view alert = " alert ";
  const std::size_t at = message.find(library);
  if (at == std::string_view::npos) return {};
  std::string_view reason = message.substr(at + library.size());
  reason = reason.substr(0, reason.find_first_of(",\r\n"));
  reason.remove_prefix(std::min(reason.rfind(':') + 1, reason.size()));
  if (const std::size_t position = reason.find(alert); position != std::string_view::npos)
    return reason.substr(position + alert.size());
  const bool is_alert = std::ranges::any_of(reasons_without_alert, [&](std::string_view suffix) {
    return reason.starts_with("tlsv1 ") && reason.ends_with(suffix);
  });
  return is_alert ? reason.substr(reason.find(' ') + 1) : std::string_view();
}

}  // namespace

std::string parse_tls_alert(std::string_view message) {
  std::string_view reason = parse_reason(message);
  if (reason.empty()) return {};
  const auto translated =
      std::ranges::find(go_reasons, reason, [](const auto& entry) { return entry.first; });
  if (translated != go_reasons.end()) reason = translated->second;
  return "remote error: tls: " + std::string(reason);
}

}  // namespace egress::http
