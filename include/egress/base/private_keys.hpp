#pragma once

#include <string>
#include <string_view>

namespace egress {

/// The replacement for a secret, as in client-go's traces (transport/round_trippers.go, 1.36).
inline constexpr std::string_view masked = "<masked>";

/// The text with "<masked>" for each private key in PEM (RFC 7468), and for base64 that holds one, also
/// within base64: in the standard alphabet and that of URLs, with or without padding and line ends. A key
/// that is cut off goes to the end of the text.
std::string mask_private_keys(std::string_view text);

}  // namespace egress
