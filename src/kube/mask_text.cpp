#include <algorithm>
#include <array>
#include <cctype>

#include "egress/base/private_keys.hpp"
#include "egress/base/text.hpp"
#include "egress/base/token.hpp"
#include "egress/kube/mask.hpp"

// Each rule removes one kind of secret from a text. All run in linear time, because the text of a server may
// be long and crafted to be slow.

namespace egress::kube {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// The end of the user info after "://"; npos if there is none. An invalid password may contain a '/'; the
/// text before it then looks like a port, but is not a number.
std::size_t user_info_end(std::string_view rest) {
  constexpr std::string_view word_ends = " \t\r\n\"'<>`";
  constexpr std::size_t longest = 1024;
  const std::string_view authority = rest.substr(0, rest.find_first_of(" \t\r\n\"'<>`/?#"));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) return at;
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon == std::string_view::npos || authority.ends_with(']') ||
                        authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
  if (has_port) return std::string_view::npos;
  const std::string_view word = rest.substr(0, longest);
  return word.substr(0, word.find_first_of(word_ends)).find('@');
}

std::string without_user_info(std::string_view text) {
  constexpr std::string_view slashes = "://";
  std::string result;
  for (;;) {
    const std::size_t at = text.find(slashes);
    if (at == std::string_view::npos) return result.append(text);
    result.append(text.substr(0, at + slashes.size()));
    text.remove_prefix(at + slashes.size());
    const std::size_t end = user_info_end(text);
    if (end == std::string_view::npos) continue;
    result += masked;
    text.remove_prefix(end);
  }
}

bool is_word(char c) {
  return is_alnum(c) || c == '-' || c == '_' || c == '.';
}

bool is_blank(char c) {
  return blanks.find(c) != std::string_view::npos;
}

/// The length of the credential at the start of the text.
std::size_t credential_length(std::string_view text) {
  return std::min(text.find_first_of(" \t\r\n\"'\\,"), text.size());
}

/// Removes words that are tokens by their form, and the words after "Bearer" and "Basic".
std::string without_tokens(std::string_view text) {
  std::string result;
  std::string previous_word;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_credential = !is_blank(text[at]) && (previous_word == "bearer" || previous_word == "basic");
    if (const std::size_t length = is_credential ? credential_length(text.substr(at)) : 0; length > 0) {
      result += masked;
      at += length;
      previous_word.clear();
      continue;
    }
    if (!is_word(text[at])) {
      if (!is_blank(text[at])) previous_word.clear();
      result += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    result += is_token(word) ? masked : word;
    previous_word = word.size() <= 6 ? to_lower(word) : "";
    at = end;
  }
  return result;
}

/// The position after the closing quote of the string that starts at `at`. Both quotes are escaped, or
/// neither.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const bool escaped = at > 0 && text[at - 1] == '\\';
  std::size_t end = text.find(text[at], at + 1);
  while (end != std::string_view::npos && (text[end - 1] == '\\') != escaped)
    end = text.find(text[at], end + 1);
  return std::min(end, text.size() - 1) + 1;
}

/// The length of the indented lines at the start of the text.
std::size_t indented_length(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\n'))
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return end;
}

/// The length of the value after a sign, with its quotes. After a colon or a space it may contain spaces;
/// after a line break, or in a YAML block, it is indented.
std::size_t value_length(std::string_view text, char sign) {
  const std::size_t at = std::min(text.find_first_not_of(" \\"), text.size());
  if (at == text.size()) return at;
  if (sign == '>') return std::min(text.find('<'), text.size());
  if (text[at] == '"' || text[at] == '\'') return quoted_end(text, at);
  const bool spans_line = sign == ':' || at > 0;
  const std::size_t end =
      std::min(text.find_first_of(spans_line ? "\r\n" : " \t\r\n\"',;&", at), text.size());
  if (sign != ':' || (end > at && text[at] != '|' && text[at] != '>') || end == text.size()) return end;
  const std::size_t next = text.find_first_not_of('\r', end);
  if (next == std::string_view::npos || text[next] != '\n') return end;
  return next + 1 + indented_length(text.substr(next + 1));
}

/// The last word of the text, without quotes and spaces after it.
std::string_view word_before(std::string_view text) {
  while (!text.empty() && std::string_view(" \\\"'").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  constexpr std::size_t longest = 100;
  std::size_t length = 0;
  while (length < std::min(text.size(), longest) && is_word(text[text.size() - 1 - length])) ++length;
  return text.substr(text.size() - length);
}

/// Removes the values after `password=`, `"token":` or `<password>`.
std::string without_named_values(std::string_view text) {
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char sign = text[at];
    if ((sign != ':' && sign != '=' && sign != '>') ||
        !names_secret(word_before(text.substr(from, at - from))))
      continue;
    const std::string_view value = text.substr(at + 1, value_length(text.substr(at + 1), sign));
    result.append(text.substr(from, at + 1 - from));
    if (trim(value).empty()) {
      result += value;
    } else {
      result.append(sign == ':' ? " " : "").append(masked).append(value.ends_with('\n') ? "\n" : "");
    }
    from = at + 1 + value.size();
    at = from - 1;
  }
  return result.append(text.substr(from));
}

}  // namespace

bool names_secret(std::string_view name) {
  constexpr std::array suffixes{"token",       "tokens",        "password",      "passwords", "passwd",
                                "passphrase",  "authorization", "cookie",        "keydata",   "privatekey",
                                "apikey",      "accesskey",     "secretkey",     "secret",    "signingkey",
                                "credentials", "encryptionkey", "certificatekey"};
  std::string letters = to_lower(name);
  std::erase_if(letters, [](char c) { return !is_alnum(c); });
  // A volume's `secret` is only a reference; `auth` is a registry's login.
  if (letters == "secret" || letters == "auth") return letters == "auth";
  return std::ranges::any_of(suffixes, [&](const char* suffix) { return letters.ends_with(suffix); });
}

std::string masked_text(std::string_view text) {
  std::string result = mask_private_keys(text);
  result = without_user_info(result);
  result = without_tokens(result);
  return without_named_values(result);
}

}  // namespace egress::kube
