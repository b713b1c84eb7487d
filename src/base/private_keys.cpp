#include "egress/base/private_keys.hpp"

#include <algorithm>
#include <optional>

namespace egress {
namespace {

constexpr std::string_view key_mark = "PRIVATE KEY";
constexpr std::string_view blanks = " \t\r\n";

/// From "-----BEGIN … PRIVATE KEY" to the end of the block, or of the text where that is missing.
std::string mask_pem_keys(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view end = "-----END ";
  constexpr std::size_t max_label_length = 64;
  std::string result;
  for (;;) {
    const std::size_t mark = text.find(key_mark);
    if (mark == std::string_view::npos) return result.append(text);
    const std::size_t start = text.rfind(begin, mark);
    if (start == std::string_view::npos || mark - start > max_label_length) {
      result += text.substr(0, mark + key_mark.size());
      text.remove_prefix(mark + key_mark.size());
      continue;
    }
    result.append(text.substr(0, start)).append(masked);
    const std::size_t end_mark = text.find(end, mark);
    const std::size_t label = end_mark == std::string_view::npos ? end_mark : end_mark + end.size();
    const std::size_t dashes = label == std::string_view::npos ? label : text.find("-----", label);
    if (dashes == std::string_view::npos) return result;
    text.remove_prefix(dashes + 5);
  }
}

/// The six bits of a digit of base64, in the standard alphabet or that of URLs.
std::optional<unsigned> six_bits(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return std::nullopt;
}

std::string decode_digits(std::string_view digits) {
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : digits) {
    buffer = (buffer << 6U | six_bits(c).value_or(0)) & 0xffffU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> static_cast<unsigned>(bits) & 0xffU);
  }
  return bytes;
}

/// A line end inside base64, as such or as JSON writes it; its length.
std::size_t line_end(std::string_view text) {
  if (text.starts_with("\\n") || text.starts_with("\\r")) return 2;
  return !text.empty() && blanks.find(text.front()) != std::string_view::npos ? 1 : 0;
}

/// The digits of base64 that the text begins with, without line ends, and how much of the text they are.
struct Base64Run {
  std::string digits;
  std::size_t length = 0;
};

Base64Run read_base64_run(std::string_view text) {
  Base64Run run;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t skipped = line_end(text.substr(at));
    if (skipped == 0 && !six_bits(text[at])) break;
    if (skipped == 0) run.digits += text[at];
    at += std::max<std::size_t>(skipped, 1);
    run.length = at;
  }
  while (run.length < text.size() && text[run.length] == '=') ++run.length;
  return run;
}

std::string mask_wrapped_keys(std::string_view text, int depth);

/// True where the digits hold a private key; where in them it begins is not known.
bool contains_key(std::string_view digits, int depth) {
  constexpr std::size_t min_length = 16;
  for (std::size_t from = 0; from < 4 && digits.size() >= min_length + from; ++from) {
    const std::string bytes = decode_digits(digits.substr(from));
    if (bytes.find(key_mark) != std::string::npos) return true;
    if (depth > 0 && mask_wrapped_keys(bytes, depth - 1) != bytes) return true;
  }
  return false;
}

/// Without base64 that holds a private key, or base64 of such to that depth.
std::string mask_wrapped_keys(std::string_view text, int depth) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Base64Run run = read_base64_run(text.substr(at));
    const std::size_t length = std::max<std::size_t>(run.length, 1);
    result += contains_key(run.digits, depth) ? masked : text.substr(at, length);
    at += length;
  }
  return result;
}

}  // namespace

std::string mask_private_keys(std::string_view text) {
  // Base64 in base64: a kubeconfig that is kept in a Secret.
  constexpr int depth = 1;
  return mask_wrapped_keys(mask_pem_keys(text), depth);
}

}  // namespace egress
