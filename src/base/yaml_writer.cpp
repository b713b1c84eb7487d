#include <algorithm>
#include <utility>

#include "egress/base/yaml.hpp"

namespace egress {
namespace {

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

/// True where a reader of YAML 1.1 would take the bare text for something else than this text.
bool needs_quotes(const std::string& text) {
  if (!resolve_plain_scalar(text).is_string()) return true;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return true;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<").find(text.front()) != std::string_view::npos) {
    const bool bare_sign = (text.front() == '-' || text.front() == '?' || text.front() == ':') &&
                           text.size() > 1 && text[1] != ' ' && !text.starts_with("---");
    if (!bare_sign) return true;
  }
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return true;
  // Dates and base-60 numbers are text to client-go, but not to every reader.
  const bool numeric = std::ranges::all_of(
      text, [](unsigned char c) { return std::isdigit(c) || c == ':' || c == '-' || c == '.' || c == '_'; });
  return numeric || std::ranges::any_of(text, is_control);
}

/// Text of several lines that a literal block (`|`) can hold as it is.
bool fits_literal_block(const std::string& text) {
  return text.find('\n') != std::string::npos && text.front() != ' ' && text.front() != '\n' &&
         std::ranges::none_of(text, [](unsigned char c) { return is_control(c) && c != '\n'; });
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  void document(const Json& json) {
    if (is_block(json)) {
      block(json, 0, false);
    } else {
      scalar(json, 0);
      out_ += '\n';
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
      scalar(key, depth);
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
    else if (!json.is_string())
      out_ += json.dump();
    else if (json.as_string().empty())
      out_ += "\"\"";
    else if (fits_literal_block(json.as_string()))
      literal(json.as_string(), depth);
    else
      out_ += needs_quotes(json.as_string()) ? json.dump() : json.as_string();
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
