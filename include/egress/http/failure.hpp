#pragma once

#include <string>

#include "egress/http/curl_transport.hpp"

namespace egress::http {

/// Why an exchange brought no answer.
struct FailureInfo {
  Failure failure = Failure::none;
  std::string text;  ///< untrusted: parts of it are the server's
};

/// How far an exchange came on a connection of its own. One that waits for another's comes nowhere.
struct ConnectionProgress {
  bool has_dialed = false;      ///< a connection was begun
  bool is_handshaking = false;  ///< and TLS on it, with whomever
};

/// What `code` (a CURLcode that is not CURLE_OK) means on the handle that it ended; `words` are libcurl's
/// own. What a proxy did, or did not do before it had connected to the server, is told of the proxy; why a
/// server is not trusted, and what it says by TLS, is told in Go's words.
FailureInfo classify_failure(int code, void* easy, const Endpoint& endpoint, const PeerCheck& peer,
                             ConnectionProgress progress, const std::string& words);

}  // namespace egress::http
