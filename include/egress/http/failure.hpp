#pragma once

#include <string>

#include "egress/http/curl_transport.hpp"

namespace egress::http {

/// Why an exchange brought no answer.
struct Fault {
  Failure failure = Failure::none;
  std::string text;  ///< untrusted: parts of it are the server's
};

/// What `code` (a CURLcode that is not CURLE_OK) means on the handle that it ended; `words` are libcurl's
/// own. What a proxy did is told of the proxy, and why a server is not trusted is told in Go's words.
Fault fault_of(int code, void* easy, const Endpoint& endpoint, const PeerCheck& peer,
               const std::string& words);

}  // namespace egress::http
