#pragma once

#include <string>

#include "egress/http/curl_transport.hpp"

namespace egress::http {

/// Why an exchange has no response.
struct FailureInfo {
  Failure failure = Failure::none;
  std::string text;  ///< untrusted: contains text from the server
};

/// How far an exchange has come with a connection of its own; nothing is set while it waits for another's.
struct ConnectionProgress {
  bool has_dialed = false;      ///< started to connect
  bool is_handshaking = false;  ///< started TLS, with the server or the proxy
};

/// Classifies `code` (a CURLcode other than CURLE_OK) of the handle that failed; `message` is libcurl's
/// message. Failures before the proxy connected to the server are reported as the proxy's; untrusted
/// certificates and TLS alerts are worded like Go's.
FailureInfo classify_failure(int code, void* easy, const Endpoint& endpoint, const PeerCheck& peer,
                             ConnectionProgress progress, const std::string& message);

}  // namespace egress::http
