#pragma once

#include <optional>
#include <string>

namespace egress::http {

/// The parts of a server's URL, as libcurl parses it.
struct Url {
  std::string scheme;  ///< lower case
  std::string user;    ///< decoded; empty if missing
  std::string password;
  std::string authority;  ///< host and any port; an IPv6 address in brackets
  std::string host;       ///< without port
  std::string port;       ///< empty if missing
  std::string path;       ///< without trailing slash

  /// The URL without user and password.
  std::string text() const { return scheme + "://" + authority + path; }

  /// Returns nullopt if the text is not a URL or has no scheme.
  static std::optional<Url> parse(const std::string& text);
};

/// The host as certificates name it: an IPv6 address without brackets.
std::string strip_brackets(const std::string& host);

/// The text of a possibly invalid URL for messages: the part before an @ is masked, because it may be a
/// password.
std::string mask_credentials(const std::string& text);

}  // namespace egress::http
