#include <algorithm>
#include <cmath>
#include <utility>

#include "egress/base/digest.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress {
namespace {

/// The UTF-8 characters of a text, one after the other; a byte that is none stands for itself.
template <typename Use>
void for_each_character(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
    use(character);
    text.remove_prefix(character.size());
  }
}

/// The escape of a character that JSON may hold bare and YAML may not: DEL, the controls from U+0080 on, the
/// line and paragraph separators, the byte-order mark. Empty for any other.
std::string escape_of(std::string_view character) {
  if (character == "\x7f") return "\\u007F";
  if (character == "\u2028") return "\\u2028";
  if (character == "\u2029") return "\\u2029";
  if (character == "\ufeff") return "\\uFEFF";
  const bool high_control = character.size() == 2 && character.front() == '\xc2' &&
                            static_cast<unsigned char>(character.back()) < 0xa0;
  return high_control ? "\\u00" + hex(character.substr(1)) : "";
}

/// Double-quoted: JSON's form of a text is YAML's too, but for those characters.
std::string quoted(const std::string& text) {
  std::string out;
  for_each_character(Json(text).dump(), [&](std::string_view character) {
    const std::string escape = escape_of(character);
    out += escape.empty() ? character : escape;
  });
  return out;
}

/// True where the text holds what can stand in YAML only as an escape; `but` is let pass.
bool needs_escapes(std::string_view text, std::string_view but = "") {
  bool needs = false;
  for_each_character(text, [&](std::string_view character) {
    const auto byte = static_cast<unsigned char>(character.front());
    needs = needs || (byte < 0x20 && character != but) || !escape_of(character).empty();
  });
  return needs;
}

/// True where a reader of YAML 1.1 would take the bare text for something else than this text.
bool needs_quotes(const std::string& text) {
  if (!resolve_plain_scalar(text).is_string() || needs_escapes(text)) return true;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return true;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<").find(text.front()) != std::string_view::npos) {
    const bool bare_sign = (text.front() == '-' || text.front() == '?' || text.front() == ':') &&
                           text.size() > 1 && text[1] != ' ' && !text.starts_with("---");
    if (!bare_sign) return true;
  }
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return true;
  // Dates and base-60 numbers are text to client-go, but not to every reader.
  return std::ranges::all_of(
      text, [](unsigned char c) { return std::isdigit(c) || c == ':' || c == '-' || c == '.' || c == '_'; });
}

/// Text of several lines that a literal block (`|`) can hold as it is.
bool fits_literal_block(const std::string& text) {
  return text.find('\n') != std::string::npos && text.front() != ' ' && text.front() != '\n' &&
         !needs_escapes(text, "\n");
}

std::string number(const Json& json) {
  if (std::isnan(json.as_number())) return ".nan";
  if (std::isinf(json.as_number())) return json.as_number() < 0 ? "-.inf" : ".inf";
  return json.dump();
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  void document(const Json& json) {
    if (is_block(json)) {
      block(json, 0, false);
    } else {
      scalar(json, 2);
      if (out_.back() != '\n') out_ += '\n';
    }
  }

 private:
  static bool is_block(const Json& json) {
    return (json.is_array() && !json.items().empty()) || (json.is_object() && !json.members().empty());
  }

  void indent(std::size_t depth) { out_.append(depth, ' '); }

  /// A map or a sequence; inline_first where its first line goes on after "- ".
  void block(const Json& json, std::size_t depth, bool inline_first) {
    if (json.is_array()) {
      for (const Json& item : json.items()) {
        if (!std::exchange(inline_first, false)) indent(depth);
        out_ += "- ";
        value(item, depth + 2, true);
      }
      return;
    }
    for (const auto& [key, member] : json.members()) {
      if (!std::exchange(inline_first, false)) indent(depth);
      out_ += key.empty() || needs_quotes(key) ? quoted(key) : key;
      out_ += ':';
      // A sequence stands at its key's own column; a map two further in.
      const bool nested = is_block(member);
      if (nested) out_ += '\n';
      if (!nested) out_ += ' ';
      value(member, member.is_array() ? depth : depth + 2, !nested);
    }
  }

  void value(const Json& json, std::size_t depth, bool inline_first) {
    if (is_block(json)) {
      block(json, depth, inline_first);
    } else {
      scalar(json, depth);
      if (out_.back() != '\n') out_ += '\n';
    }
  }

  void scalar(const Json& json, std::size_t depth) {
    if (json.is_array())
      out_ += "[]";
    else if (json.is_object())
      out_ += "{}";
    else if (json.is_number())
      out_ += number(json);
    else if (!json.is_string())
      out_ += json.dump();
    else if (json.as_string().empty())
      out_ += "\"\"";
    else if (fits_literal_block(json.as_string()))
      literal(json.as_string(), depth);
    else
      out_ += needs_quotes(json.as_string()) ? quoted(json.as_string()) : json.as_string();
  }

  void literal(const std::string& text, std::size_t depth) {
    const std::size_t last = text.find_last_not_of('\n');
    const std::size_t newlines = last == std::string::npos ? text.size() : text.size() - last - 1;
    out_ += newlines == 0 ? "|-\n" : newlines == 1 ? "|\n" : "|+\n";
    std::size_t from = 0;
    while (from < text.size()) {
      const std::size_t end = std::min(text.find('\n', from), text.size());
      if (end > from) indent(depth);
      out_.append(text, from, end - from);
      out_ += '\n';
      from = end + 1;
    }
  }

  std::string out_;
};

}  // namespace

std::string to_yaml(const Json& json) {
  Writer writer;
  writer.document(json);
  return writer.take();
}

std::string to_yaml(const std::vector<Json>& documents) {
  std::string out;
  for (const Json& document : documents) {
    if (!out.empty()) out += "---\n";
    out += to_yaml(document);
  }
  return out;
}

}  // namespace egress
