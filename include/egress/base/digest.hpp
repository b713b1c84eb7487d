#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace egress {

/// The 32 bytes of the text's SHA-256.
std::string sha256(std::string_view text);

/// Two lower-case digits a byte.
std::string hex(std::string_view bytes);

/// Standard alphabet, with padding, on one line.
std::string encode_base64(std::string_view bytes);

/// URL alphabet, without padding: the form of an ApplySet's id.
std::string encode_base64_url(std::string_view bytes);

/// Reads standard base64 as Go does: padding required, line ends inside allowed; nothing where it is not
/// that.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace egress
