#include "egress/http/tls_alert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace egress::http {
namespace {

/// OpenSSL's reason behind what says that it is an alert (ssl/ssl_err.c), where Go words it otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> otherwise_in_go{{
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

/// Reasons of alerts that do not have the word in them.
constexpr std::array<std::string_view, 5> without_the_word{
    "unrecognized name", "unsupported extension", "certificate unobtainable",
    "bad certificate status response", "bad certificate hash value"};

/// What follows "tlsv1 alert ", "tlsv13 alert ", "sslv3 alert " or, since OpenSSL 3.2, "ssl/tls alert ".
std::string_view reason_in(std::string_view words) {
  constexpr std::string_view library = "SSL routines:";
  constexpr std::string_view alert = " alert ";
  const std::size_t at = words.find(library);
  if (at == std::string_view::npos) return {};
  std::string_view reason = words.substr(at + library.size());
  reason = reason.substr(0, reason.find_first_of(",\r\n"));
  reason.remove_prefix(std::min(reason.rfind(':') + 1, reason.size()));
  if (const std::size_t said = reason.find(alert); said != std::string_view::npos)
    return reason.substr(said + alert.size());
  const bool told = std::ranges::any_of(without_the_word, [&](std::string_view one) {
    return reason.starts_with("tlsv1 ") && reason.ends_with(one);
  });
  return told ? reason.substr(reason.find(' ') + 1) : std::string_view();
}

}  // namespace

std::string alert_in(std::string_view words) {
  std::string_view reason = reason_in(words);
  if (reason.empty()) return {};
  const auto known = std::ranges::find(otherwise_in_go, reason, [](const auto& one) { return one.first; });
  if (known != otherwise_in_go.end()) reason = known->second;
  return "remote error: tls: " + std::string(reason);
}

}  // namespace egress::http
