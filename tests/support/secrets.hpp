#pragma once

#include <string>

namespace egress::testing {

/// Text in the form of a PEM private key; tests search messages for its lines.
inline std::string pem_key(const std::string& label = "PRIVATE KEY") {
  return "-----BEGIN " + label + "-----\n" +
         "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgs3cr3tK3yOfAlice\n" +
         "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\n-----END " + label + "-----";
}

/// A JSON Web Token, as far as its form goes.
inline const std::string web_token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLXMzY3IzdA";

/// A bootstrap token, as far as its form goes.
inline const std::string bootstrap_token = "abcdef.0123456789abcdef";

}  // namespace egress::testing
