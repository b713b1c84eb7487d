#include <algorithm>
#include <array>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

constexpr std::size_t indent = 4;

/// The escape of a character that JSON, or an HTML page around it, does not take as it is; empty for others.
std::string escape(std::string_view character) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (character == "\u2028") return "\\u2028";
  if (character == "\u2029") return "\\u2029";
  const auto byte = static_cast<unsigned char>(character.front());
  switch (byte) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '<':
    case '>':
    case '&':
      break;
    default:
      if (byte >= 0x20) return "";
  }
  return {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 0xfU]};
}

/// Compact where there is no indent; else a line for each member and item.
class Writer {
 public:
  explicit Writer(bool is_indented) : is_indented_(is_indented) {}

  std::string result() { return std::move(out_); }

  void write_value(const Json& json, std::size_t depth) {
    if (json.is_array())
      write_block('[', json.items(), depth, ']', [&](const Json& item) { write_value(item, depth + 1); });
    else if (json.is_object())
      write_block('{', json.members(), depth, '}', [&](const auto& member) {
        write_text(member.first);
        out_ += is_indented_ ? ": " : ":";
        write_value(member.second, depth + 1);
      });
    else if (json.is_string())
      write_text(json.as_string());
    else if (json.is_integer())
      out_ += std::to_string(json.as_integer());
    else if (json.is_number())
      out_ += go_json_number(json.as_number());
    else
      out_ += json.dump();
  }

 private:
  template <typename Elements, typename WriteElement>
  void write_block(char open, const Elements& elements, std::size_t depth, char close,
                   WriteElement write_element) {
    out_ += open;
    for (const auto& element : elements) {
      if (&element != &elements.front()) out_ += ',';
      newline(depth + 1);
      write_element(element);
    }
    if (!elements.empty()) newline(depth);
    out_ += close;
  }

  void newline(std::size_t depth) {
    if (!is_indented_) return;
    out_ += '\n';
    out_.append(depth * indent, ' ');
  }

  void write_text(std::string_view text) {
    out_ += '"';
    while (!text.empty()) {
      const std::size_t length = utf8_length(text);
      const std::string escaped = length == 0 ? "\\ufffd" : escape(text.substr(0, length));
      out_ += escaped.empty() ? text.substr(0, length) : escaped;
      text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    out_ += '"';
  }

  bool is_indented_;
  std::string out_;
};

}  // namespace

std::string go_json(const Json& json) {
  Writer writer(false);
  writer.write_value(json.sorted(), 0);
  return writer.result();
}

std::string go_json_indented(const Json& json) {
  Writer writer(true);
  writer.write_value(json, 0);
  return writer.result();
}

}  // namespace egress
