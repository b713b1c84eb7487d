#pragma once

#include <optional>
#include <string>

namespace egress::http {

/// A server's URL in its parts, as libcurl reads it.
struct Url {
  std::string scheme;  ///< lower case
  std::string user;    ///< decoded; empty where the URL names none
  std::string password;
  std::string authority;  ///< host, and the port where it is given; an IPv6 address in brackets
  std::string host;       ///< without port
  std::string port;       ///< empty where it is not given
  std::string path;       ///< without a slash at the end

  /// The URL again, without user and password.
  std::string text() const { return scheme + "://" + authority + path; }

  /// Nothing where the text has no scheme or is no URL.
  static std::optional<Url> parse(const std::string& text);
};

/// A host as it is in certificates: an IPv6 address has no brackets there.
std::string strip_brackets(const std::string& host);

/// The text of what should be a URL, as it may be shown: what stands before an @ may be a password.
std::string mask_credentials(const std::string& text);

}  // namespace egress::http
